// A feed is found by an index of its own, however much was sent beside it.
#include "postback/domain/delivery.hpp"
#include "store/sqlite/log_search.hpp"
#include "store_fixture.hpp"

#include <string>

namespace postback {
namespace {

class SqliteFeed : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(factory_.open(world_.clock, world_.entropy));
    database_ = std::make_unique<sqlite::Database>(
        sqlite::Database::open(factory_.options.path, SQLITE_OPEN_READONLY, "").value());
  }
  /// As the query planner tells it.
  std::string plan(const LogQuery& query) {
    auto search = sqlite::prepare_search(*database_, sqlite::SearchTable::delivery, query);
    EXPECT_OK(search);
    std::string sql;
    for (sqlite3_stmt* each = nullptr; (each = sqlite3_next_stmt(database_->handle(), each)) != nullptr;)
      sql = sqlite3_sql(each);
    auto explained = database_->prepare_once("EXPLAIN QUERY PLAN " + sql);
    EXPECT_OK(explained);
    std::string text;
    while (explained->step() == SQLITE_ROW) text += explained->text_at(3) + "\n";
    return text;
  }
  static LogQuery rows(std::int64_t state) {
    LogQuery query;
    query.filters = {{"destination", std::int64_t{7}}, {"state", state}};
    return query;
  }

  World world_;
  SqliteFactory factory_;
  std::unique_ptr<sqlite::Database> database_;
};

TEST_F(SqliteFeed, IsFoundByItsIndex) {
  auto feed = rows(static_cast<int>(DeliveryState::listed));
  for (const bool oldest_first : {false, true}) {
    feed.oldest_first = oldest_first;
    const auto found = plan(feed);
    EXPECT_NE(found.find("USING INDEX delivery_listed (destination=? AND id>? AND id<?)"), std::string::npos) << found;
    EXPECT_EQ(found.find("TEMP B-TREE"), std::string::npos) << found;
  }
  const auto others = plan(rows(static_cast<int>(DeliveryState::failed)));
  EXPECT_EQ(others.find("delivery_listed"), std::string::npos) << others;
}

}  // namespace
}  // namespace postback
