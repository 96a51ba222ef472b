// Pace: how many deliveries go beside how many visits.
#include "delivery/pace.hpp"

#include "support/dispatcher_world.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace postback::testing {
namespace {

using namespace std::chrono_literals;
using delivery::Pace;

/// How many are allowed in each of the seconds, in which so many visits come, evenly.
std::vector<std::size_t> allowed_beside(const std::vector<std::uint64_t>& visits_a_second, std::size_t ratio,
                                        std::size_t wanted_a_ms) {
  std::uint64_t visits = 0;
  Pace pace(ratio, [&visits] { return visits; });
  std::vector<std::size_t> allowed;
  std::chrono::milliseconds now{0};
  for (const std::uint64_t rate : visits_a_second) {
    allowed.push_back(0);
    for (int ms = 0; ms < 1'000; ++ms, ++now) {
      visits += rate / 1'000;
      for (std::size_t n = 0; n < wanted_a_ms && pace.allows(now); ++n) {
        pace.sent();
        ++allowed.back();
      }
      EXPECT_TRUE(pace.allows(now) == !pace.wait(now)) << "what is not allowed is waited for";
      EXPECT_LE(pace.wait(now).value_or(0ms), Pace::kWindow);
    }
  }
  return allowed;
}

TEST(Pace, LeavesAPartToDeliveries) {
  const auto allowed = allowed_beside({80'000, 80'000, 8'000, 1'000, 0}, 8, 30);
  EXPECT_NEAR(static_cast<double>(allowed[1]), 10'000, 200);
  EXPECT_NEAR(static_cast<double>(allowed[2]), 1'000, 500) << "the first window knows the second before";
  EXPECT_NEAR(static_cast<double>(allowed[3]), 500, 50) << "the least";
  EXPECT_NEAR(static_cast<double>(allowed[4]), 30'000, 1'600) << "without visits as many as are wanted";
}

TEST(Pace, IsNoneForFewVisitsOrIfNotWanted) {
  EXPECT_EQ(allowed_beside({0}, 8, 30).front(), 30'000U);
  EXPECT_EQ(allowed_beside({80'000}, 0, 30).front(), 30'000U);
}

TEST(Pace, GathersOutcomesBesideManyVisits) {
  std::uint64_t visits = 0;
  Pace pace(10, [&visits] { return visits; });
  EXPECT_TRUE(pace.allows(0ms));
  EXPECT_EQ(pace.rest(0ms), 0ms);
  visits += 400;  // 8,000 a second
  EXPECT_TRUE(pace.allows(50ms));
  EXPECT_EQ(pace.rest(50ms), 0ms);
  visits += 600;
  EXPECT_TRUE(pace.allows(100ms));
  EXPECT_EQ(pace.rest(120ms), 30ms);
  EXPECT_EQ(pace.rest(200ms), 0ms);
  EXPECT_TRUE(pace.allows(150ms));
  EXPECT_EQ(pace.rest(150ms), 0ms) << "the visits are over";
}

TEST(Pace, HoldsTheDispatcherBackAndLetsItGoOn) {
  DispatcherWorld world;
  for (EntityNumber n = 1; n <= 10; ++n) {
    world.put(n, "https://h" + std::to_string(n) + ".example/hook?id={delivery_id}");
    world.add_due(n, 2'000);
  }
  world.visits_each_ms = 10;
  world.run(10s);
  const std::size_t beside = world.delivered();
  EXPECT_GE(beside, 10'500U) << "one for nine visits; by themselves they would all have been sent by now";
  EXPECT_LE(beside, 12'500U);
  world.visits_each_ms = 0;
  world.run(1min);
  EXPECT_EQ(world.delivered(), 20'000U);
}

}  // namespace
}  // namespace postback::testing
