// The dispatcher when a destination becomes a feed, and when it is one no longer.
#include "support/dispatcher_world.hpp"

#include <gtest/gtest.h>

namespace postback::testing {
namespace {

using namespace std::chrono_literals;

class DispatcherListing : public ::testing::Test {
 protected:
  void put_sent() { world.put(1, "https://crm.example/hook?id={delivery_id}", R"(,"trigger":"click")"); }
  void put_feed() {
    world.put_document(1, R"({"name":"Ads","profile":"google_ads_offline","feed_token":"FEED-TOKEN-12345678",
                              "settings":{"conversion_name":"Sale"}})");
  }
  /// From now on whoever is asked takes so long to answer.
  void answer(int status, std::chrono::milliseconds after) {
    world.client.script = [status, after](const auto&) {
      auto slow = ScriptedClient::status(status);
      slow->after = after;
      return slow;
    };
  }
  DispatcherWorld world;
};

TEST_F(DispatcherListing, WhatWaitsForAFeedIsListed) {
  put_feed();
  world.add_due(1, 2'500);
  world.outbox.add_delivery(1, world.clock.wall() + 24h);
  world.run(1min);
  EXPECT_EQ(world.outbox.count(DeliveryState::listed), 2'501U);
  EXPECT_EQ(world.client.sent.size(), 0U);
  EXPECT_EQ(world.figures.results[static_cast<std::size_t>(DeliveryState::listed)].read(), 2'501U);
}

TEST_F(DispatcherListing, ADestinationThatBecomesAFeedListsWhatItHadLeftToSend) {
  put_sent();
  answer(404, 10s);
  world.add_due(1, 100);
  world.run(1s);
  const auto under_way = world.client.under_way();
  ASSERT_GT(under_way, 0U);
  put_feed();
  world.run(2s);
  EXPECT_EQ(world.outbox.count(DeliveryState::pending), under_way) << "these are left to their answers";
  world.run(1min);
  EXPECT_EQ(world.outbox.count(DeliveryState::listed), 100U);
  EXPECT_EQ(world.client.sent.size(), under_way);
}

TEST_F(DispatcherListing, WhatWaitedInMemoryIsListedAsWell) {
  put_sent();
  answer(200, 10s);
  world.add_due(1, 40);  // all of them fit the window, so the store has nothing more
  world.run(1s);
  const auto under_way = world.client.under_way();
  ASSERT_GT(under_way, 0U);
  ASSERT_LT(under_way, 40U);
  put_feed();
  world.run(1min);
  EXPECT_EQ(world.delivered(), under_way);
  EXPECT_EQ(world.outbox.count(DeliveryState::listed), 40U - under_way);
}

TEST_F(DispatcherListing, WhatFailsInTheTurnOfTheLastStepIsListed) {
  put_sent();
  answer(404, 1s);
  world.add_due(1, 1);
  world.run(500ms);
  ASSERT_EQ(world.client.under_way(), 1U);
  world.outbox.add_delivery(1, world.clock.wall() + 24h);
  world.clock.advance(600ms);  // the answer is there, and not taken yet
  put_feed();
  world.dispatcher->changed();
  world.run(1min);
  EXPECT_EQ(world.outbox.count(DeliveryState::listed), 2U);
}

TEST_F(DispatcherListing, AFeedThatCannotBeReadStopsNoOther) {
  put_feed();
  world.put(2, "https://crm.example/hook?id={delivery_id}");
  world.outbox.unreadable_of.insert(1);
  world.add_due(1, 5);
  world.add_due(2, 5);
  world.run(1min);
  EXPECT_EQ(world.delivered(), 5U);
  world.outbox.unreadable_of.clear();
  world.dispatcher->changed();
  world.run(1min);
  EXPECT_EQ(world.outbox.count(DeliveryState::listed), 5U);
}

TEST_F(DispatcherListing, WhatIsUnderWayAndDeliveredIsNotListed) {
  put_sent();
  world.add_due(1, 2);
  world.dispatcher->turn();
  ASSERT_EQ(world.client.under_way(), 2U);
  put_feed();
  world.run(1min);
  EXPECT_EQ(world.delivered(), 2U);
  EXPECT_EQ(world.outbox.count(DeliveryState::listed), 0U);
}

TEST_F(DispatcherListing, ARefusingStoreIsAskedAgain) {
  put_feed();
  world.outbox.refuses = true;
  world.add_due(1, 5);
  const auto turns = world.turns;
  world.run(1min);
  EXPECT_LT(world.turns, turns + 200) << "about once a second";
  EXPECT_EQ(world.outbox.count(DeliveryState::pending), 5U);
  world.outbox.refuses = false;
  world.run(5s);
  EXPECT_EQ(world.outbox.count(DeliveryState::listed), 5U);
}

TEST_F(DispatcherListing, WhatAFeedListedStaysListedWhenItBecomesOneThatSends) {
  put_feed();
  world.add_due(1, 5);
  world.run(1min);
  put_sent();
  world.dispatcher->changed();
  world.run(1min);
  EXPECT_EQ(world.outbox.count(DeliveryState::listed), 5U);
  EXPECT_EQ(world.client.sent.size(), 0U);
  world.add_due(1, 1);
  world.run(1min);
  EXPECT_EQ(world.delivered(), 1U);
}

}  // namespace
}  // namespace postback::testing
