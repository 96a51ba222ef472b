// StoredRows: plain SQL over the tables.
#include "stored_rows.hpp"

#include "postback/domain/click_id.hpp"

#include "support/other_connection.hpp"

#include <gtest/gtest.h>

namespace postback::fault {
namespace {

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
  const OtherConnection store(path, OtherConnection::LogAtClose::left);
  StoredRows rows;
  store.execute("BEGIN");  // One snapshot for all of it.
  for (const auto& row : store.rows("SELECT id FROM click")) rows.clicks.insert(std::stoull(row[0]));
  for (const auto& row : store.rows("SELECT id FROM postback")) rows.postbacks.insert(std::stoull(row[0]));
  for (const auto& row : store.rows(
           "SELECT c.click, c.number, c.event, c.txid, c.revision, count(r.revision), count(p.id) FROM conversion c "
           "LEFT JOIN conversion_revision r ON r.conversion = c.id LEFT JOIN postback p ON p.id = r.postback "
           "GROUP BY c.id")) {
    rows.conversions.push_back({std::stoull(row[0]), std::stoll(row[1]), row[2], row[3], std::stoll(row[4]),
                                std::stoll(row[5]), std::stoll(row[6])});
  }
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
