// Impressions in SQLite: folded within a batch, summed up by campaign and quarter of an hour.
#include "postback/store/visit_items.hpp"
#include "store_fixture.hpp"
#include "support/other_connection.hpp"

namespace postback {
namespace {

class SqliteImpressions : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = factory_.open(world_.clock, world_.entropy);
    ASSERT_OK(opened);
    store_ = std::move(*opened);
  }
  Item* impression(EntityNumber campaign, TimeMs time, std::uint64_t count = 1) {
    auto& item = items_.emplace_back();
    item.impressions = {campaign, impression_bucket(time), count};
    return &item;
  }
  std::int64_t number(const std::string& sql) { return OtherConnection(factory_.options.path).number(sql); }

  World world_;
  SqliteFactory factory_;
  std::unique_ptr<Store> store_;
  std::deque<Idle<ImpressionItem>> items_;
};

TEST_F(SqliteImpressions, AreCountedByQuarterOfAnHour) {
  const TimeMs start = impression_bucket(world_.clock.wall());
  const auto last = start + kImpressionBucket - std::chrono::milliseconds{1};
  EXPECT_EQ(impression_bucket(last), start);
  ASSERT_OK(commit(*store_, world_, {impression(1, start), impression(1, last), impression(2, start)}));
  ASSERT_OK(commit(*store_, world_, {impression(1, last, 5), impression(1, start + kImpressionBucket)}));
  EXPECT_EQ(number("SELECT impressions FROM impression WHERE campaign = 1 ORDER BY bucket_ms LIMIT 1"), 7);
  EXPECT_EQ(number("SELECT count(*) FROM impression"), 3);
  EXPECT_EQ(number("SELECT sum(impressions) FROM impression"), 9);
}

TEST_F(SqliteImpressions, OfBotsAreASumOfTheirOwn) {
  const TimeMs now = world_.clock.wall();
  const auto of_bot = [&](std::uint64_t count) {
    auto* item = static_cast<ImpressionItem*>(impression(1, now, count));
    item->impressions.of_bots = true;
    return item;
  };
  ASSERT_OK(commit(*store_, world_, {impression(1, now), of_bot(1), impression(1, now), of_bot(3)}));
  ASSERT_OK(commit(*store_, world_, {of_bot(1)}));
  EXPECT_EQ(number("SELECT count(*) FROM impression"), 1);
  EXPECT_EQ(number("SELECT impressions FROM impression"), 2);
  EXPECT_EQ(number("SELECT bots FROM impression"), 5);
}

TEST_F(SqliteImpressions, OfABatchThatFailedAreNotCounted) {
  const TimeMs now = world_.clock.wall();
  auto& click = world_.click();
  auto& same = world_.click();
  same.click.id = click.click.id;
  EXPECT_ERROR(commit(*store_, world_, {impression(1, now), &click, &same}), ErrorCode::store_rejected);
  ASSERT_OK(commit(*store_, world_, {impression(1, now)}));
  EXPECT_EQ(number("SELECT sum(impressions) FROM impression"), 1);
}

}  // namespace
}  // namespace postback
