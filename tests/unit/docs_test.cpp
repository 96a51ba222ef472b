// The documents against the code: verdict codes, limits, keys and links.
#include "api/catalog_transfer.hpp"
#include "api/click_import.hpp"
#include "app/config_keys.hpp"
#include "postback/api/routes.hpp"
#include "postback/app/app.hpp"
#include "postback/domain/verdict.hpp"
#include "postback/tracking/tracking.hpp"
#include "support/source_tree.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace postback {
namespace {

using tidy::SourceFile;
using Table = std::map<std::string, std::string>;

const std::vector<SourceFile>& documents() {
  static const auto found = [] {
    auto files = tidy::read_tree(POSTBACK_SOURCE_DIR);
    std::erase_if(files, [](const SourceFile& file) {
      return !file.path.ends_with(".md") || !(file.is_below("docs/") || file.path == "README.md");
    });
    return files;
  }();
  return found;
}

std::string document(std::string_view path) {
  const auto& files = documents();
  const auto found = std::ranges::find(files, path, &SourceFile::path);
  return found == files.end() ? std::string() : found->text;
}

/// The rows "| `name` | value |..." of all tables of a document.
Table rows_of(const std::string& text) {
  Table rows;
  const std::regex row(R"(\n\| `([^`]+)` \| ([^|]*) \|)");
  for (std::sregex_iterator match(text.begin(), text.end(), row); match != std::sregex_iterator(); ++match)
    EXPECT_TRUE(rows.emplace((*match)[1], (*match)[2]).second) << (*match)[1] << " stands twice";
  return rows;
}

std::string text_of(std::size_t value) { return std::to_string(value); }

/// A value and the key that it must have, as JSON.
template <class Value>
std::pair<std::string, Json> keyed(const char* key, const Value& value) {
  if constexpr (std::is_same_v<Value, std::chrono::milliseconds>) {
    return {key, value.count()};
  } else {
    return {key, value};
  }
}
using Defaults = std::map<std::string, Json>;

// Every member by name: a new one does not compile until it is listed here, and fails until it has a key.

Defaults server_limits() {
  const auto [connections, request_line_bytes, header_bytes, header_fields, pipelined_requests, header_timeout,
              request_timeout, idle_timeout, write_timeout, linger_timeout] = net::ServerLimits{};
  return {keyed("http.connections", connections),
          keyed("http.request_line_bytes", request_line_bytes),
          keyed("http.header_bytes", header_bytes),
          keyed("http.header_fields", header_fields),
          keyed("http.pipelined_requests", pipelined_requests),
          keyed("http.header_timeout_ms", header_timeout),
          keyed("http.request_timeout_ms", request_timeout),
          keyed("http.idle_timeout_ms", idle_timeout),
          keyed("http.write_timeout_ms", write_timeout),
          keyed("http.linger_timeout_ms", linger_timeout)};
}

Defaults recorder_limits() {
  const auto [batch_items, queue_items, spool_clicks, spool_bytes, busy_wait, retry_interval, maintain_interval] =
      RecorderLimits{};
  return {keyed("recorder.batch_items", batch_items),
          keyed("recorder.queue_items", queue_items),
          keyed("recorder.spool_clicks", spool_clicks),
          keyed("recorder.spool_bytes", spool_bytes),
          keyed("recorder.busy_wait_ms", busy_wait),
          keyed("recorder.retry_interval_ms", retry_interval),
          keyed("recorder.maintain_interval_ms", maintain_interval)};
}

Defaults sqlite_options() {
  const auto [path, vfs, synchronous, cache_kib, checkpoint_pages, wal_limit_bytes, reserve_bytes,
              quick_check_limit_bytes, writer_busy_timeout, reader_busy_timeout] = SqliteOptions{};
  EXPECT_EQ(path + vfs, "") << "given by the store URL, and by tests";
  return {keyed("store.synchronous", synchronous),
          keyed("store.cache_kib", cache_kib),
          keyed("store.checkpoint_pages", checkpoint_pages),
          keyed("store.wal_limit_bytes", wal_limit_bytes),
          keyed("store.reserve_bytes", reserve_bytes),
          keyed("store.quick_check_limit_bytes", quick_check_limit_bytes),
          keyed("store.writer_busy_timeout_ms", writer_busy_timeout),
          keyed("store.reader_busy_timeout_ms", reader_busy_timeout)};
}

Defaults app_options() {
  const auto [listen, api_listen, api_connections, public_url, tracking_urls, trusted_proxies, store, admin_key,
              io_threads, lookup_threads, api_threads, log_threads, lookup_queue, api_queue, drain, server, recorder,
              postbacks, batch, cookies, visitors, delivery, sqlite, retention, retention_confirmed_before] =
      AppOptions{};
  EXPECT_EQ(admin_key, "") << "from the environment";
  EXPECT_EQ(visitors.ip, VisitorOptions{}.ip);
  EXPECT_EQ(delivery.enabled, DeliveryOptions{}.enabled);
  EXPECT_EQ(server.connections + recorder.batch_items + sqlite.cache_kib,
            net::ServerLimits{}.connections + RecorderLimits{}.batch_items + SqliteOptions{}.cache_kib);
  return {keyed("http.listen", listen),
          keyed("http.public_url", public_url),
          keyed("http.tracking_urls", tracking_urls),
          keyed("http.trusted_proxies", trusted_proxies),
          keyed("postbacks.unauthenticated_per_peer", postbacks.unauthenticated_per_peer),
          keyed("postbacks.unauthenticated_in_all", postbacks.unauthenticated_in_all),
          keyed("postbacks.logged_per_peer", postbacks.logged_per_peer),
          keyed("postbacks.logged_in_all", postbacks.logged_in_all),
          keyed("http.io_threads", io_threads),
          keyed("http.drain_ms", drain),
          keyed("api.listen", api_listen),
          keyed("api.connections", api_connections),
          keyed("store.url", store),
          keyed("readers.lookup_threads", lookup_threads),
          keyed("readers.lookup_queue", lookup_queue),
          keyed("readers.api_threads", api_threads),
          keyed("readers.log_threads", log_threads),
          keyed("readers.api_queue", api_queue),
          keyed("batch.bytes", batch.bytes),
          keyed("batch.rows", batch.rows),
          keyed("cookies.name", cookies.name),
          keyed("cookies.days", cookies.days),
          keyed("retention.click_days", retention.click_days),
          keyed("retention.postback_days", retention.postback_days),
          keyed("retention.delivery_days", retention.delivery_days),
          keyed("retention.most_percent", retention.most_percent),
          keyed("retention.confirmed_before", retention_confirmed_before),
          keyed("retention.step_rows", retention.step_rows),
          keyed("retention.pause_ms", retention.pause)};
}

Defaults visitor_options() {
  const auto [geo_database, geo_check_interval, cached_user_agents, remembered, ip] = VisitorOptions{};
  return {keyed("geo.database", geo_database), keyed("geo.check_interval_ms", geo_check_interval),
          keyed("visitors.user_agents", cached_user_agents), keyed("visitors.remembered", remembered),
          keyed("privacy.ip", ip)};
}

Defaults delivery_options() {
  const auto [enabled, allow_private_networks, connect_timeout, limits] = DeliveryOptions{};
  const auto [host_concurrency, in_flight, window, in_memory, visits_per_delivery, breaker] = limits;
  const auto [failures, first, longest] = breaker;
  return {keyed("delivery.enabled", enabled),
          keyed("delivery.allow_private_networks", allow_private_networks),
          keyed("delivery.connect_timeout_ms", connect_timeout),
          keyed("delivery.host_concurrency", host_concurrency),
          keyed("delivery.in_flight", in_flight),
          keyed("delivery.window", window),
          keyed("delivery.visits_per_delivery", visits_per_delivery),
          keyed("delivery.in_memory", in_memory),
          keyed("delivery.breaker_failures", failures),
          keyed("delivery.breaker_first_ms", first),
          keyed("delivery.breaker_longest_ms", longest)};
}

Defaults log_options() {
  const auto [app, log_format, log_level] = Settings{};
  EXPECT_EQ(app.listen, AppOptions{}.listen);
  return {keyed("log.format", log_format), keyed("log.level", log_level)};
}

Table request_limits() {
  return {{"click value", text_of(kLongestValue)},          {"click user agent", text_of(kLongestUserAgent)},
          {"click referrer", text_of(kLongestReferrer)},    {"click language", text_of(kLongestLanguage)},
          {"click location", text_of(kLongestLocation)},    {"postback body", text_of(kLongestPostbackBody)},
          {"API body", text_of(api::kBodyLimit)},           {"catalog import", text_of(api::kImportLimit)},
          {"click import", text_of(api::kClickImportLimit)}};
}

TEST(Documents, EveryOptionHasAKeyAndEveryKeyAnOption) {
  Defaults options;
  for (auto part : {server_limits(), recorder_limits(), sqlite_options(), app_options(), visitor_options(),
                    delivery_options(), log_options()}) {
    options.merge(part);
  }
  Defaults keys;
  for (const auto& key : config_keys()) keys.emplace(key.name, value_of(key, Settings()));
  EXPECT_EQ(keys, options);
}

TEST(Documents, SayWhatHappensAtEveryLimit) {
  const auto rows = rows_of(document("docs/operating.md"));
  for (const auto& [name, value] : request_limits()) {
    const auto row = rows.find(name);
    EXPECT_EQ(row == rows.end() ? "missing" : row->second, value) << name << " in docs/operating.md";
  }
  for (const auto& key : config_keys()) {
    // Numbers are bounds; what a text or an address means stands in docs/configuration.md.
    if (!value_of(key, Settings()).is_number()) continue;
    const auto row = rows.find(std::string(key.name));
    ASSERT_NE(row, rows.end()) << key.name << " in docs/operating.md";
    EXPECT_GT(row->second.size(), 2U) << key.name;
  }
  for (const auto& [name, text] : rows) {
    const bool section = std::ranges::any_of(config_sections(), [&, &row_name = name](const auto& each) {
      return row_name.starts_with(std::string(each.name) + ".");
    });
    EXPECT_EQ(section, find_config_key(name) != nullptr) << name << " is no key";
  }
}

TEST(Documents, NameEveryVerdictCodeWithItsStatus) {
  Table codes;
  for (std::size_t i = 0; i < kVerdictCodeCount; ++i) {
    const auto code = static_cast<VerdictCode>(i);
    codes.emplace(to_string(code), text_of(static_cast<std::size_t>(http_status(code))));
  }
  EXPECT_EQ(rows_of(document("docs/verdicts.md")), codes);
}

TEST(Documents, LinkOnlyToWhatExists) {
  namespace fs = std::filesystem;
  std::size_t count = 0;
  const std::regex link(R"(\]\(([^)#\s]+)[^)]*\))");
  for (const auto& file : documents()) {
    std::sregex_iterator match(file.text.begin(), file.text.end(), link);
    for (; match != std::sregex_iterator(); ++match) {
      const std::string target = (*match)[1];
      if (target.find("://") != std::string::npos) continue;
      ++count;
      EXPECT_TRUE(fs::exists((fs::path(POSTBACK_SOURCE_DIR) / file.path).parent_path() / target))
          << file.path << " links to " << target;
    }
  }
  EXPECT_GT(count, 10U);
}

}  // namespace
}  // namespace postback
