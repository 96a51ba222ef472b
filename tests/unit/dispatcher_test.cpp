// The dispatcher over hours of a fake clock: outages, hanging servers, clocks that jump, a store that refuses.
#include "support/dispatcher_world.hpp"

#include <gtest/gtest.h>

#include <set>

namespace postback::testing {
namespace {

using namespace std::chrono_literals;
using End = http::OutgoingOutcome::End;

std::optional<ScriptedClient::Answer> broken(End end) {
  ScriptedClient::Answer answer;
  answer.outcome.end = end;
  return answer;
}

std::string host_url(std::size_t number) {
  return "https://h" + std::to_string(number) + ".example/hook?id={delivery_id}";
}

TEST(Dispatcher, DeliversWhatIsDue) {
  DispatcherWorld world;
  world.put(1, "https://crm.example/hook?id={delivery_id}");
  world.add_due(1, 300);
  world.run(1min);
  EXPECT_EQ(world.delivered(), 300U);
  EXPECT_EQ(world.client.sent.size(), 300U);
  EXPECT_EQ(world.outbox.attempts.size(), 300U);
  EXPECT_EQ(world.client.most_under_way, 8U) << "the host's concurrency";
  std::set<std::string> urls;
  for (const auto& request : world.client.sent) urls.insert(request.url);
  EXPECT_EQ(urls.size(), 300U);
  EXPECT_EQ(world.figures.results[static_cast<std::size_t>(DeliveryState::delivered)].read(), 300U);
}

TEST(Dispatcher, ATargetDownForAnHourGetsEverything) {
  DispatcherWorld world;
  world.put(1, "https://crm.example/hook?id={delivery_id}");
  const auto up = world.clock.steady() + 1h;
  world.client.script = [&](const auto&) {
    return world.clock.steady() < up ? broken(End::connect_failed) : ScriptedClient::status(200);
  };
  world.add_due(1, 1'000);
  world.run(1h);
  EXPECT_EQ(world.delivered(), 0U);
  EXPECT_LT(world.client.sent.size(), 25U) << "the breaker spares it: five failures, then one try for each pause";
  EXPECT_GE(world.client.sent.size(), 10U);
  EXPECT_EQ(world.outbox.count(DeliveryState::pending), 1'000U) << "what waits uses up no attempts";
  world.run(2h);
  EXPECT_EQ(world.delivered(), 1'000U);
  EXPECT_EQ(world.outbox.count(DeliveryState::failed), 0U);
}

TEST(Dispatcher, WithoutABreakerEachDeliveryFollowsItsPlan) {
  delivery::DeliveryLimits limits;
  limits.breaker.failures = 1'000'000;
  DispatcherWorld world(limits);
  world.put(1, "https://crm.example/hook?id={delivery_id}", R"(,"retry":{"give_up_after_s":3600})");
  world.client.script = [](const auto&) { return ScriptedClient::status(500); };
  world.add_due(1, 20);
  world.run(59min);
  EXPECT_EQ(world.outbox.count(DeliveryState::pending), 20U);
  world.run(10min);
  EXPECT_EQ(world.outbox.count(DeliveryState::failed), 20U);
  EXPECT_GT(world.client.sent.size(), 20U * 6) << "pauses double from 10 s";
  EXPECT_LT(world.client.sent.size(), 20U * 40);
  EXPECT_EQ(world.outbox.attempts.size(), world.client.sent.size());
}

/// How many of the good servers' deliveries have arrived after `span`, with so many hanging ones beside them.
std::size_t good_ones_after(std::chrono::milliseconds span, std::size_t hanging, std::size_t& held_by_hanging) {
  DispatcherWorld world;
  for (EntityNumber n = 1; n <= 100; ++n) world.put(n, host_url(n));
  world.client.script = [hanging](const http::OutgoingRequest& request) {
    const auto number = std::stoul(request.url.substr(std::string("https://h").size()));
    return number <= hanging ? std::nullopt : ScriptedClient::status(200);
  };
  for (EntityNumber n = 1; n <= 100; ++n) world.add_due(n, 100);
  world.run(span);
  std::size_t good = 0;
  for (const auto& [id, each] : world.outbox.deliveries_by_id)
    good += each.destination > 10 && each.state == DeliveryState::delivered ? 1U : 0U;
  held_by_hanging = world.client.under_way();
  return good;
}

TEST(Dispatcher, HangingServersDelayNobodyElse) {
  std::size_t held = 0;
  const auto alone = good_ones_after(200ms, 0, held);
  EXPECT_GT(alone, 2'000U);
  EXPECT_LT(alone, 9'000U) << "a moment in the middle";
  EXPECT_EQ(good_ones_after(200ms, 10, held), alone);
  EXPECT_EQ(good_ones_after(5s, 10, held), 9'000U);
  EXPECT_EQ(held, 20U) << "a server that never answered holds two places";
}

TEST(Dispatcher, MoreHangingServersThanPlacesHoldEverybodyUpOnce) {
  delivery::DeliveryLimits limits;
  limits.in_flight = 32;
  DispatcherWorld world(limits);
  for (EntityNumber n = 1; n <= 41; ++n) world.put(n, host_url(n));
  world.client.script = [](const http::OutgoingRequest& request) {
    return request.url.find("//h41.") == std::string::npos ? std::nullopt : ScriptedClient::status(200);
  };
  for (EntityNumber n = 1; n <= 40; ++n) world.add_due(n, 50);
  world.run(3min);
  EXPECT_EQ(world.client.most_under_way, 32U);
  world.add_due(41, 50);
  world.run(2min);
  EXPECT_EQ(world.delivered(), 50U) << "breakers are open: the places are free";
}

TEST(Dispatcher, ABusyDestinationDoesNotDelayAnotherOfItsServer) {
  DispatcherWorld world;
  world.put(1, "https://crm.example/busy?id={delivery_id}");
  world.put(2, "https://crm.example/quiet?id={delivery_id}");
  world.add_due(1, 2'000);
  world.run(200ms);
  const auto before = world.client.sent.size();
  ASSERT_LT(before, 1'000U);
  world.add_due(2, 5);
  for (int n = 0; n < 100 && world.sent_to("/quiet") < 5; ++n) world.run(20ms);
  EXPECT_LE(world.client.sent.size(), before + 24) << "they take turns";
}

TEST(Dispatcher, MemoryHoldsAWindowOnly) {
  delivery::DeliveryLimits limits;
  limits.window = 16;
  DispatcherWorld world(limits);
  world.put(1, "https://crm.example/hook?id={delivery_id}");
  world.client.script = [](const auto&) { return std::nullopt; };
  world.add_due(1, 5'000);
  world.run(1s);
  EXPECT_EQ(world.figures.in_flight.load() + world.figures.in_memory.load(), 16U);
  world.client.script = [](const auto&) { return ScriptedClient::status(200); };
  world.run(5min);
  EXPECT_EQ(world.delivered(), 5'000U);
}

TEST(Dispatcher, ManyDestinationsShareTheMemory) {
  delivery::DeliveryLimits limits;
  limits.in_memory = 100;
  DispatcherWorld world(limits);
  for (EntityNumber n = 1; n <= 20; ++n) world.put(n, host_url(n));
  for (EntityNumber n = 1; n <= 20; ++n) world.add_due(n, 50);
  world.client.script = [](const auto&) { return std::nullopt; };
  world.run(1s);
  EXPECT_EQ(world.figures.in_flight.load() + world.figures.in_memory.load(), 100U);
  world.client.script = [](const auto&) { return ScriptedClient::status(200); };
  world.run(5min);
  EXPECT_EQ(world.delivered(), 1'000U);
}

TEST(Dispatcher, FreshDeliveriesAreNotReadAgain) {
  DispatcherWorld world;
  world.put(1, "https://crm.example/hook?id={delivery_id}", R"(,"trigger":"click")");
  world.run(1s);
  const auto reads = world.outbox.reads;
  for (int n = 0; n < 20; ++n) {
    world.occur(Trigger::click, 30);
    world.run(1s);
  }
  EXPECT_EQ(world.delivered(), 600U);
  EXPECT_EQ(world.outbox.reads, reads);
  world.occur(Trigger::click, 500);
  world.run(1min);
  EXPECT_EQ(world.delivered(), 1'100U) << "what did not fit into the window is read";
  EXPECT_GT(world.outbox.reads, reads);
}

TEST(Dispatcher, TheSameSeedDoesTheSame) {
  const auto times = [] {
    DispatcherWorld world;
    for (EntityNumber n = 1; n <= 5; ++n) world.put(n, host_url(n));
    world.client.script = [](const auto&) { return ScriptedClient::status(404); };
    for (EntityNumber n = 1; n <= 5; ++n) world.add_due(n, 10);
    world.run(30min);
    std::vector<std::pair<SnowflakeId, TimeMs>> found;
    for (const auto& attempt : world.outbox.attempts) found.emplace_back(attempt.delivery, attempt.time);
    return found;
  };
  const auto once = times();
  EXPECT_GT(once.size(), 250U);
  EXPECT_EQ(once, times());
}

}  // namespace
}  // namespace postback::testing
