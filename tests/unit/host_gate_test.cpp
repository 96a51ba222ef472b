// A server's allowance and circuit breaker, step by step.
#include "delivery/host_gate.hpp"

#include <gtest/gtest.h>

namespace postback::delivery {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

class HostGateTest : public ::testing::Test {
 protected:
  /// One request that ends with this.
  void exchange(HostHealth health, milliseconds wait = 0ms) {
    ASSERT_TRUE(gate_.takes(now_));
    const bool probe = gate_.sent();
    gate_.ended(health, probe, now_, wait);
  }
  void fail(int times) {
    for (int n = 0; n < times; ++n) exchange(HostHealth::failing);
  }
  /// How many requests it takes at once.
  std::size_t room() {
    std::size_t taken = 0;
    for (; gate_.takes(now_) && taken < 100; ++taken) gate_.sent();
    for (std::size_t n = 0; n < taken; ++n) gate_.ended(HostHealth::unknown, false, now_);
    return taken;
  }
  milliseconds now_{1'000'000};
  HostGate gate_{"https://crm.example", 8, BreakerSettings{}};
};

TEST_F(HostGateTest, AServerEarnsItsConcurrency) {
  EXPECT_EQ(room(), 2U);
  exchange(HostHealth::well);
  EXPECT_EQ(room(), 3U);
  for (int n = 0; n < 20; ++n) exchange(HostHealth::well);
  EXPECT_EQ(room(), 8U);
  exchange(HostHealth::failing);
  EXPECT_EQ(room(), 4U);
  fail(3);
  EXPECT_EQ(room(), 1U) << "a server that hangs holds one place";
}

TEST_F(HostGateTest, WhoAsksForLessGetsLess) {
  for (int n = 0; n < 20; ++n) exchange(HostHealth::well);
  exchange(HostHealth::slow_down);
  EXPECT_EQ(room(), 1U);
  EXPECT_EQ(gate_.failures(), 0U) << "it answers";
  exchange(HostHealth::well);
  EXPECT_EQ(room(), 2U);
}

TEST_F(HostGateTest, OpensAfterFiveFailuresInARow) {
  fail(4);
  exchange(HostHealth::well);
  fail(4);
  EXPECT_FALSE(gate_.paused_until(now_)) << "not in a row";
  fail(1);
  EXPECT_EQ(gate_.paused_until(now_), now_ + 30s);
  EXPECT_FALSE(gate_.takes(now_));
  EXPECT_FALSE(gate_.takes(now_ + 30s - 1ms));
  EXPECT_TRUE(gate_.takes(now_ + 30s));
}

TEST_F(HostGateTest, OneProbeDecidesAndPausesDouble) {
  fail(5);
  for (const milliseconds pause : {60s, 120s, 240s, 480s, 600s, 600s}) {
    now_ = *gate_.paused_until(now_);
    ASSERT_TRUE(gate_.takes(now_));
    const bool probe = gate_.sent();
    EXPECT_TRUE(probe);
    EXPECT_FALSE(gate_.takes(now_)) << "one at a time";
    gate_.ended(HostHealth::failing, probe, now_);
    EXPECT_EQ(gate_.paused_until(now_), now_ + pause);
  }
  now_ += 600s;
  exchange(HostHealth::well);
  EXPECT_FALSE(gate_.paused_until(now_));
  EXPECT_EQ(room(), 2U) << "it begins slowly";
  fail(5);
  EXPECT_EQ(gate_.paused_until(now_), now_ + 30s) << "the next pause is a first one";
}

TEST_F(HostGateTest, AProbeThatTellsNothingIsFollowedByAnother) {
  fail(5);
  now_ += 30s;
  const bool probe = gate_.sent();
  gate_.ended(HostHealth::unknown, probe, now_);
  EXPECT_TRUE(gate_.takes(now_));
}

TEST_F(HostGateTest, WhatWasUnderWayWhenItOpened) {
  for (int n = 0; n < 20; ++n) exchange(HostHealth::well);
  for (int n = 0; n < 8; ++n) gate_.sent();
  for (int n = 0; n < 7; ++n) gate_.ended(HostHealth::failing, false, now_);
  EXPECT_EQ(gate_.paused_until(now_), now_ + 30s) << "failures beyond the fifth do not make it longer";
  gate_.ended(HostHealth::well, false, now_);
  EXPECT_FALSE(gate_.paused_until(now_)) << "it answers after all";
  EXPECT_EQ(gate_.in_flight(), 0U);
}

TEST_F(HostGateTest, AnOverloadedServerDecidesHowLong) {
  fail(4);
  exchange(HostHealth::overloaded, 2h);
  EXPECT_EQ(gate_.paused_until(now_), now_ + 2h);
}

}  // namespace
}  // namespace postback::delivery
