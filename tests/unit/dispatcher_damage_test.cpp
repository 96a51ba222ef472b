// The dispatcher when single rows cannot be read, throw, or are rejected: the others go on.
#include "support/dispatcher_world.hpp"

#include <gtest/gtest.h>

namespace postback::testing {
namespace {

using namespace std::chrono_literals;

class DispatcherDamage : public ::testing::Test {
 protected:
  DispatcherDamage() { world.put(1, kUrl, R"(,"trigger":"click")"); }
  const Delivery& row(SnowflakeId id) const { return world.outbox.deliveries_by_id.at(id); }
  SnowflakeId first_due() {
    world.add_due(1, 1);
    return world.outbox.deliveries_by_id.begin()->first;
  }
  /// Another hundred are delivered in seconds, and the store is not taken for down.
  void expect_others_to_go_on() {
    const auto before = world.delivered();
    world.add_due(1, 100);
    world.run(3s);
    EXPECT_EQ(world.delivered(), before + 100);
    EXPECT_EQ(world.figures.store_refusals.read(), 0U);
  }
  static constexpr const char* kUrl = "https://crm.example/hook?id={delivery_id}";
  DispatcherWorld world;
};

TEST_F(DispatcherDamage, FactsThatCannotBeReadFailTheirDeliveryAlone) {
  const auto bad = first_due();
  world.outbox.damaged = {bad};
  expect_others_to_go_on();
  EXPECT_EQ(row(bad).state, DeliveryState::pending) << "by its plan: a backup may be restored";
  ASSERT_FALSE(world.outbox.attempts.empty());
  const auto& attempt = world.outbox.attempts.front();
  EXPECT_EQ(attempt.delivery, bad);
  EXPECT_EQ(attempt.reason, AttemptReason::no_facts);
  EXPECT_NE(attempt.error.find("cannot be read"), std::string::npos);
  EXPECT_EQ(attempt.error.find("secret"), std::string::npos) << "paths are for the log";
  world.run(24h * 4);
  EXPECT_EQ(row(bad).state, DeliveryState::failed);
}

TEST_F(DispatcherDamage, WhatThrowsFailsItsDeliveryAlone) {
  const auto bad = first_due();
  world.outbox.throwing = {bad};
  expect_others_to_go_on();
  EXPECT_EQ(row(bad).attempts, 1U);
  world.outbox.throwing.clear();
  world.run(1min);
  EXPECT_EQ(row(bad).state, DeliveryState::delivered) << "it is not held for ever";
}

TEST_F(DispatcherDamage, WhatAnExceptionLeftBehindIsSentAfterAll) {
  world.add_due(1, 5);
  world.outbox.throws = true;
  EXPECT_THROW(world.run(1s), std::runtime_error);
  world.outbox.throws = false;
  world.dispatcher->changed();  // as the outbox's thread does then
  world.run(1min);
  EXPECT_EQ(world.delivered(), 5U);
}

TEST_F(DispatcherDamage, AClientThatThrowsHasNothingUnderWay) {
  world.client.script = [](const auto&) -> std::optional<ScriptedClient::Answer> {
    throw std::runtime_error("as the test says");
  };
  world.add_due(1, 20);
  world.run(1s);
  EXPECT_EQ(world.dispatcher->in_flight(), 0U);
  EXPECT_GE(world.outbox.attempts.size(), 20U);
  world.client.script = [](const auto&) { return ScriptedClient::status(200); };
  world.run(1min);
  EXPECT_EQ(world.delivered(), 20U);
}

TEST_F(DispatcherDamage, ADestinationWhoseDeliveriesCannotBeReadWaitsAlone) {
  world.put(2, "https://other.example/hook?id={delivery_id}");
  world.outbox.unreadable_of = {2};
  world.add_due(2, 5);
  expect_others_to_go_on();
  world.outbox.unreadable_of.clear();
  world.run(2min);
  EXPECT_EQ(world.delivered(), 105U);
}

TEST_F(DispatcherDamage, AnOccurrenceThatCannotBePlannedIsPassedOver) {
  const auto damaged = world.outbox.add_occurrence(Trigger::click, world.clock.wall());
  const auto throwing = world.outbox.add_occurrence(Trigger::click, world.clock.wall());
  world.outbox.damaged = {damaged};
  world.outbox.throwing = {throwing};
  world.occur(Trigger::click, 700);
  world.run(30s);
  EXPECT_EQ(world.delivered(), 700U);
  EXPECT_EQ(world.outbox.occurrences_left.size(), 2U) << "they are not lost";
  EXPECT_EQ(world.figures.store_refusals.read(), 0U);
  world.outbox.damaged.clear();
  world.outbox.throwing.clear();
  world.run(2min);
  EXPECT_EQ(world.delivered(), 702U);
}

TEST_F(DispatcherDamage, WhatTheStoreRejectsOfAPlanIsPassedOver) {
  world.occur(Trigger::click, 100);
  const auto bad = world.outbox.add_occurrence(Trigger::click, world.clock.wall());
  world.outbox.unplannable = {bad};
  world.occur(Trigger::click, 100);
  world.run(10s);
  EXPECT_EQ(world.delivered(), 200U);
  EXPECT_TRUE(world.outbox.occurrences_left.contains(bad));
  EXPECT_EQ(world.figures.store_refusals.read(), 0U);
}

TEST_F(DispatcherDamage, ANoteThatTheStoreRejectsIsGivenUpAlone) {
  const auto bad = first_due();
  world.outbox.unnotable = {bad};
  expect_others_to_go_on();
  EXPECT_EQ(world.dispatcher->unnoted(), 0U);
  EXPECT_EQ(row(bad).state, DeliveryState::pending);
  world.dispatcher->changed();
  world.run(1h);
  EXPECT_EQ(world.client.sent.size(), 101U) << "the other side has it: it is not sent again and again";
  world.outbox.unnotable.clear();
  world.restart();
  world.run(1min);
  EXPECT_EQ(world.delivered(), 101U);
}

}  // namespace
}  // namespace postback::testing
