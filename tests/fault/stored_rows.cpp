// StoredRows: plain SQL over the tables.
#include "stored_rows.hpp"

#include "postback/domain/click_id.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <functional>
#include <memory>
#include <stdexcept>

namespace postback::fault {
namespace {

using Connection = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;
using Query = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

Connection open_for_reading(const std::string& path) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr);
  Connection connection(handle, &sqlite3_close);
  if (code != SQLITE_OK) throw std::runtime_error(path + ": " + sqlite3_errstr(code));
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_wal_autocheckpoint(handle, 0);
  sqlite3_busy_timeout(handle, 10'000);
  return connection;
}

void for_each(sqlite3* handle, const char* sql, const std::function<void(sqlite3_stmt*)>& visit) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(handle, sql, -1, &statement, nullptr) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(handle));
  const Query query(statement, &sqlite3_finalize);
  int code = sqlite3_step(statement);
  for (; code == SQLITE_ROW; code = sqlite3_step(statement)) visit(statement);
  if (code != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(handle));
}

std::string text(sqlite3_stmt* row, int column) {
  const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(row, column));
  return bytes != nullptr ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(row, column)))
                          : std::string();
}

std::uint64_t id(sqlite3_stmt* row, int column) {
  return static_cast<std::uint64_t>(sqlite3_column_int64(row, column));
}

std::uint64_t click_number(const std::string& text) { return parse_click_id(text).value().high; }

using Identity = std::pair<std::uint64_t, std::string>;
std::map<Identity, std::vector<const StoredConversion*>> by_identity(const StoredRows& rows) {
  std::map<Identity, std::vector<const StoredConversion*>> found;
  for (const auto& row : rows.conversions) found[{row.click, row.txid}].push_back(&row);
  return found;
}

void expect_consistent(const StoredRows& rows) {
  std::map<std::uint64_t, std::set<std::int64_t>> numbers;
  for (const auto& row : rows.conversions) {
    const auto name = row.txid + " of click " + std::to_string(row.click);
    EXPECT_TRUE(rows.clicks.contains(row.click)) << name << " has no click";
    EXPECT_EQ(row.revision, row.revisions) << name << ": its history is not whole";
    EXPECT_EQ(row.postbacks, row.revisions) << name << ": a change without its postback";
    EXPECT_TRUE(numbers[row.click].insert(row.number).second) << name << ": number given twice";
  }
  for (const auto& [click, given] : numbers) {
    EXPECT_EQ(*given.rbegin(), static_cast<std::int64_t>(given.size())) << "numbers of click " << click << " have gaps";
  }
}

}  // namespace

StoredRows read_rows(const std::string& path) {
  StoredRows rows;
  const auto connection = open_for_reading(path);
  for_each(connection.get(), "BEGIN", [](sqlite3_stmt*) {});  // One snapshot for all of it.
  for_each(connection.get(), "SELECT id FROM click", [&](sqlite3_stmt* row) { rows.clicks.insert(id(row, 0)); });
  for_each(connection.get(), "SELECT id FROM postback", [&](sqlite3_stmt* row) { rows.postbacks.insert(id(row, 0)); });
  for_each(
      connection.get(),
      "SELECT c.click, c.number, c.event, c.txid, c.revision, count(r.revision), count(p.id) FROM conversion c "
      "LEFT JOIN conversion_revision r ON r.conversion = c.id LEFT JOIN postback p ON p.id = r.postback GROUP BY c.id",
      [&](sqlite3_stmt* row) {
        rows.conversions.push_back({id(row, 0), sqlite3_column_int64(row, 1), text(row, 2), text(row, 3),
                                    sqlite3_column_int64(row, 4), sqlite3_column_int64(row, 5),
                                    sqlite3_column_int64(row, 6)});
      });
  return rows;
}

std::size_t missing(const Told& told, const StoredRows& rows) {
  std::size_t count = 0;
  for (const auto& click : told.clicks) count += rows.clicks.contains(click_number(click)) ? 0U : 1U;
  const auto stored = by_identity(rows);
  for (const auto& conversion : told.conversions) {
    count += stored.contains({click_number(conversion.sent.click), conversion.sent.txid}) ? 0U : 1U;
  }
  return count;
}

void expect_kept(const Told& told, const StoredRows& rows) {
  for (const auto& wrong : told.wrong) ADD_FAILURE() << wrong;
  std::set<std::string> distinct;
  for (const auto& click : told.clicks) {
    EXPECT_TRUE(distinct.insert(click).second) << "click ID " << click << " was given twice";
    EXPECT_TRUE(rows.clicks.contains(click_number(click))) << "click " << click << " was answered 302 and is lost";
  }
  const auto stored = by_identity(rows);
  for (const auto& [identity, found] : stored) {
    EXPECT_EQ(found.size(), 1U) << identity.second << " of click " << identity.first << " is stored more than once";
  }
  for (const auto& conversion : told.conversions) {
    const auto found = stored.find({click_number(conversion.sent.click), conversion.sent.txid});
    if (found == stored.end()) {
      ADD_FAILURE() << "conversion " << conversion.conversion_id << " was accepted and is lost";
      continue;
    }
    EXPECT_EQ(conversion.sent.click + "-" + std::to_string(found->second.front()->number), conversion.conversion_id);
    EXPECT_TRUE(rows.postbacks.contains(std::stoull(conversion.postback_id)))
        << conversion.postback_id << " is not logged";
  }
  expect_consistent(rows);
}

}  // namespace postback::fault
