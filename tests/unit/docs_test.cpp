// The documents against the code: verdict codes, limits and links.
#include "postback/api/routes.hpp"
#include "postback/app/app.hpp"
#include "postback/domain/verdict.hpp"
#include "postback/tracking/tracking.hpp"
#include "support/source_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <regex>
#include <string>
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
std::string text_of(const std::string& value) { return "`" + value + "`"; }
template <class Period>
std::string text_of(std::chrono::duration<std::int64_t, Period> value) {
  return std::to_string(value.count());
}

// Every member by name: a new one does not compile until it is listed here, and fails until it is documented.

Table server_limits() {
  const auto [connections, request_line_bytes, header_bytes, header_fields, pipelined_requests, header_timeout,
              request_timeout, idle_timeout, write_timeout, linger_timeout] = net::ServerLimits{};
  return {{"server.connections", text_of(connections)},
          {"server.request_line_bytes", text_of(request_line_bytes)},
          {"server.header_bytes", text_of(header_bytes)},
          {"server.header_fields", text_of(header_fields)},
          {"server.pipelined_requests", text_of(pipelined_requests)},
          {"server.header_timeout", text_of(header_timeout)},
          {"server.request_timeout", text_of(request_timeout)},
          {"server.idle_timeout", text_of(idle_timeout)},
          {"server.write_timeout", text_of(write_timeout)},
          {"server.linger_timeout", text_of(linger_timeout)}};
}

Table recorder_limits() {
  const auto [batch_items, queue_items, spool_clicks, spool_bytes, busy_wait, retry_interval, maintain_interval] =
      RecorderLimits{};
  return {{"recorder.batch_items", text_of(batch_items)},
          {"recorder.queue_items", text_of(queue_items)},
          {"recorder.spool_clicks", text_of(spool_clicks)},
          {"recorder.spool_bytes", text_of(spool_bytes)},
          {"recorder.busy_wait", text_of(busy_wait)},
          {"recorder.retry_interval", text_of(retry_interval)},
          {"recorder.maintain_interval", text_of(maintain_interval)}};
}

Table sqlite_options() {
  const auto [path, vfs, synchronous, cache_kib, checkpoint_pages, wal_limit_bytes, reserve_bytes,
              quick_check_limit_bytes, writer_busy_timeout, reader_busy_timeout] = SqliteOptions{};
  EXPECT_EQ(path + vfs, "") << "given by the store URL, and by tests";
  return {{"sqlite.synchronous", text_of(synchronous)},
          {"sqlite.cache_kib", text_of(cache_kib)},
          {"sqlite.checkpoint_pages", text_of(checkpoint_pages)},
          {"sqlite.wal_limit_bytes", text_of(wal_limit_bytes)},
          {"sqlite.reserve_bytes", text_of(reserve_bytes)},
          {"sqlite.quick_check_limit_bytes", text_of(quick_check_limit_bytes)},
          {"sqlite.writer_busy_timeout", text_of(writer_busy_timeout)},
          {"sqlite.reader_busy_timeout", text_of(reader_busy_timeout)}};
}

Table app_options() {
  const auto [listen, store, admin_key, io_threads, lookup_threads, api_threads, log_threads, lookup_queue, api_queue,
              drain, server, recorder, sqlite] = AppOptions{};
  EXPECT_EQ(admin_key, "") << "from the environment";
  EXPECT_EQ(listen.size(), 1U);
  EXPECT_EQ(server.connections + recorder.batch_items + sqlite.cache_kib,
            net::ServerLimits{}.connections + RecorderLimits{}.batch_items + SqliteOptions{}.cache_kib);
  return {{"--listen", text_of(listen.at(0))},
          {"--store", text_of(store)},
          {"io_threads", text_of(io_threads)},
          {"lookup_threads", text_of(lookup_threads)},
          {"api_threads", text_of(api_threads)},
          {"log_threads", text_of(log_threads)},
          {"lookup_queue", text_of(lookup_queue)},
          {"api_queue", text_of(api_queue)},
          {"drain", text_of(drain)}};
}

Table request_limits() {
  return {{"click value", text_of(kLongestValue)},       {"click user agent", text_of(kLongestUserAgent)},
          {"click referrer", text_of(kLongestReferrer)}, {"click language", text_of(kLongestLanguage)},
          {"click location", text_of(kLongestLocation)}, {"postback body", text_of(kLongestPostbackBody)},
          {"API body", text_of(api::kBodyLimit)}};
}

TEST(Documents, NameEveryLimitWithItsDefault) {
  const auto rows = rows_of(document("docs/operating.md"));
  for (const auto& limits : {server_limits(), recorder_limits(), sqlite_options(), app_options(), request_limits()}) {
    for (const auto& [name, value] : limits) {
      const auto row = rows.find(name);
      EXPECT_EQ(row == rows.end() ? "missing" : row->second, value) << name << " in docs/operating.md";
    }
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
