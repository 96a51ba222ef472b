// Retry plan: when a delivery that failed is tried again: exponential backoff with full jitter, as a pure function.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/domain/destination.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace postback::delivery {

/// Evenly distributed in (0, min(longest, first * 2^(attempt - 1))], in whole milliseconds, and the same for the same
/// arguments. `attempt` is the number of the attempt that failed, from 1.
std::chrono::milliseconds retry_pause(const RetrySettings& settings, std::uint32_t attempt, std::uint64_t seed);

/// An attempt that failed in a way that another one may mend.
struct FailedAttempt {
  std::uint32_t number = 1;
  TimeMs retry_from{};  ///< give_up_after counts from here.
  TimeMs now{};
  TimeMs settled{};  ///< The same, without a jump of the clock that may not last.
  /// How long the other side asked to be left alone, from now on.
  std::optional<std::chrono::milliseconds> asked_to_wait{};
};

/// When the next attempt is due; nothing: the delivery is given up, since by both clocks its end has come. A pause that
/// would lead beyond the end is cut, so that the last attempt is made at the end; only what the other side asks for may
/// lead beyond.
std::optional<TimeMs> next_attempt(const RetrySettings& settings, const FailedAttempt& failed, std::uint64_t seed);

}  // namespace postback::delivery
