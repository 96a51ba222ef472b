// Filters of the logs: what each parameter asks of the store, and the faults that say what would be right.
#include "api/log_filters.hpp"
#include "support/api_world.hpp"
#include "support/example_catalog.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

namespace postback::testing::api {
namespace {

using postback::api::is_long_search;
using postback::api::kLogs;
using postback::api::log_columns;
using postback::api::LogFormat;
using postback::api::LogKind;
using postback::api::read_log_request;

constexpr SnowflakeId kClick = make_snowflake(kNow, 1, 7);

/// Reads requests against the example catalog.
struct Asking {
  postback::api::LogRequest ask(LogKind kind, const std::string& query) const {
    return read_log_request(kind, query, *catalog, keys);
  }
  std::string click(SnowflakeId id = kClick) const { return to_string(keys.sign(id)); }
  std::shared_ptr<const Catalog> catalog = example_catalog();
  ClickIdKeys keys{{ClickIdKeys::Key{TimeMs{}, {1, 2, 3}}}};
};

std::string text_of(const LogFilter& filter) {
  std::string text(filter.column);
  if (const auto* number = std::get_if<std::int64_t>(&filter.value)) return text + "=" + std::to_string(*number);
  if (const auto* value = std::get_if<std::string>(&filter.value)) return text + "='" + *value + "'";
  return text + " empty";
}

TEST(ApiLogFilters, EachColumnBecomesAConditionOnWhatIsStored) {
  struct Row {
    LogKind kind;
    std::string query;
    std::string filter;
  };
  const Row rows[] = {
      {LogKind::clicks, "campaign=summer", "campaign=1"},
      {LogKind::clicks, "offer=vpn", "offer=1"},
      {LogKind::clicks, "source=adnet", "source=1"},
      {LogKind::clicks, "source=", "source empty"},
      {LogKind::clicks, "path=0", "path=0"},
      {LogKind::clicks, "cost=0.05", "cost=50000"},
      {LogKind::clicks, "cost=", "cost empty"},
      {LogKind::clicks, "sub20=a%20b", "sub20='a b'"},
      {LogKind::clicks, "user_agent=x", "user_agent='x'"},
      {LogKind::clicks, "referrer=", "referrer empty"},
      {LogKind::conversions, "status=rejected", "status=2"},
      {LogKind::conversions, "txid=", "txid empty"},
      {LogKind::conversions, "payout=12.5", "payout=12500000"},
      {LogKind::conversions, "time=2026-01-01T00:00:00Z", "time_ms=1767225600000"},
      {LogKind::conversions, "updated=2026-01-01T01:00:00%2B01:00", "updated_ms=1767225600000"},
      {LogKind::postbacks, "network=no-such-one", "network='no-such-one'"},
      {LogKind::postbacks, "code=click_unknown", "code='click_unknown'"},
      {LogKind::postbacks, "result=refused", "result='refused'"},
      {LogKind::postbacks, "http_status=404", "http_status=404"},
      {LogKind::postbacks, "auth=open", "authentication='open'"},
      {LogKind::postbacks, "status=", "status empty"},
      {LogKind::postbacks, "status=pending", "status='pending'"},
      {LogKind::postbacks, "click_id=", "click empty"},
      {LogKind::postbacks, "conversion_id=", "conversion_number empty"},
      {LogKind::postbacks, "amount=-3", "amount=-3000000"},
      {LogKind::postbacks, "warnings=one", "warnings='one'"},
      {LogKind::postbacks, "revision=4", "revision=4"},
      {LogKind::audit, "actor=admin", "actor='admin'"},
      {LogKind::audit, "revision=0", "revision=0"},
  };
  const Asking asking;
  for (const auto& row : rows) {
    const auto asked = asking.ask(row.kind, row.query);
    EXPECT_EQ(joined(asked.faults), "") << row.query;
    ASSERT_EQ(asked.query.filters.size(), 1U) << row.query;
    EXPECT_EQ(text_of(asked.query.filters[0]), row.filter) << row.query;
  }
}

TEST(ApiLogFilters, EveryColumnIsAFilter) {
  const Asking asking;
  for (const auto kind : kLogs) {
    for (const auto& column : log_columns(kind)) {
      for (const auto& fault : asking.ask(kind, std::string(column.name) + "=").faults) {
        EXPECT_EQ(fault.field, column.name);
        EXPECT_EQ(fault.problem.find("not a parameter"), std::string::npos) << column.name;
      }
    }
  }
}

TEST(ApiLogFilters, IdsNarrowTheSearch) {
  const Asking asking;
  const auto click = asking.click();
  EXPECT_EQ(asking.ask(LogKind::clicks, "click_id=" + click).query.row, kClick);
  EXPECT_EQ(asking.ask(LogKind::clicks, "id=" + click).query.row, kClick);
  EXPECT_EQ(asking.ask(LogKind::clicks, "id=" + click + "&click_id=" + asking.click(kClick + 1)).query.row, 0U);
  EXPECT_EQ(asking.ask(LogKind::postbacks, "id=77").query.row, 77U);
  EXPECT_EQ(asking.ask(LogKind::postbacks, "click_id=" + click).query.click, kClick);
  EXPECT_FALSE(asking.ask(LogKind::postbacks, "click_id=" + click).query.row);
  const auto conversion = asking.ask(LogKind::conversions, "conversion_id=" + click + "-2");
  EXPECT_EQ(conversion.query.click, kClick);
  ASSERT_EQ(conversion.query.filters.size(), 1U);
  EXPECT_EQ(text_of(conversion.query.filters[0]), "number=2");
  const auto other = asking.click(kClick + 1);
  EXPECT_EQ(asking.ask(LogKind::conversions, "conversion_id=" + click + "-2&click_id=" + other).query.row, 0U);
}

TEST(ApiLogFilters, TheTimeOfAnIdIsARange) {
  const Asking asking;
  const auto one = std::chrono::milliseconds{1};
  const auto exact = asking.ask(LogKind::clicks, "time=2026-01-01T00:00:00Z").query;
  EXPECT_EQ(exact.from, kNow);
  EXPECT_EQ(exact.to, kNow + one);
  const auto never = asking.ask(LogKind::clicks, "time=2026-01-01T00:00:00Z&from=2026-01-02T00:00:00Z").query;
  EXPECT_GE(never.from, never.to);
}

TEST(ApiLogFilters, WhatIsCommonToAllLogs) {
  const Asking asking;
  for (const auto kind : kLogs) {
    const auto plain = asking.ask(kind, "");
    EXPECT_EQ(plain.query.limit, 50U);
    EXPECT_EQ(plain.query.before + plain.query.click + plain.query.filters.size(), 0U);
    EXPECT_FALSE(plain.query.from || plain.query.to || plain.query.row);
    EXPECT_EQ(plain.format, LogFormat::json);
    const auto full = asking.ask(kind,
                                 "limit=7&cursor=123&format=csv&from=2026-01-01T01:00:00+01:00"
                                 "&to=2026-01-02T00:00:00.250Z");
    EXPECT_EQ(joined(full.faults), "");
    EXPECT_EQ(full.query.limit, 7U);
    EXPECT_EQ(full.query.before, 123U);
    EXPECT_EQ(full.format, LogFormat::csv);
    EXPECT_EQ(full.query.from, kNow);
    EXPECT_EQ(full.query.to, kNow + std::chrono::hours{24} + std::chrono::milliseconds{250});
  }
}

TEST(ApiLogFilters, FaultsNameTheParameterAndWhatWouldBeRight) {
  struct Row {
    LogKind kind;
    std::string query;
    std::string field;
    std::string expected;  ///< Part of it.
  };
  const Row rows[] = {
      {LogKind::clicks, "campaign=winter", "campaign", "the ID of one of the campaigns"},
      {LogKind::clicks, "offer=1", "offer", "offers in the catalog"},
      {LogKind::clicks, "path=-1", "path", "a whole number"},
      {LogKind::clicks, "path=", "path", "a whole number"},
      {LogKind::clicks, "cost=0,05", "cost", "a sum such as 12.50"},
      {LogKind::clicks, "cost=1e3", "cost", "a sum such as 12.50"},
      {LogKind::clicks, "id=abc", "id", "26 letters and digits"},
      {LogKind::clicks, "click_id=", "click_id", "26 letters and digits"},
      {LogKind::conversions, "click_id=", "click_id", "26 letters and digits"},
      {LogKind::conversions, "conversion_id=", "conversion_id", "a click ID, a dash and a number"},
      {LogKind::clicks, "time=now", "time", "RFC 3339"},
      {LogKind::clicks, "sub21=x", "sub21", "sub20"},
      {LogKind::clicks, "network=acme", "network", "campaign"},
      {LogKind::clicks, "format=xml", "format", "json, ndjson or csv"},
      {LogKind::conversions, "status=paid", "status", "pending, approved, rejected"},
      {LogKind::conversions, "status=", "status", "pending, approved, rejected"},
      {LogKind::conversions, "id=0", "id", "a whole number"},
      {LogKind::conversions, "conversion_id=x", "conversion_id", "a dash and a number"},
      {LogKind::conversions, "conversion_id=x-1", "conversion_id", "26 letters and digits"},
      {LogKind::conversions, "time=", "time", "RFC 3339"},
      {LogKind::postbacks, "code=CONVERTED", "code", "converted, updated"},
      {LogKind::postbacks, "result=ok", "result", "accepted, duplicate, refused, test"},
      {LogKind::postbacks, "auth=bearer", "auth", "none, token, open"},
      {LogKind::postbacks, "http_status=ok", "http_status", "a whole number"},
      {LogKind::postbacks, "txid=a&txid=b", "txid", "one value"},
  };
  const Asking asking;
  for (const auto& row : rows) {
    const auto asked = asking.ask(row.kind, row.query);
    ASSERT_EQ(asked.faults.size(), 1U) << row.query << "\n" << joined(asked.faults);
    EXPECT_EQ(asked.faults[0].field, row.field) << row.query;
    EXPECT_NE(asked.faults[0].expected.find(row.expected), std::string::npos) << asked.faults[0].expected;
  }
  EXPECT_EQ(asking.ask(LogKind::postbacks, "code=x&http_status=y&payout=z&colour=red").faults.size(), 4U);
}

TEST(ApiLogFilters, OnlyWhatMayTakeLongGoesToTheSearchers) {
  struct Row {
    LogKind kind;
    std::string query;
    bool is_long;
  };
  const Row rows[] = {
      {LogKind::clicks, "", false},
      {LogKind::clicks, "limit=100&cursor=5&format=csv&from=x&to=y", false},
      {LogKind::clicks, "limit=101", true},
      {LogKind::clicks, "click_id=x", false},
      {LogKind::clicks, "id=x&sub1=", true},
      {LogKind::clicks, "campaign=summer", true},
      {LogKind::conversions, "click_id=x", false},
      {LogKind::conversions, "conversion_id=x", false},
      {LogKind::conversions, "txid=x", true},
      {LogKind::postbacks, "click_id=x", true},
      {LogKind::postbacks, "id=5", false},
  };
  for (const auto& row : rows) EXPECT_EQ(is_long_search(row.kind, row.query), row.is_long) << row.query;

  ApiWorld world;
  EXPECT_EQ(world.get("/api/v1/clicks?sub1=x").status, 200);
  EXPECT_EQ(world.shelf.asked.filters.size(), 1U);
  world.scans.stop();
  EXPECT_EQ(world.get("/api/v1/clicks").status, 200);
  EXPECT_EQ(world.get("/api/v1/clicks?sub1=x").status, 503);
}

}  // namespace
}  // namespace postback::testing::api
