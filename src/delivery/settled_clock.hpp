// SettledClock: the wall clock without jumps that do not last.
#pragma once

#include "postback/base/clock.hpp"

#include <chrono>
#include <optional>

namespace postback::delivery {

/// For what cannot be taken back, such as giving up. After a jump it goes on as if there had been none, and follows the
/// wall clock once that has stayed there for kUntilBelieved. Used by one thread, at least every few seconds.
class SettledClock {
 public:
  static constexpr std::chrono::seconds kSlack{10};  ///< No jump: the two clocks are not read at one moment, and drift.
  static constexpr std::chrono::hours kUntilBelieved{1};

  /// Now, by both clocks.
  TimeMs read(TimeMs wall, std::chrono::milliseconds steady) {
    const TimeMs base = wall - steady;
    if (!base_) base_ = base;
    if (std::chrono::abs(base - *base_) <= kSlack) {
      base_ = base;
      jumped_.reset();
      return wall;
    }
    if (!jumped_ || std::chrono::abs(base - jumped_->base) > kSlack) jumped_ = Jump{base, steady};
    if (steady - jumped_->since < kUntilBelieved) return *base_ + steady;
    base_ = base;
    jumped_.reset();
    return wall;
  }

 private:
  struct Jump {
    TimeMs base;                      ///< As below, behind the jump.
    std::chrono::milliseconds since;  ///< On the monotonic clock.
  };
  std::optional<TimeMs> base_;  ///< The wall clock's time when the monotonic one was 0.
  std::optional<Jump> jumped_{};
};

}  // namespace postback::delivery
