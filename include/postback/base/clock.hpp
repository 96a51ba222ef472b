// Clock: wall time and monotonic time, passed in so that tests decide both.
#pragma once

#include <chrono>
#include <cstdint>

namespace postback {

/// A point in wall time, milliseconds since 1970-01-01T00:00:00Z.
using TimeMs = std::chrono::sys_time<std::chrono::milliseconds>;

/// Thread-safe. `wall()` may jump either way; `steady()` never goes back and has an arbitrary origin.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimeMs wall() const = 0;
  virtual std::chrono::milliseconds steady() const = 0;
  /// `steady()` as finely as the clock can, for measuring how long something took. Costs some 25 ns.
  virtual std::chrono::nanoseconds precise() const { return steady(); }
};

/// The machine's clocks.
class SystemClock final : public Clock {
 public:
  TimeMs wall() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
  std::chrono::milliseconds steady() const override {
    return std::chrono::duration_cast<std::chrono::milliseconds>(precise());
  }
  std::chrono::nanoseconds precise() const override { return std::chrono::steady_clock::now().time_since_epoch(); }
};

}  // namespace postback
