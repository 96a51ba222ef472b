// Pauses between attempts: their bounds by a table, their distribution by counting, and the end.
#include "postback/delivery/retry_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace postback::delivery {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using namespace std::chrono_literals;

constexpr TimeMs kNow{milliseconds{1'768'478'400'000}};

struct Bound {
  const char* what;
  RetrySettings settings;
  std::uint32_t attempt;
  milliseconds longest;
};

class RetryPause : public ::testing::TestWithParam<Bound> {};

/// Over many seeds the pauses fill (0, longest] and no more: the largest and smallest are near its ends, the mean near
/// its middle.
TEST_P(RetryPause, IsEvenWithinItsBound) {
  const auto& [what, settings, attempt, longest] = GetParam();
  constexpr std::uint64_t kSeeds = 20'000;
  milliseconds least = milliseconds::max();
  milliseconds most{0};
  double sum = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const auto pause = retry_pause(settings, attempt, seed);
    least = std::min(least, pause);
    most = std::max(most, pause);
    sum += static_cast<double>(pause.count());
  }
  const auto bound = static_cast<double>(longest.count());
  EXPECT_GT(least, milliseconds{0});
  EXPECT_LE(most, longest);
  EXPECT_GE(static_cast<double>(most.count()), 0.99 * bound);
  EXPECT_LE(static_cast<double>(least.count()), std::max(1.0, 0.01 * bound));
  EXPECT_NEAR(sum / kSeeds, (bound + 1) / 2, 0.02 * bound);
}

INSTANTIATE_TEST_SUITE_P(Table, RetryPause,
                         ::testing::Values(Bound{"first", {}, 1, 10s}, Bound{"second", {}, 2, 20s},
                                           Bound{"third", {}, 3, 40s}, Bound{"ninth", {}, 9, 2560s},
                                           Bound{"tenth", {}, 10, 3600s}, Bound{"hundredth", {}, 100, 3600s},
                                           Bound{"largest", {}, 4'294'967'295U, 3600s},
                                           Bound{"longest_below_first", {.first = 60s, .longest = 5s}, 1, 5s},
                                           Bound{"one_second", {.first = 1s, .longest = 1s}, 7, 1s}),
                         [](const auto& row) { return std::string(row.param.what); });

TEST(RetryPlan, TheSameArgumentsGiveTheSamePause) {
  for (std::uint32_t attempt = 1; attempt < 20; ++attempt)
    EXPECT_EQ(retry_pause({}, attempt, 42), retry_pause({}, attempt, 42));
  EXPECT_NE(retry_pause({}, 20, 42), retry_pause({}, 20, 43));
  EXPECT_NE(retry_pause({}, 20, 42), retry_pause({}, 21, 42));
}

TEST(RetryPlan, ASettingOfNothingStillPausesForAMillisecond) {
  EXPECT_EQ(retry_pause({.first = 0s, .longest = 0s}, 3, 1), milliseconds{1});
}

/// Failing at each attempt, whatever the seed: the attempts never stop before the end, and the last one is at it.
TEST(RetryPlan, TriesUntilTheEndAndThenGivesUp) {
  const RetrySettings settings{.give_up_after = 3h, .first = 10s, .longest = 1h};
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    FailedAttempt failed{.retry_from = kNow, .now = kNow, .settled = kNow};
    for (;; ++failed.number) {
      ASSERT_LT(failed.number, 10'000U);
      const auto next = next_attempt(settings, failed, seed);
      if (!next) break;
      ASSERT_GT(*next, failed.now);
      ASSERT_LE(*next, kNow + 3h);
      failed.now = failed.settled = *next;
    }
    EXPECT_EQ(failed.now, kNow + 3h) << "seed " << seed;
    EXPECT_GE(failed.number, 4U) << "seed " << seed;
  }
}

TEST(RetryPlan, OneTryIsOneTry) {
  EXPECT_EQ(next_attempt({.give_up_after = 0s}, {.retry_from = kNow, .now = kNow, .settled = kNow}, 1), std::nullopt);
  EXPECT_EQ(
      next_attempt({.give_up_after = 0s}, {.retry_from = kNow, .now = kNow, .settled = kNow, .asked_to_wait = 3s}, 1),
      std::nullopt);
}

TEST(RetryPlan, AClockThatJumpedEndsNothing) {
  const FailedAttempt jumped{.retry_from = kNow, .now = kNow + 24h * 9, .settled = kNow};
  const auto next = next_attempt({}, jumped, 1);
  ASSERT_TRUE(next);
  EXPECT_GT(*next, jumped.now) << "it is not tried at once, again and again";
  EXPECT_LE(*next, jumped.now + 10s);
  const FailedAttempt set_back{.retry_from = kNow, .now = kNow - 24h * 9, .settled = kNow + 24h * 9};
  EXPECT_TRUE(next_attempt({}, set_back, 1));
}

TEST(RetryPlan, WhatTheOtherSideAsksForIsTheLeast) {
  const FailedAttempt failed{.retry_from = kNow, .now = kNow, .settled = kNow, .asked_to_wait = 2h};
  EXPECT_EQ(next_attempt({}, failed, 1), kNow + 2h);
  EXPECT_EQ(next_attempt({.give_up_after = 60s}, failed, 1), kNow + 2h) << "beyond the end, once";
  const auto planned = next_attempt({}, {.retry_from = kNow, .now = kNow, .settled = kNow}, 1);
  EXPECT_EQ(next_attempt({}, {.retry_from = kNow, .now = kNow, .settled = kNow, .asked_to_wait = 0ms}, 1), planned);
}

}  // namespace
}  // namespace postback::delivery
