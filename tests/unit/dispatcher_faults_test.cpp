// The dispatcher when clocks jump, when the store refuses, and when deliveries are changed under its hands.
#include "support/dispatcher_world.hpp"

#include <gtest/gtest.h>

namespace postback::testing {
namespace {

using namespace std::chrono_literals;
using End = http::OutgoingOutcome::End;

class DispatcherFaults : public ::testing::Test {
 protected:
  DispatcherFaults() { world.put(1, "https://crm.example/hook?id={delivery_id}"); }
  void answer(int status, std::string retry_after = {}) {
    world.client.script = [status, retry_after](const auto&) { return ScriptedClient::status(status, retry_after); };
  }
  const Delivery& only() const { return world.outbox.deliveries_by_id.begin()->second; }
  DispatcherWorld world;
};

TEST_F(DispatcherFaults, AClockSetBackDelaysRetriesAndNothingElse) {
  answer(404);
  world.add_due(1, 10);
  world.run(1s);
  EXPECT_EQ(world.client.sent.size(), 10U);
  world.clock.step(-2h);
  const auto turns = world.turns;
  world.run(10min);
  EXPECT_LT(world.turns, turns + 1'000) << "no faster than once a second";
  EXPECT_EQ(world.client.sent.size(), 10U);
  answer(200);
  world.add_due(1, 5);
  world.run(1s);
  EXPECT_EQ(world.delivered(), 5U) << "new ones go at once";
  world.run(3h);
  EXPECT_EQ(world.delivered(), 15U);
}

TEST_F(DispatcherFaults, WhatIsDueFurtherAheadThanAnyPlanIsDue) {
  world.clock.step(24h * 400);
  answer(404);
  world.add_due(1, 10);
  world.run(1s);
  world.clock.step(-24h * 400);
  answer(200);
  world.run(1min);
  EXPECT_EQ(world.delivered(), 10U);
}

TEST_F(DispatcherFaults, AShorterDelayLeavesWhatWasPlannedWithALongOneItsTime) {
  world.put(1, "https://crm.example/hook?id={delivery_id}", R"(,"trigger":"click","delay_s":259200)");
  world.occur(Trigger::click, 10);
  world.run(1min);
  world.put(1, "https://crm.example/hook?id={delivery_id}", R"(,"trigger":"click")");
  world.occur(Trigger::click, 5);
  const auto turns = world.turns;
  world.run(70h);
  EXPECT_EQ(world.delivered(), 5U);
  EXPECT_LT(world.turns, turns + 300'000) << "no faster than once a second";
  world.run(3h);
  EXPECT_EQ(world.delivered(), 15U);
}

TEST_F(DispatcherFaults, AClockSetBackBehindALongDelayHoldsNothingLongerThanTheDelay) {
  world.put(1, "https://crm.example/hook?id={delivery_id}", R"(,"trigger":"click","delay_s":259200)");
  world.clock.step(24h * 400);
  world.occur(Trigger::click, 10);
  world.run(1min);
  world.clock.step(-24h * 400);
  world.run(73h);
  EXPECT_EQ(world.delivered(), 10U);
}

TEST_F(DispatcherFaults, WhatFailsWhileTheClockIsDaysAheadForAMinuteIsNotGivenUp) {
  answer(404);
  world.add_due(1, 10);
  world.run(1s);
  world.clock.step(24h * 9);
  world.run(1min);
  EXPECT_GT(world.client.sent.size(), 10U);
  world.clock.step(-24h * 9);
  world.run(1h);
  EXPECT_EQ(world.outbox.count(DeliveryState::failed), 0U);
  answer(200);
  world.run(3h);
  EXPECT_EQ(world.delivered(), 10U);
}

TEST_F(DispatcherFaults, AClockSetForwardMakesRetriesDue) {
  answer(404);
  world.add_due(1, 10);
  world.run(1s);
  answer(200);
  world.clock.step(24h * 400);
  world.run(5s);
  EXPECT_EQ(world.delivered(), 10U);
}

TEST_F(DispatcherFaults, WhileTheStoreRefusesNothingIsSentAndNothingForgotten) {
  world.add_due(1, 1'000);
  world.run(100ms);
  world.outbox.refuses = true;
  world.run(10s);
  const auto sent = world.client.sent.size();
  const auto kept = world.dispatcher->unnoted();
  EXPECT_GT(kept, 0U);
  EXPECT_LE(kept, 8U) << "no more than were under way";
  EXPECT_EQ(world.client.under_way(), 0U);
  const auto turns = world.turns;
  world.run(10min);
  EXPECT_EQ(world.client.sent.size(), sent);
  EXPECT_LT(world.turns, turns + 1'300) << "about once a second";
  world.outbox.refuses = false;
  world.run(5min);
  EXPECT_EQ(world.delivered(), 1'000U);
  EXPECT_EQ(world.client.sent.size(), 1'000U) << "each once";
  EXPECT_GT(world.figures.store_refusals.read(), 0U);
}

TEST_F(DispatcherFaults, APlanThatTheStoreRefusesIsMadeAgain) {
  world.put(1, "https://crm.example/hook?id={delivery_id}", R"(,"trigger":"click")");
  world.outbox.refuses = true;
  world.occur(Trigger::click, 700);
  world.run(10s);
  EXPECT_EQ(world.client.sent.size(), 0U);
  world.outbox.refuses = false;
  world.run(5min);
  EXPECT_EQ(world.delivered(), 700U);
  EXPECT_EQ(world.client.sent.size(), 700U);
  EXPECT_TRUE(world.outbox.occurrences_left.empty());
}

TEST_F(DispatcherFaults, WhatCannotBeReadIsReadLater) {
  world.outbox.unreadable = true;
  world.add_due(1, 10);
  world.run(30s);
  EXPECT_EQ(world.client.sent.size(), 0U);
  EXPECT_LT(world.turns, 100U);
  world.outbox.unreadable = false;
  world.run(5s);
  EXPECT_EQ(world.delivered(), 10U);
}

TEST_F(DispatcherFaults, WhatIsCancelledIsNotSentAndNotTriedAgain) {
  answer(404);
  world.client.script = [](const auto&) {
    auto slow = ScriptedClient::status(404);
    slow->after = 10s;
    return slow;
  };
  world.add_due(1, 50);
  world.run(1s);
  const auto under_way = world.client.under_way();
  ASSERT_GT(under_way, 0U);
  for (auto& [id, each] : world.outbox.deliveries_by_id) {
    each.state = DeliveryState::cancelled;
    each.due.reset();
  }
  world.dispatcher->changed();
  world.run(2h);
  EXPECT_EQ(world.client.sent.size(), under_way) << "those that were under way, and no more";
  EXPECT_EQ(world.outbox.count(DeliveryState::cancelled), 50U);
}

TEST_F(DispatcherFaults, WhatIsRetriedByHandUnderItsAttemptIsTriedAgain) {
  world.put(1, "https://crm.example/hook?id={delivery_id}", R"(,"retry":{"give_up_after_s":0})");
  const auto slow = [](int status) {
    return [status](const auto&) {
      auto made = ScriptedClient::status(status);
      made->after = 10s;
      return made;
    };
  };
  world.client.script = slow(404);
  world.add_due(1, 2);
  world.run(1s);
  ASSERT_EQ(world.client.under_way(), 2U);
  world.outbox.retry(only().id, world.clock.wall());
  world.dispatcher->changed();
  world.client.script = slow(200);
  world.run(1min);
  EXPECT_EQ(only().state, DeliveryState::delivered);
  EXPECT_EQ(only().attempts, 2U);
  EXPECT_EQ(world.outbox.count(DeliveryState::failed), 1U) << "the other one, whose plan was one attempt";
  EXPECT_EQ(world.client.sent.size(), 3U);
}

TEST_F(DispatcherFaults, AnOpenBreakerKeepsEverythingInTheStore) {
  answer(500);
  world.add_due(1, 100);
  world.run(20s);
  EXPECT_EQ(world.client.sent.size(), 5U) << "five in a row";
  EXPECT_EQ(world.figures.in_memory.load(), 0U);
  EXPECT_EQ(world.figures.hosts_paused.load(), 1U);
  const auto hosts = world.dispatcher->hosts();
  ASSERT_EQ(hosts.size(), 1U);
  EXPECT_EQ(hosts[0].origin, "https://crm.example");
  EXPECT_TRUE(hosts[0].paused);
  EXPECT_GT(hosts[0].paused_until_ms, world.clock.wall().time_since_epoch().count());
  answer(200);
  world.run(15s);
  EXPECT_EQ(world.figures.hosts_paused.load(), 0U);
  world.run(1h);
  EXPECT_EQ(world.delivered(), 100U);
}

TEST_F(DispatcherFaults, GonePausesTheDestinationUntilSomebodyLetsItGoOn) {
  world.put(2, "https://crm.example/other?id={delivery_id}");
  world.client.script = [](const http::OutgoingRequest& request) {
    return ScriptedClient::status(request.url.find("/hook") == std::string::npos ? 200 : 410);
  };
  world.add_due(1, 50);
  world.add_due(2, 50);
  world.run(1h);
  EXPECT_LE(world.sent_to("/hook"), 8U);
  EXPECT_EQ(world.delivered(), 50U) << "the other one of the same server goes on";
  EXPECT_EQ(world.outbox.count(DeliveryState::pending), 50U);
  ASSERT_TRUE(world.outbox.states[1].paused);
  EXPECT_NE(world.outbox.states[1].reason.find("410"), std::string::npos);
  EXPECT_EQ(world.figures.destinations_held.load(), 1U);
  world.restart();
  world.run(1h);
  EXPECT_LE(world.sent_to("/hook"), 8U) << "it stays paused";
  answer(200);
  world.outbox.states[1].paused.reset();
  world.dispatcher->changed();
  world.run(2h);
  EXPECT_EQ(world.delivered(), 100U);
}

TEST_F(DispatcherFaults, RetryAfterIsHonouredAndCapped) {
  answer(429, "3");
  world.add_due(1, 1);
  world.run(2'900ms);
  EXPECT_EQ(world.client.sent.size(), 1U);
  answer(429, "999999999");
  world.run(11s);
  EXPECT_EQ(world.client.sent.size(), 2U);
  answer(200);
  world.add_due(1, 1);
  world.run(23h);
  EXPECT_EQ(world.client.sent.size(), 2U) << "the destination is left alone";
  world.run(2h);
  EXPECT_EQ(world.delivered(), 2U);
}

TEST_F(DispatcherFaults, RetryAfterBehindAnyOtherAnswerStopsNothing) {
  answer(404, "999999999");
  world.add_due(1, 1);
  world.run(1s);
  answer(200);
  world.add_due(1, 1);
  world.run(1s);
  EXPECT_EQ(world.delivered(), 1U);
}

TEST_F(DispatcherFaults, WhoIsLeftAloneIsShownAndCounted) {
  answer(429, "3600");
  world.add_due(1, 1);
  world.run(1s);
  const auto waits = world.dispatcher->waits();
  ASSERT_EQ(waits.size(), 1U);
  EXPECT_EQ(waits[0].destination, 1U);
  EXPECT_EQ(waits[0].reason, "retry_after");
  EXPECT_NEAR(static_cast<double>(waits[0].until_ms - world.clock.wall().time_since_epoch().count()), 3.6e6, 2e3);
  EXPECT_EQ(world.figures.destinations_held.load(), 1U);
  answer(200);
  world.run(2h);
  EXPECT_TRUE(world.dispatcher->waits().empty());
  EXPECT_EQ(world.figures.destinations_held.load(), 0U);
  EXPECT_EQ(world.delivered(), 1U);
}

TEST_F(DispatcherFaults, AnOperatorEndsTheWait) {
  answer(429, "999999999");
  world.add_due(1, 1);
  world.run(1s);
  world.add_due(1, 1);
  world.run(1s);
  ASSERT_EQ(world.client.sent.size(), 1U);
  answer(200);
  world.dispatcher->try_now({1, 77});
  world.run(1s);
  EXPECT_EQ(world.delivered(), 1U) << "what is due goes; the other has its own time";
  EXPECT_TRUE(world.dispatcher->waits().empty());
}

TEST_F(DispatcherFaults, AnotherServerHasNotAskedForAnything) {
  answer(429, "999999999");
  world.add_due(1, 1);
  world.run(1s);
  answer(200);
  world.put(1, "https://crm.example/other?id={delivery_id}");
  world.add_due(1, 1);
  world.run(1s);
  EXPECT_EQ(world.delivered(), 0U) << "still the same server";
  world.put(1, "https://healthy.example/hook?id={delivery_id}");
  world.run(1s);
  EXPECT_EQ(world.delivered(), 1U);
}

TEST_F(DispatcherFaults, AnAnswerOfTheServerBeforeSaysNothingOfTheNewOne) {
  world.client.script = [](const auto&) {
    auto late = ScriptedClient::status(429, "999999999");
    late->after = 5s;
    return late;
  };
  world.add_due(1, 1);
  world.run(1s);
  ASSERT_EQ(world.client.under_way(), 1U);
  world.put(1, "https://healthy.example/hook?id={delivery_id}");
  world.run(10s);
  EXPECT_TRUE(world.dispatcher->waits().empty());
}

TEST_F(DispatcherFaults, AnOperatorHasABrokenServerTriedOnce) {
  answer(500);
  world.add_due(1, 20);
  world.run(1s);
  const auto before = world.client.sent.size();
  ASSERT_EQ(world.figures.hosts_paused.load(), 1U);
  world.dispatcher->try_now({1});
  world.run(1s);
  EXPECT_EQ(world.client.sent.size(), before + 1) << "one request, and the pause goes on";
  EXPECT_EQ(world.figures.hosts_paused.load(), 1U);
  answer(200);
  world.dispatcher->try_now({1});
  world.run(1s);
  EXPECT_EQ(world.figures.hosts_paused.load(), 0U);
  EXPECT_GT(world.delivered(), 1U);
}

TEST_F(DispatcherFaults, WhatCannotEvenBeTriedFailsAtOnce) {
  world.outbox.facts_missing = true;
  world.outbox.add_delivery(1, world.clock.wall());
  world.dispatcher->changed();
  world.run(1s);
  EXPECT_EQ(only().state, DeliveryState::failed);
  EXPECT_EQ(world.attempts(AttemptReason::no_facts), 1U);
  EXPECT_EQ(world.client.sent.size(), 0U);
  ASSERT_EQ(world.outbox.attempts.size(), 1U);
  EXPECT_NE(world.outbox.attempts[0].error, "");
}

TEST_F(DispatcherFaults, APermanentFailureIsOne) {
  for (const auto end : {End::blocked_address, End::invalid_request}) {
    world.client.script = [end](const auto&) {
      ScriptedClient::Answer answer;
      answer.outcome.end = end;
      return std::optional(answer);
    };
    world.add_due(1, 20);
    world.run(1min);
  }
  EXPECT_EQ(world.outbox.count(DeliveryState::failed), 40U);
  EXPECT_EQ(world.client.sent.size(), 40U);
  EXPECT_EQ(world.figures.hosts_paused.load(), 0U);
}

TEST_F(DispatcherFaults, WhatWasUnderWayAtACrashIsSentAgainWithItsKey) {
  world.add_due(1, 5);
  world.dispatcher->turn();
  world.dispatcher->turn();
  const auto first = world.client.sent;
  ASSERT_GT(first.size(), 0U);
  world.restart();
  world.run(1min);
  EXPECT_EQ(world.delivered(), 5U);
  ASSERT_EQ(world.client.sent.size(), 5 + first.size());
  for (std::size_t n = 0; n < first.size(); ++n)
    EXPECT_EQ(world.client.sent[first.size() + n].url, first[n].url) << "the same key";
}

TEST_F(DispatcherFaults, AtTheEndNothingNewIsTakenAndWhatIsUnderWayIsNoted) {
  world.add_due(1, 100);
  world.run(50ms);
  world.dispatcher->stop_taking();
  const auto sent = world.client.sent.size();
  ASSERT_GT(world.client.under_way(), 0U);
  world.occur(Trigger::click);
  world.run(1min);
  EXPECT_EQ(world.client.sent.size(), sent);
  EXPECT_EQ(world.delivered(), sent);
  EXPECT_EQ(world.outbox.occurrences_left.size(), 1U);
  EXPECT_EQ(world.dispatcher->in_flight(), 0U);
  EXPECT_EQ(world.dispatcher->unnoted(), 0U);
}

TEST_F(DispatcherFaults, WhatIsCancelledByTheClientStaysPending) {
  world.add_due(1, 2);
  world.dispatcher->turn();
  ASSERT_EQ(world.client.under_way(), 2U);
  world.client.cancel_all();
  world.run(1min);
  EXPECT_EQ(world.delivered(), 2U);
  EXPECT_EQ(world.outbox.attempts.size(), 2U) << "no attempt that says nothing";
}

TEST_F(DispatcherFaults, APausedDestinationKeepsWhatItWouldBeTold) {
  world.put(1, "https://crm.example/hook?id={delivery_id}", R"(,"trigger":"click","state":"paused")");
  world.occur(Trigger::click, 100);
  world.run(1h);
  EXPECT_EQ(world.client.sent.size(), 0U);
  EXPECT_EQ(world.outbox.count(DeliveryState::pending), 100U);
  EXPECT_EQ(world.figures.in_memory.load(), 0U);
  world.put(1, "https://crm.example/hook?id={delivery_id}", R"(,"trigger":"click")");
  world.run(1min);
  EXPECT_EQ(world.delivered(), 100U);
}

TEST_F(DispatcherFaults, ADestinationThatMovesTakesItsDeliveriesAlong) {
  answer(500);
  world.add_due(1, 100);
  world.run(20s);
  world.put(1, "https://new.example/hook?id={delivery_id}");
  answer(200);
  world.run(5s);
  EXPECT_GE(world.delivered(), 94U) << "the new server is not paused";
}

}  // namespace
}  // namespace postback::testing
