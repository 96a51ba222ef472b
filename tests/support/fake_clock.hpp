// FakeClock: a clock that tests set, so that time is part of the input.
#pragma once

#include "postback/base/clock.hpp"

#include <atomic>
#include <chrono>

namespace postback {

/// Stands still until told otherwise. Thread-safe.
class FakeClock final : public Clock {
 public:
  /// 2026-01-15T12:00:00Z unless told otherwise.
  static constexpr TimeMs kStart{std::chrono::milliseconds{1'768'478'400'000}};

  explicit FakeClock(TimeMs wall = kStart) : wall_(wall) {}

  TimeMs wall() const override { return wall_.load(); }
  std::chrono::milliseconds steady() const override { return steady_.load(); }

  void set_wall(TimeMs wall) { wall_.store(wall); }
  void set_steady(std::chrono::milliseconds steady) { steady_.store(steady); }

  /// Time passes: both clocks go on.
  void advance(std::chrono::milliseconds by) {
    steady_.store(steady_.load() + by);
    wall_.store(wall_.load() + by);
  }
  /// Somebody sets the wall clock: it steps, the monotonic one does not.
  void step(std::chrono::milliseconds by) { wall_.store(wall_.load() + by); }

 private:
  std::atomic<TimeMs> wall_;
  std::atomic<std::chrono::milliseconds> steady_{std::chrono::milliseconds{1'000'000}};
};

}  // namespace postback
