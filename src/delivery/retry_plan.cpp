// Pauses between attempts, and their end.
#include "postback/delivery/retry_plan.hpp"

#include "mixed_number.hpp"

#include <algorithm>

namespace postback::delivery {
namespace {

using std::chrono::milliseconds;

/// The upper bound of the pause after an attempt, at least a millisecond.
milliseconds longest_pause(const RetrySettings& settings, std::uint32_t attempt) {
  const milliseconds longest = std::max<milliseconds>(settings.longest, milliseconds{1});
  milliseconds bound = std::clamp<milliseconds>(settings.first, milliseconds{1}, longest);
  for (std::uint32_t n = 1; n < attempt && bound < longest; ++n) bound = bound > longest / 2 ? longest : bound * 2;
  return bound;
}

}  // namespace

milliseconds retry_pause(const RetrySettings& settings, std::uint32_t attempt, std::uint64_t seed) {
  const auto bound = static_cast<std::uint64_t>(longest_pause(settings, attempt).count());
  const auto random = mixed_number(seed ^ mixed_number(attempt));
  return milliseconds{static_cast<milliseconds::rep>(1 + random % bound)};
}

std::optional<TimeMs> next_attempt(const RetrySettings& settings, const FailedAttempt& failed, std::uint64_t seed) {
  const TimeMs end = failed.retry_from + settings.give_up_after;
  if (std::min(failed.now, failed.settled) >= end) return std::nullopt;
  const TimeMs pause_ends = failed.now + retry_pause(settings, failed.number, seed);
  const TimeMs planned = failed.now < end ? std::min(end, pause_ends) : pause_ends;
  return std::max(planned, failed.now + failed.asked_to_wait.value_or(milliseconds{0}));
}

}  // namespace postback::delivery
