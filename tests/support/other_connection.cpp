// OtherConnection: plain SQL.
#include "support/other_connection.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace postback {
namespace {

constexpr int kPatienceMs = 10'000;

[[noreturn]] void fail(sqlite3* handle, const std::string& sql) {
  throw std::runtime_error(sql + ": " + sqlite3_errmsg(handle));
}

std::string bytes_of(sqlite3_stmt* row, int column) {
  const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(row, column));
  return bytes == nullptr ? std::string()
                          : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
}

}  // namespace

void OtherConnection::Close::operator()(sqlite3* handle) const { sqlite3_close(handle); }

OtherConnection::OtherConnection(const std::string& path, LogAtClose log) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open(path.c_str(), &handle);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail(handle, path);
  sqlite3_busy_timeout(handle, kPatienceMs);
  if (log == LogAtClose::written_back) return;
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_wal_autocheckpoint(handle, 0);
}

void OtherConnection::execute(const std::string& sql) const {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(handle_.get(), sql);
}

std::vector<std::vector<std::string>> OtherConnection::rows(const std::string& query) const {
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v2(handle_.get(), query.c_str(), -1, &prepared, nullptr) != SQLITE_OK) fail(handle_.get(), query);
  const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement(prepared, &sqlite3_finalize);
  std::vector<std::vector<std::string>> found;
  int code = sqlite3_step(prepared);
  for (; code == SQLITE_ROW; code = sqlite3_step(prepared)) {
    auto& row = found.emplace_back();
    for (int column = 0; column < sqlite3_column_count(prepared); ++column) row.push_back(bytes_of(prepared, column));
  }
  if (code != SQLITE_DONE) fail(handle_.get(), query);
  return found;
}

std::int64_t OtherConnection::number(const std::string& query) const { return std::stoll(rows(query).at(0).at(0)); }

}  // namespace postback
