// The lint of metrics pages: every rule finds what breaks it.
#include "support/metric_page.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace postback::testing {
namespace {

const std::string kHead = "# HELP a_total Text.\n# TYPE a_total counter\n";

std::string gauge(const std::string& name) {
  return "# HELP " + name + " Text.\n# TYPE " + name + " gauge\n" + name + " 1\n";
}

std::string histogram(const std::string& samples) {
  return "# HELP h_seconds Text.\n# TYPE h_seconds histogram\n" + samples;
}

TEST(MetricLint, FindsNothingInAGoodPage) {
  const auto page = gauge("a_bytes") + kHead + "a_total{b=\"x\\\"y\\\\z\\n\",c=\"\"} 1\na_total{b=\"w\"} 2e3\n" +
                    histogram(
                        "h_seconds_bucket{le=\"0.5\"} 1\nh_seconds_bucket{le=\"+Inf\"} 3\nh_seconds_sum 2.5\n"
                        "h_seconds_count 3\nh_seconds_bucket{route=\"/\",le=\"+Inf\"} 0\n"
                        "h_seconds_sum{route=\"/\"} 0\nh_seconds_count{route=\"/\"} 0\n");
  for (const auto& finding : lint_metrics(page)) ADD_FAILURE() << finding;
  const auto read = read_metric_page(page);
  EXPECT_EQ(read.value("a_total", {{"b", "x\"y\\z\n"}, {"c", ""}}), 1);
  EXPECT_EQ(read.value("a_total", {{"b", "w"}}), 2000);
  EXPECT_EQ(read.family("h_seconds")->label_names(), std::set<std::string>{"route"});
}

struct BadPage {
  const char* name;
  std::string page;
  const char* finding;
};

const std::vector<BadPage>& bad_pages() {
  static const std::vector<BadPage> pages = {
      {"capital letters", gauge("a_Bytes"), "is not valid"},
      {"a digit first", gauge("1_bytes"), "is not valid"},
      {"a hyphen", gauge("a-bytes"), "is not valid"},
      {"a colon", gauge("a:bytes"), "colons"},
      {"a counter without _total", "# HELP a Text.\n# TYPE a counter\na 1\n", "ends in _total"},
      {"a gauge with _total", gauge("a_total"), "only a counter"},
      {"a gauge with _count", gauge("a_count"), "is for histograms"},
      {"the type in the name", gauge("a_gauge_bytes"), "no part of the name"},
      {"milliseconds", gauge("a_milliseconds"), "units are"},
      {"a short unit", gauge("a_ms"), "units are"},
      {"kilobytes", gauge("a_kilobytes"), "units are"},
      {"no help", "# TYPE a_total counter\na_total 1\n", "no help"},
      {"an empty help", "# HELP a_total \n# TYPE a_total counter\na_total 1\n", "no help"},
      {"no type", "# HELP a_total Text.\na_total 1\n", "is not known"},
      {"an unknown type", "# HELP a Text.\n# TYPE a thing\na 1\n", "is not known"},
      {"help twice", "# HELP a_total Text.\n" + kHead + "a_total 1\n", "twice"},
      {"type twice", kHead + "# TYPE a_total counter\na_total 1\n", "twice"},
      {"type after the sample", "# HELP a_total Text.\na_total 1\n# TYPE a_total counter\n", "after its samples"},
      {"no family", "a_total 1\n", "does not follow"},
      {"another family's sample", kHead + "b_total 1\n", "does not follow"},
      {"a family torn apart", kHead + "a_total 1\n" + gauge("b") + "a_total{c=\"d\"} 1\n", "does not follow"},
      {"a family begun anew", kHead + "a_total 1\n" + gauge("b") + kHead, "torn apart"},
      {"a series twice", kHead + "a_total 1\na_total 2\n", "stands twice"},
      {"the same labels in another order", kHead + "a_total{b=\"1\",c=\"2\"} 1\na_total{c=\"2\",b=\"1\"} 2\n",
       "stands twice"},
      {"a label twice", kHead + "a_total{b=\"1\",b=\"2\"} 1\n", "stands twice"},
      {"a label's name", kHead + "a_total{b-c=\"1\"} 1\n", "label name"},
      {"a reserved label", kHead + "a_total{__b=\"1\"} 1\n", "label name"},
      {"a label without a value", kHead + "a_total{b} 1\n", "without a value"},
      {"an unquoted value", kHead + "a_total{b=1} 1\n", "not quoted"},
      {"a value that does not end", kHead + "a_total{b=\"1} 1\n", "does not end"},
      {"an unknown escape", kHead + "a_total{b=\"\\t\"} 1\n", "escape"},
      {"labels that do not end", kHead + "a_total{b=\"1\" 1\n", "do not end"},
      {"le without a histogram", kHead + "a_total{le=\"1\"} 1\n", "label le"},
      {"quantile", kHead + "a_total{quantile=\"1\"} 1\n", "label quantile"},
      {"no number", kHead + "a_total x\n", "not one number"},
      {"a timestamp", kHead + "a_total 1 1700000000000\n", "not one number"},
      {"a negative counter", kHead + "a_total -1\n", "negative"},
      {"no value", kHead + "a_total\n", "without a value"},
      {"an empty line", kHead + "\na_total 1\n", "without a value"},
      {"a comment", "# Text.\n" + kHead + "a_total 1\n", "neither HELP nor TYPE"},
      {"no last line feed", kHead + "a_total 1", "last line"},
      {"no +Inf", histogram("h_seconds_bucket{le=\"1\"} 1\nh_seconds_sum 1\nh_seconds_count 1\n"), "is +Inf"},
      {"+Inf is not the count", histogram("h_seconds_bucket{le=\"+Inf\"} 2\nh_seconds_sum 1\nh_seconds_count 1\n"),
       "is not the count"},
      {"not cumulative",
       histogram("h_seconds_bucket{le=\"1\"} 2\nh_seconds_bucket{le=\"+Inf\"} 1\nh_seconds_sum 1\nh_seconds_count 1\n"),
       "not cumulative"},
      {"not ascending",
       histogram("h_seconds_bucket{le=\"2\"} 0\nh_seconds_bucket{le=\"1\"} 0\nh_seconds_bucket{le=\"+Inf\"} 1\n"
                 "h_seconds_sum 1\nh_seconds_count 1\n"),
       "not ascending"},
      {"no sum", histogram("h_seconds_bucket{le=\"+Inf\"} 1\nh_seconds_count 1\n"), "one sum"},
      {"no count", histogram("h_seconds_bucket{le=\"+Inf\"} 1\nh_seconds_sum 1\n"), "one count"},
      {"a bucket without le", histogram("h_seconds_bucket 1\nh_seconds_sum 1\nh_seconds_count 1\n"), "label le"},
      {"a histogram's bare name", histogram("h_seconds 1\n"), "does not follow"},
  };
  return pages;
}

TEST(MetricLint, FindsWhatIsWrong) {
  for (const auto& bad : bad_pages()) {
    const auto findings = lint_metrics(bad.page);
    const auto named = [&](const std::string& finding) { return finding.find(bad.finding) != std::string::npos; };
    EXPECT_TRUE(std::ranges::any_of(findings, named)) << bad.name;
  }
}

}  // namespace
}  // namespace postback::testing
