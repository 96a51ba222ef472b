// A click ID that stands in a network's URL by mistake collects conversions without end: each costs like the first.
#include "postback/store/offer_counters.hpp"
#include "store/sqlite/batch_writer.hpp"
#include "store_fixture.hpp"

namespace postback {
namespace {

/// A store's tables, with the instructions of SQLite's machine counted.
class SqliteConversionCost : public testing::Test {
 protected:
  SqliteConversionCost() {
    EXPECT_OK(factory_.open(world_.clock, world_.entropy));
    database_ = std::make_unique<sqlite::Database>(
        sqlite::Database::open(factory_.options.path, SQLITE_OPEN_READWRITE, "").value());
    writer_ = std::make_unique<sqlite::BatchWriter>(*database_, counters_);
    sqlite3_progress_handler(
        database_->handle(), 1,
        [](void* steps) {
          ++*static_cast<std::int64_t*>(steps);
          return 0;
        },
        &steps_);
  }

  /// What it takes to write one postback of `click`; `code` is what becomes of it.
  std::int64_t cost(const ClickItem& click, const std::string& more, std::string_view code) {
    world_.clock.advance(std::chrono::seconds{1});
    PostbackItem& item = world_.postback(click.click.id, more);
    Item* const batch[] = {&item};
    steps_ = 0;
    EXPECT_EQ(writer_->write(batch, world_.ids, world_.clock.wall()), SQLITE_OK);
    writer_->end(true);
    EXPECT_EQ(to_string(item.judgement.verdict.code), code) << item.judgement.verdict.message;
    return steps_;
  }

  /// The cost of the 20th and of the last of `count` postbacks, which `more` and a number of their own tell apart.
  void expect_no_growth(const char* policy, const std::string& more, std::string_view code, int count) {
    SCOPED_TRACE(policy + more);
    world_.catalog = catalog_of(patched_example(EntityKind::network, policy));
    ClickItem& click = world_.click();
    Item* const batch[] = {&click};
    ASSERT_EQ(writer_->write(batch, world_.ids, world_.clock.wall()), SQLITE_OK);
    writer_->end(true);
    cost(click, "&payout=1&reason=first" + (more.starts_with("&txid") ? std::string("&txid=first") : ""), "converted");
    std::int64_t early = 0;
    std::int64_t late = 0;
    for (int i = 0; i < count; ++i) {
      late = cost(click, more + std::to_string(i), code);
      if (i == 20) early = late;
    }
    EXPECT_LE(late, early + early / 4);
  }

  World world_;
  SqliteFactory factory_;
  OfferCounters counters_;
  std::unique_ptr<sqlite::Database> database_;
  std::unique_ptr<sqlite::BatchWriter> writer_;
  std::int64_t steps_ = 0;
};

constexpr int kMany = 600;

TEST_F(SqliteConversionCost, DoesNotGrowWithTheConversionsOfAClick) {
  ASSERT_OK(database_->run("BEGIN"));
  expect_no_growth(R"({"repeat":{"*":"update"}})", "&payout=1&txid=t", "converted", kMany);
  expect_no_growth(R"({"repeat":{"*":"new"}})", "&payout=1&txid=t", "converted", kMany);
  expect_no_growth(R"({"repeat":{"*":"new"}})", "&payout=1&reason=r", "converted", kMany);
  expect_no_growth(R"({"repeat":{"*":"add"}})", "&payout=1&reason=r", "added", kMany);
  ASSERT_OK(database_->run("COMMIT"));
}

TEST_F(SqliteConversionCost, DoesNotGrowWithRejections) {
  ASSERT_OK(database_->run("BEGIN"));
  world_.catalog = catalog_of(patched_example(EntityKind::network, R"({"repeat":{"*":"new"}})"));
  ClickItem& click = world_.click();
  Item* const batch[] = {&click};
  ASSERT_EQ(writer_->write(batch, world_.ids, world_.clock.wall()), SQLITE_OK);
  writer_->end(true);
  const auto convert = [&](int i) { cost(click, "&payout=1&reason=r" + std::to_string(i), "converted"); };
  const auto reject = [&](int i) { return cost(click, "&status=rejected&reason=r" + std::to_string(i), "updated"); };
  for (int i = 0; i < 20; ++i) convert(i);
  const auto early = reject(0);
  for (int i = 20; i < kMany; ++i) convert(i);
  std::int64_t late = 0;
  for (int i = 1; i < kMany; ++i) late = reject(i);
  EXPECT_LE(late, early + early / 4);
  EXPECT_EQ(database_->number("SELECT count(*) FROM conversion WHERE status = 2").value(), kMany);
  ASSERT_OK(database_->run("COMMIT"));
}

}  // namespace
}  // namespace postback
