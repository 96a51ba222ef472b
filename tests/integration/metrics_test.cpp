// The metrics page of a running server: its form, what it counts, and its description in the documents.
#include "support/metric_page.hpp"
#include "support/serving_check.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace postback::testing {
namespace {

using Labels = std::map<std::string, std::string>;

MetricPage page_of(const TestServer& server) {
  const auto answer = server.exchange(request_text("GET", "/metrics"));
  EXPECT_EQ(answer.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  for (const auto& finding : lint_metrics(answer.body)) ADD_FAILURE() << finding;
  return read_metric_page(answer.body);
}

double requests(const MetricPage& page, const char* route, const char* method, const char* status) {
  return page.value("postbackd_http_requests_total", {{"route", route}, {"method", method}, {"status", status}});
}

/// Requests of each route, and how many durations there are of it.
void expect_a_duration_for_each_request(const MetricPage& page) {
  std::map<std::string, double> counts;
  for (const auto& sample : page.family("postbackd_http_requests_total")->samples)
    counts[sample.labels.at("route")] += sample.value;
  for (const auto& sample : page.family("postbackd_http_request_duration_seconds")->samples)
    if (sample.name.ends_with("_count")) {
      const auto& route = sample.labels.at("route");
      EXPECT_EQ(sample.value, counts.contains(route) ? counts.at(route) : 0) << route;
    }
}

/// Some of everything; two clicks, two postbacks.
void send_traffic(const TestServer& server, const std::string& token) {
  const auto click = server.click("zone=7");
  server.click();
  const auto postback = "/postback/acme?token=" + token + "&click_id=" + click;
  server.exchange(request_text("GET", postback));
  server.exchange(request_text("HEAD", postback), Asked::head);
  server.exchange(request_text("GET", "/postback/no/such/network"));
  server.exchange(request_text("HEAD", "/healthz"), Asked::head);
  server.exchange(request_text("OPTIONS", "/healthz"));
  server.exchange(request_text("DELETE", "/healthz"));
  server.exchange(request_text("SPECIAL", "/secret-of-a-visitor"));
  server.exchange(request_text("GET", "/c/secret-of-a-visitor"));
  server.exchange("GET / HTTP/1.1\r\n\r\n");
  server.get("/api/v1/networks/acme");
  server.get("/api/v1/networks/secret-of-a-visitor");
  auto client = server.connect();
  client.send(request_text("GET", "/healthz") + request_text("GET", "/nothing") + request_text("GET", "/healthz"));
  for (int i = 0; i < 3; ++i) client.read_response();
}

TEST(Metrics, CountWhatWasAskedAndAnswered) {
  const TestServer server;
  const auto token = server.example_catalog();
  send_traffic(server, token);
  const auto page = page_of(server);
  EXPECT_EQ(requests(page, "/c/{campaign}", "GET", "302"), 2);
  EXPECT_EQ(requests(page, "/c/{campaign}", "GET", "404"), 1);
  EXPECT_EQ(requests(page, "/postback/{network}", "GET", "200"), 1);
  EXPECT_EQ(requests(page, "/postback/{network}", "GET", "404"), 1);
  EXPECT_EQ(requests(page, "unmatched", "HEAD", "405"), 1) << "a postback by HEAD";
  EXPECT_EQ(requests(page, "/healthz", "GET", "200"), 2);
  EXPECT_EQ(requests(page, "/healthz", "HEAD", "200"), 1);
  EXPECT_EQ(requests(page, "unmatched", "OPTIONS", "204"), 1);
  EXPECT_EQ(requests(page, "unmatched", "DELETE", "405"), 1);
  EXPECT_EQ(requests(page, "unmatched", "GET", "404"), 1);
  EXPECT_EQ(requests(page, "unmatched", "other", "501"), 1) << "an unknown method";
  EXPECT_EQ(requests(page, "unmatched", "other", "400"), 1) << "refused: no Host";
  EXPECT_EQ(requests(page, "/api/v1/networks/{id}", "GET", "200"), 1);
  EXPECT_EQ(requests(page, "/api/v1/networks/{id}", "GET", "404"), 1);
  EXPECT_EQ(requests(page, "/api/v1/networks/{id}", "PUT", "201"), 1);
  expect_a_duration_for_each_request(page);
  EXPECT_EQ(page.value("postbackd_clicks_total"), 2);
  EXPECT_EQ(page.value("postbackd_postbacks_total", {{"code", "converted"}}), 1);
  EXPECT_EQ(page.value("postbackd_batch_size_items_count"), page.value("postbackd_batches_total"));
  EXPECT_EQ(page.value("postbackd_batch_size_items_sum"), page.value("postbackd_batch_items_total"));
  EXPECT_GE(page.value("postbackd_commit_duration_seconds_count"), page.value("postbackd_batches_total"));
  EXPECT_GT(page.value("postbackd_commit_duration_seconds_sum"), 0);
  EXPECT_EQ(page.value("postbackd_requests_refused_total"), 2) << "no Host, unknown method";
  for (const auto* queue : {"postbackd_queue_items", "postbackd_lookup_queue_items", "postbackd_api_queue_items",
                            "postbackd_log_queue_items"})
    EXPECT_EQ(page.value(queue), 0) << queue;
  EXPECT_EQ(server.exchange(request_text("GET", "/metrics")).body.find("secret"), std::string::npos);
  EXPECT_EQ(requests(page_of(server), "/metrics", "GET", "200"), 2) << "a page does not count itself";
}

TEST(Metrics, DurationsHoldTheCommit) {
  const TestServer server;
  server.example_catalog();
  for (int i = 0; i < 20; ++i) server.click();
  const auto page = page_of(server);
  const Labels route{{"route", "/c/{campaign}"}};
  const auto sum = page.value("postbackd_http_request_duration_seconds_sum", route);
  EXPECT_EQ(page.value("postbackd_http_request_duration_seconds_count", route), 20);
  EXPECT_GT(sum, 0);
  EXPECT_LT(sum, 20 * 20.0) << "seconds";
}

TEST(Metrics, ThreadsAddUp) {
  const TestServer server([](AppOptions& options) { options.io_threads = 4; });
  constexpr int kClients = 8;
  constexpr int kRequests = 50;
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i)
    clients.emplace_back([&server] {
      for (int n = 0; n < kRequests; ++n) server.exchange(request_text("GET", "/healthz"));
    });
  for (auto& client : clients) client.join();
  const auto page = page_of(server);
  EXPECT_EQ(requests(page, "/healthz", "GET", "200"), kClients * kRequests);
  expect_a_duration_for_each_request(page);
}

TEST(Metrics, TellOfTheProcess) {
  const auto before = std::time(nullptr);
  const TestServer server;
  const auto page = page_of(server);
  EXPECT_GT(page.value("process_cpu_seconds_total"), 0);
  EXPECT_GT(page.value("process_resident_memory_bytes"), 1 << 20);
  EXPECT_GT(page.value("process_virtual_memory_bytes"), page.value("process_resident_memory_bytes"));
  EXPECT_GT(page.value("process_open_fds"), 5);
  EXPECT_GE(page.value("process_max_fds"), page.value("process_open_fds"));
  const auto start = page.value("process_start_time_seconds");
  EXPECT_LT(start, static_cast<double>(before) + 2) << "the kernel's start of time is rounded to seconds";
  EXPECT_GT(start, static_cast<double>(before) - 24 * 3600);
}

std::string operating() {
  std::ifstream file(std::string(POSTBACK_SOURCE_DIR) + "/docs/operating.md", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::smatch> matches(const std::string& text, const std::regex& expression) {
  return {std::sregex_iterator(text.begin(), text.end(), expression), std::sregex_iterator()};
}

/// A family as the document's table says it: `name | type | labels`.
std::string row_of(const MetricFamilyText& family) {
  std::string labels;
  for (const auto& label : family.label_names()) labels += " " + label;
  return family.name + " | " + family.type + " |" + labels;
}

TEST(Metrics, AreDescribedWithTypeAndLabelsAndNoOther) {
  const TestServer server;
  server.settle();  // so that there is a request to count
  std::set<std::string> served;
  for (const auto& family : page_of(server).families) served.insert(row_of(family));
  std::set<std::string> described;
  const auto document = operating();
  for (const auto& row : matches(document, std::regex(R"(\n\| `(\w+)` \| (counter|gauge|histogram) \|([^|]*)\|)"))) {
    std::set<std::string> labels;
    const std::string cell = row[3];
    for (const auto& label : matches(cell, std::regex("`(\\w+)`"))) labels.insert(label[1]);
    std::string text = row[1].str() + " | " + row[2].str() + " |";
    for (const auto& label : labels) text += " " + label;
    described.insert(text);
  }
  EXPECT_EQ(described, served);
}

/// The family of a series in an expression; histograms are asked for by their series.
const MetricFamilyText* family_of(const MetricPage& page, const std::string& series) {
  if (const auto* family = page.family(series)) return family;
  for (const auto* suffix : {"_bucket", "_sum", "_count"})
    if (series.ends_with(suffix))
      if (const auto* family = page.family(series.substr(0, series.size() - std::string(suffix).size())))
        return family->type == "histogram" ? family : nullptr;
  return nullptr;
}

TEST(Metrics, AlertsAskForWhatExists) {
  const TestServer server;
  server.settle();
  const auto page = page_of(server);
  const auto document = operating();
  const auto alerts = document.substr(document.find("### What to alert on"));
  std::size_t found = 0;
  for (const auto& match : matches(alerts, std::regex(R"re(((postbackd|process)_\w+)(\{[^`]*?"\})?)re"))) {
    ++found;
    const auto* const family = family_of(page, match[1]);
    ASSERT_NE(family, nullptr) << match[1];
    const std::string selector = match[3];
    for (const auto& label : matches(selector, std::regex(R"re([{,](\w+)(?:=|!=)"([^"]*)")re"))) {
      EXPECT_TRUE(family->label_names().contains(label[1])) << match[0];
      if (label[1] != "route") continue;
      EXPECT_NO_THROW(page.value("postbackd_http_request_duration_seconds_count", {{"route", label[2]}})) << label[2];
    }
  }
  EXPECT_GT(found, 10U);
}

}  // namespace
}  // namespace postback::testing
