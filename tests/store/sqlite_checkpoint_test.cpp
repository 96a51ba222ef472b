// When the SQLite store moves its log into the database, and that readers never stop it from growing unbounded.
#include "store_fixture.hpp"

namespace postback {
namespace {

class SqliteCheckpoint : public testing::Test {
 protected:
  void open() {
    auto opened = factory_.open(world_.clock, world_.entropy);
    ASSERT_OK(opened);
    store_ = std::move(*opened);
    // The start counts as the last checkpoint.
    ClickItem& click = world_.click();
    ASSERT_OK(commit(*store_, world_, {&click}));
    ASSERT_OK(store_->maintain(true));
    before_ = store_->gauges().checkpoints;
  }
  void commit_one() {
    ClickItem& click = world_.click();
    ASSERT_OK(commit(*store_, world_, {&click}));
  }
  std::uint64_t since() const { return store_->gauges().checkpoints - before_; }

  World world_;
  SqliteFactory factory_;
  std::unique_ptr<Store> store_;
  std::uint64_t before_ = 0;
};

TEST_F(SqliteCheckpoint, WaitsForPagesForIdlenessOrForTime) {
  factory_.options.checkpoint_pages = 50;
  open();
  commit_one();
  ASSERT_OK(store_->maintain(true));
  EXPECT_EQ(since(), 0U) << "not after every commit of a quiet server";
  world_.clock.advance(std::chrono::seconds{1});
  ASSERT_OK(store_->maintain(false));
  EXPECT_EQ(since(), 0U);
  ASSERT_OK(store_->maintain(true));
  EXPECT_EQ(since(), 1U) << "idle for a second";
  world_.clock.advance(std::chrono::seconds{60});
  ASSERT_OK(store_->maintain(true));
  EXPECT_EQ(since(), 1U) << "nothing waits";
  commit_one();
  ASSERT_OK(store_->maintain(false));
  EXPECT_EQ(since(), 2U) << "after five seconds in any case";
  for (int n = 0; n < 60; ++n) commit_one();
  ASSERT_OK(store_->maintain(false));
  EXPECT_EQ(since(), 3U) << "enough pages";
}

TEST_F(SqliteCheckpoint, TheLogStaysSmallUnderLoad) {
  factory_.options.checkpoint_pages = 20;
  open();
  for (int n = 0; n < 300; ++n) {
    commit_one();
    ASSERT_OK(store_->maintain(false));
    EXPECT_LT(store_->gauges().wal_bytes, 40U * 4120);
  }
  EXPECT_GT(store_->gauges().pages_written, 300U);
}

TEST_F(SqliteCheckpoint, AnOversizeLogIsCut) {
  factory_.options.checkpoint_pages = 1'000'000;
  factory_.options.wal_limit_bytes = 200'000;
  open();
  for (int n = 0; n < 100; ++n) commit_one();
  const std::string log = factory_.options.path + "-wal";
  ASSERT_GT(std::filesystem::file_size(log), factory_.options.wal_limit_bytes);
  world_.clock.advance(std::chrono::seconds{1});
  ASSERT_OK(store_->maintain(false));
  EXPECT_EQ(std::filesystem::file_size(log), 0U);
  EXPECT_EQ(store_->gauges().wal_bytes, 0U);
}

TEST_F(SqliteCheckpoint, ReadersHoldNoSnapshotBetweenCalls) {
  open();
  const auto reader = store_->open_reader().value();
  ClickItem& click = world_.click();
  ASSERT_OK(commit(*store_, world_, {&click, &world_.postback(click.click.id, "&payout=1")}));
  LogQuery one;
  one.limit = 1;
  EXPECT_EQ(reader->clicks(one)->rows.size(), 1U);
  EXPECT_EQ(reader->postbacks(one)->rows.size(), 1U);
  EXPECT_EQ(reader->conversions(one)->rows.size(), 1U);
  EXPECT_TRUE(reader->click(click.click.id.high)->has_value());
  EXPECT_TRUE(reader->click_facts(click.click.id.high)->has_value());
  commit_one();
  world_.clock.advance(std::chrono::seconds{1});
  ASSERT_OK(store_->maintain(true));
  commit_one();
  // The log began anew, which it could not with a reader in it.
  EXPECT_LE(store_->gauges().wal_bytes, 32U + 3 * 4120);
}

}  // namespace
}  // namespace postback
