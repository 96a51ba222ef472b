// The wall clock without jumps that do not last.
#include "delivery/settled_clock.hpp"

#include "support/fake_clock.hpp"

#include <gtest/gtest.h>

namespace postback::delivery {
namespace {

using namespace std::chrono_literals;

class Settled : public ::testing::Test {
 protected:
  TimeMs read() { return settled_.read(clock_.wall(), clock_.steady()); }
  FakeClock clock_;
  SettledClock settled_;
};

TEST_F(Settled, IsTheWallClockAsLongAsThatGoesOn) {
  for (int n = 0; n < 100; ++n) {
    EXPECT_EQ(read(), clock_.wall());
    clock_.advance(1min);
    clock_.step(3s);  // drift, and no jump
  }
}

TEST_F(Settled, GoesOnWithoutAJumpThatDoesNotLast) {
  for (const auto jump : {24h * 9, -24h * 9}) {
    const auto before = read();
    clock_.step(jump);
    EXPECT_EQ(read(), before);
    clock_.advance(59min);
    EXPECT_EQ(read(), before + 59min);
    clock_.step(-jump);
    EXPECT_EQ(read(), clock_.wall());
    clock_.advance(2h);
    EXPECT_EQ(read(), clock_.wall());
  }
}

TEST_F(Settled, CountsAnewFromEachJump) {
  read();
  clock_.step(1h);
  const auto before = read() + 61min;
  clock_.advance(59min);
  clock_.step(24h * 30);
  read();
  clock_.advance(2min);
  EXPECT_EQ(read(), before) << "the second jump is two minutes old";
}

TEST_F(Settled, BelievesAClockThatStays) {
  read();
  clock_.step(24h * 9);
  read();
  clock_.advance(1h);
  EXPECT_EQ(read(), clock_.wall());
  clock_.advance(1s);
  EXPECT_EQ(read(), clock_.wall());
}

}  // namespace
}  // namespace postback::delivery
