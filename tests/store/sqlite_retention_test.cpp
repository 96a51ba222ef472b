// Retention over a real store: what grew old is forgotten, and a clock that jumps forgets nothing.
#include "postback/store/retention.hpp"

#include "postback/store/delivery_items.hpp"
#include "store_fixture.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace postback {
namespace {

constexpr auto kDay = std::chrono::hours{24};

/// A store with its recorder, and clicks of several days.
class RetentionOverStore : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = factory_.open(world_.clock, world_.entropy);
    ASSERT_OK(opened);
    store_ = std::move(*opened);
    auto reader = store_->open_reader();
    ASSERT_OK(reader);
    reader_ = std::move(*reader);
  }
  /// A click with an address, then a day passes.
  SnowflakeId click_and_a_day() {
    auto& item = world_.click();
    item.click.ip = "192.0.2.1";
    EXPECT_OK(commit(*store_, world_, {&item}));
    world_.clock.advance(kDay);
    return item.click.id.high;
  }
  bool is_forgotten(SnowflakeId click) { return reader_->click(click).value().value().ip.empty(); }
  /// Steps until there is nothing more to do; how many did something.
  int run(Retention& retention) {
    int steps = 1;
    while (retention.step(*reader_).value()) ++steps;
    return steps;
  }
  void start() {
    recorder_.emplace(*store_, world_.ids, world_.clock, RecorderLimits{}, [](const Error&) {}).start();
  }
  void TearDown() override {
    if (recorder_) recorder_->stop();
  }

  World world_;
  SqliteFactory factory_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Reader> reader_;
  std::optional<Recorder> recorder_;
};

TEST_F(RetentionOverStore, ForgetsWhatGrewOldEnough) {
  std::vector<SnowflakeId> clicks;
  for (int day = 0; day < 10; ++day) clicks.push_back(click_and_a_day());
  start();
  ItemWaiter items(*recorder_);
  Retention retention({.click_days = 8, .step_rows = 1}, world_.clock, items);
  EXPECT_EQ(run(retention), 2) << "those of 10 and 9 days, one a step";
  EXPECT_TRUE(is_forgotten(clicks[0]) && is_forgotten(clicks[1]));
  EXPECT_FALSE(is_forgotten(clicks[2])) << "8 days are not older than 8 days";
  EXPECT_EQ(retention.figures().clicks_forgotten.load(), 2U);
  world_.clock.advance(kDay);
  run(retention);
  EXPECT_TRUE(is_forgotten(clicks[2]));
  EXPECT_FALSE(is_forgotten(clicks[3]));
}

TEST_F(RetentionOverStore, KeepsEverythingUnlessToldOtherwise) {
  const auto click = click_and_a_day();
  world_.clock.advance(kDay * 3'000);
  start();
  ItemWaiter items(*recorder_);
  Retention retention({}, world_.clock, items);
  EXPECT_EQ(run(retention), 1);
  EXPECT_FALSE(is_forgotten(click));
}

TEST_F(RetentionOverStore, AClockThatJumpsForgetsNothing) {
  std::vector<SnowflakeId> clicks;
  for (int day = 0; day < 10; ++day) clicks.push_back(click_and_a_day());
  start();
  ItemWaiter items(*recorder_);
  Retention retention({.click_days = 30}, world_.clock, items);
  run(retention);
  world_.clock.step(kDay * 400);
  run(retention);
  for (const auto click : clicks) EXPECT_FALSE(is_forgotten(click));
  EXPECT_EQ(retention.figures().held_back.load(), 1U);
  world_.clock.step(-kDay * 400);
  run(retention);
  EXPECT_EQ(retention.figures().held_back.load(), 0U) << "mended";
  world_.clock.step(-kDay * 400);
  run(retention);
  for (const auto click : clicks) EXPECT_FALSE(is_forgotten(click));
}

TEST_F(RetentionOverStore, AnOldStoreWaitsForConfirmation) {
  std::vector<SnowflakeId> clicks;
  for (int day = 0; day < 10; ++day) clicks.push_back(click_and_a_day());
  start();
  ItemWaiter items(*recorder_);
  RetentionRules rules{.click_days = 2};
  Retention unconfirmed(rules, world_.clock, items);
  run(unconfirmed);
  EXPECT_FALSE(is_forgotten(clicks[0]));
  rules.confirmed_before = world_.clock.wall();
  Retention confirmed(rules, world_.clock, items);
  run(confirmed);
  EXPECT_TRUE(is_forgotten(clicks[0]) && is_forgotten(clicks[7]));
  EXPECT_FALSE(is_forgotten(clicks[9]));
  world_.clock.advance(kDay * 3);
  run(unconfirmed);
  EXPECT_FALSE(is_forgotten(clicks[9])) << "three days at once are more than half of the two that are kept";
}

TEST_F(RetentionOverStore, ForgetsPostbacksBySomeOtherTime) {
  ClickItem& click = world_.click();
  click.click.ip = "192.0.2.1";
  PostbackItem& postback = world_.postback(click.click.id, "&txid=A1&email=a");
  ASSERT_OK(commit(*store_, world_, {&click, &postback}));
  world_.clock.advance(kDay * 31);
  start();
  ItemWaiter items(*recorder_);
  Retention retention({.postback_days = 30}, world_.clock, items);
  run(retention);
  EXPECT_EQ(reader_->postbacks({}).value().rows.at(0).target, "/postback/acme");
  EXPECT_FALSE(is_forgotten(click.click.id.high));
}

TEST_F(RetentionOverStore, ForgetsDeliveriesByTheirOwnTime) {
  ClickItem& click = world_.click();
  click.told = true;
  click.click.ip = "192.0.2.1";
  ASSERT_OK(commit(*store_, world_, {&click}));
  Idle<PlanItem> plan;
  plan.occurrences = {reader_->occurrences(0, 1).value().at(0).id};
  plan.deliveries.push_back({plan.occurrences[0], {}});
  plan.deliveries[0].delivery.detail = "{}";
  plan.deliveries[0].delivery.state = DeliveryState::delivered;
  ASSERT_OK(commit(*store_, world_, {&plan}));
  world_.clock.advance(kDay * 31);
  start();
  ItemWaiter items(*recorder_);
  Retention retention({.delivery_days = 30}, world_.clock, items);
  run(retention);
  EXPECT_EQ(reader_->deliveries({}).value().rows.at(0).detail, "");
  EXPECT_EQ(retention.figures().deliveries_forgotten.load(), 1U);
  EXPECT_FALSE(is_forgotten(click.click.id.high));
}

}  // namespace
}  // namespace postback
