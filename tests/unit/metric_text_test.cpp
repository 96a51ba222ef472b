// Writing metrics pages, and the counts behind them.
#include "postback/base/metric_text.hpp"
#include "net/request_figures.hpp"
#include "postback/http/response.hpp"
#include "support/metric_page.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <utility>

namespace postback {
namespace {

TEST(MetricText, WritesFamiliesAndSamples) {
  std::string page;
  MetricText text(page);
  const MetricLabel labels[] = {{"a", "x"}, {"b", "1 \"2\" \\3\n4"}};
  text.family("f_total", MetricType::counter, "One \"line\" \\ and\nanother.").sample(labels, 7).sample(8);
  text.gauge("g", "Text.", 0);
  EXPECT_EQ(page,
            "# HELP f_total One \"line\" \\\\ and\\nanother.\n# TYPE f_total counter\n"
            "f_total{a=\"x\",b=\"1 \\\"2\\\" \\\\3\\n4\"} 7\nf_total 8\n"
            "# HELP g Text.\n# TYPE g gauge\ng 0\n");
  EXPECT_TRUE(testing::lint_metrics(page).empty());
}

TEST(MetricText, WritesNumbersWithoutRounding) {
  const std::vector<std::pair<std::uint64_t, std::string>> rows = {
      {0, "0"},
      {1, "0.000000001"},
      {50'000, "0.00005"},
      {999'999'999, "0.999999999"},
      {1'000'000'000, "1"},
      {12'500'000'000, "12.5"},
      {std::numeric_limits<std::uint64_t>::max(), "18446744073.709551615"},
  };
  for (const auto& [value, expected] : rows) {
    std::string page;
    MetricText(page).gauge("g", "Text.", value, 9);
    EXPECT_TRUE(page.ends_with("\ng " + expected + "\n")) << page;
  }
  std::string page;
  MetricText(page).gauge("g", "Text.", 100);
  EXPECT_TRUE(page.ends_with("\ng 100\n")) << page;
}

TEST(MetricText, BoundsOfHistogramsAreInclusive) {
  static constexpr std::array<std::uint64_t, 3> kBounds = {1, 2, 4};
  Histogram<3> histogram(kBounds);
  for (const std::uint64_t value : {0U, 1U, 2U, 3U, 4U, 5U, 1000U}) histogram.observe(value);
  std::string page;
  const MetricLabel label{"route", "/"};
  MetricText(page).family("h", MetricType::histogram, "Text.").histogram({&label, 1}, kBounds, histogram.read());
  EXPECT_EQ(page,
            "# HELP h Text.\n# TYPE h histogram\nh_bucket{route=\"/\",le=\"1\"} 2\nh_bucket{route=\"/\",le=\"2\"} 3\n"
            "h_bucket{route=\"/\",le=\"4\"} 5\nh_bucket{route=\"/\",le=\"+Inf\"} 7\nh_sum{route=\"/\"} 1015\n"
            "h_count{route=\"/\"} 7\n");
  EXPECT_TRUE(testing::lint_metrics(page).empty());
}

http::Route route(http::Method method, std::string pattern, std::string label = {}) {
  return {method, std::move(pattern), 0, [](http::Exchange&, const http::PathValues&) {}, true, std::move(label)};
}

TEST(RequestFigures, LabelsComeFromPatternsOrAreGiven) {
  using http::Method;
  EXPECT_EQ(label_of(route(Method::get, "/c/{}", "/c/{campaign}")), "/c/{campaign}");
  EXPECT_EQ(label_of(route(Method::get, "/api/v1/clicks/{}")), "/api/v1/clicks/{id}");
  EXPECT_EQ(label_of(route(Method::get, "/a/{}/b/{*}")), "/a/{id}/b/{rest}");
  EXPECT_EQ(label_of(route(Method::get, "/metrics")), "/metrics");
}

TEST(RequestFigures, AddUpOverRoutesAndThreads) {
  using http::Method;
  using std::chrono::milliseconds;
  const std::vector<http::Route> routes = {route(Method::get, "/a/{}"), route(Method::put, "/a/{}"),
                                           route(Method::get, "/b")};
  net::RequestFigures one(routes);
  net::RequestFigures two(routes);
  one.note(&routes[0], Method::get, 200, milliseconds{1});
  one.note(&routes[0], Method::head, 200, milliseconds{1});
  one.note(&routes[1], Method::put, 201, milliseconds{30'000});
  two.note(&routes[0], Method::get, 200, milliseconds{-1});
  two.note(nullptr, Method::other, 404, milliseconds{2});
  two.note(nullptr, Method::other, 299, milliseconds{2});
  std::vector<net::RouteReading> readings;
  one.add_to(readings);
  two.add_to(readings);
  ASSERT_EQ(readings.size(), 3U);
  EXPECT_EQ(readings[0].label, "unmatched");
  EXPECT_EQ(readings[1].label, "/a/{id}");
  EXPECT_EQ(readings[2].label, "/b");
  const auto requests = [&](std::size_t reading, Method method, int status) {
    std::uint64_t sum = 0;
    for (const auto& count : readings[reading].counts)
      if (count.method == method && count.status == status) sum += count.requests;
    return sum;
  };
  EXPECT_EQ(requests(0, Method::other, 404), 1U);
  EXPECT_EQ(requests(0, Method::other, 0), 1U) << "a status without a name";
  EXPECT_EQ(requests(1, Method::get, 200), 2U);
  EXPECT_EQ(requests(1, Method::head, 200), 1U);
  EXPECT_EQ(requests(1, Method::put, 201), 1U);
  EXPECT_EQ(readings[1].counts.size(), 3U);
  EXPECT_EQ(readings[1].durations.counts.front(), 1U) << "a clock that goes back counts as no time";
  EXPECT_EQ(readings[1].durations.counts.back(), 1U);
  EXPECT_EQ(readings[1].durations.sum, 30'002'000'000U);
  EXPECT_TRUE(readings[2].counts.empty());
}

TEST(RequestFigures, KnowEveryStatusThatHasAName) {
  const std::vector<http::Route> routes = {route(http::Method::get, "/")};
  net::RequestFigures figures(routes);
  std::size_t named = 0;
  for (int status = 100; status < 600; ++status) {
    if (http::reason_phrase(status) == "Unknown") continue;
    ++named;
    figures.note(&routes[0], http::Method::get, status, {});
  }
  std::vector<net::RouteReading> readings;
  figures.add_to(readings);
  ASSERT_EQ(readings.size(), 2U);
  EXPECT_EQ(readings[1].counts.size(), named);
  for (const auto& count : readings[1].counts) EXPECT_NE(count.status, 0);
}

}  // namespace
}  // namespace postback
