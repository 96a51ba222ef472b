// StoreContract: deliveries forget whom they are about.
#include "contract_delivery_fixture.hpp"

#include "postback/store/forget_item.hpp"

namespace postback {
namespace {

class DeliveryForgetting : public DeliveryContract {
 protected:
  /// An impression of this visitor that no delivery was planned for yet.
  Occurrence told(const std::string& detail) {
    Idle<ImpressionItem> item;
    item.impressions = {1, impression_bucket(world_.clock.wall()), 1};
    item.told = true;
    item.told_time = world_.clock.wall();
    item.told_detail = detail;
    EXPECT_OK(commit({&item}));
    return outbox().back();
  }
  /// The delivery of an impression of this visitor.
  SnowflakeId seen(const std::string& detail) {
    const Occurrence occurrence = told(detail);
    Delivery delivery = delivery_of(occurrence);
    delivery.trigger = Trigger::impression;
    delivery.conversion_number = 0;
    delivery.detail = occurrence.detail;
    return plan(occurrence, delivery);
  }
  /// The delivery of a conversion whose click had these.
  SnowflakeId converted(const std::string& ip, const std::string& external_id) {
    ClickItem& click = world_.click();
    click.click.ip = world_.texts.emplace_back(ip);
    click.click.external_id = world_.texts.emplace_back(external_id);
    EXPECT_OK(commit({&click, &world_.postback(click.click.id, "&payout=5")}));
    last_click_ = click.click.id.high;
    const Occurrence occurrence = outbox().back();
    return plan(occurrence, delivery_of(occurrence));
  }
  std::size_t forget(ForgetItem& item) {
    item.table = ForgetTable::delivery;
    EXPECT_OK(commit({&item}));
    return item.forgotten;
  }
  std::vector<SnowflakeId> about(const Person& person, SnowflakeId before = 0) {
    const auto found = reader_->rows_about(person, ForgetTable::delivery, before, std::chrono::seconds{5});
    EXPECT_EQ(found.value().next, 0U);
    return found.value().rows;
  }

  SnowflakeId last_click_ = 0;
};

TEST_P(DeliveryForgetting, WhatWasSaidGoesAndThatItHappenedStays) {
  const SnowflakeId id = seen(R"({"ip":"192.0.2.9"})");
  note(id, 1, AttemptReason::wrong_status, DeliveryState::pending);
  note(id, 2, AttemptReason::delivered, DeliveryState::delivered);
  const SnowflakeId kept = planned();
  note(kept, 1, AttemptReason::delivered, DeliveryState::delivered);
  Idle<ForgetItem> item;
  item.rows = {id, 12345};
  EXPECT_EQ(forget(item), 1U);
  EXPECT_EQ(forget(item), 0U) << "there is nothing more to lose";
  const Delivery delivery = found(id);
  EXPECT_EQ(delivery.detail, "");
  EXPECT_EQ(delivery.state, DeliveryState::delivered);
  const auto attempts = reader_->delivery_attempts(id).value();
  ASSERT_EQ(attempts.size(), 2U);
  for (const auto& attempt : attempts) {
    EXPECT_EQ(attempt.request + attempt.answer + attempt.address + attempt.error, "");
    EXPECT_NE(attempt.http_status, 0);
  }
  EXPECT_EQ(attempts[0].reason, AttemptReason::wrong_status);
  EXPECT_NE(reader_->delivery_attempts(kept).value().at(0).request, "");
}

TEST_P(DeliveryForgetting, OldOnesGoStepByStep) {
  std::vector<SnowflakeId> ids;
  for (int day = 0; day < 4; ++day) {
    ids.push_back(planned());
    note(ids.back(), 1, AttemptReason::delivered, DeliveryState::delivered);
    world_.clock.advance(std::chrono::hours{24});
  }
  Idle<ForgetItem> item;
  item.before = ids[3];
  item.most = 2;
  EXPECT_EQ(forget(item), 2U);
  EXPECT_TRUE(item.more);
  EXPECT_EQ(reader_->forgotten_to(ForgetTable::delivery).value(), ids[1]);
  EXPECT_EQ(reader_->forgotten_to(ForgetTable::click).value(), 0U);
  EXPECT_EQ(forget(item), 1U);
  EXPECT_FALSE(item.more);
  EXPECT_NE(reader_->delivery_attempts(ids[3]).value().at(0).request, "");
}

TEST_P(DeliveryForgetting, APersonsDeliveriesAreFoundByClickAndByImpression) {
  const SnowflakeId shown = seen(R"({"external_id":"E1","ip":"203.0.113.7"})");
  const SnowflakeId mine = converted("203.0.113.7", "E1");
  const SnowflakeId click = last_click_;
  converted("203.0.113.70", "E11");
  seen(R"({"external_id":"E11","ip":"203.0.113.70","sub1":"E1"})");
  seen("no JSON at all");
  EXPECT_EQ(about({.ip = "203.0.113.7"}), (std::vector{mine, shown}));
  EXPECT_EQ(about({.external_id = "E1"}), (std::vector{mine, shown}));
  EXPECT_EQ(about({.external_id = "E1"}, mine), std::vector{shown});
  EXPECT_EQ(about({.click = click}), std::vector{mine});
  EXPECT_TRUE(about({.click = click}, mine).empty());
}

TEST_P(DeliveryForgetting, WhatWaitsToBePlannedIsForgottenAsWell) {
  const SnowflakeId waiting = told(R"({"ip":"203.0.113.7"})").id;
  EXPECT_EQ(about({.ip = "203.0.113.7"}), std::vector{waiting});
  Idle<ForgetItem> item;
  item.rows = {waiting};
  EXPECT_EQ(forget(item), 1U);
  EXPECT_EQ(outbox().back().detail, "");
  const SnowflakeId old = told(R"({"ip":"203.0.113.8"})").id;
  Idle<ForgetItem> retention;
  retention.before = old + 1;
  EXPECT_EQ(forget(retention), 1U);
  EXPECT_TRUE(about({.ip = "203.0.113.8"}).empty());
}

INSTANTIATE_TEST_SUITE_P(Stores, DeliveryForgetting,
                         testing::Values(std::pair<const char*, MakeFactory>{
                             "sqlite", [] { return std::make_unique<SqliteFactory>(); }}),
                         [](const auto& tested) { return std::string(tested.param.first); });

}  // namespace
}  // namespace postback
