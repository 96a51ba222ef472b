// Retry-After: how long another server asks to be left alone (RFC 9110, section 10.2.3).
#pragma once

#include "postback/base/clock.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace postback::delivery {

/// Longer wishes are cut to this.
inline constexpr std::chrono::hours kLongestRetryAfter{24};

/// The header's value, seconds or an HTTP date, as a pause from `now` on: from nothing to kLongestRetryAfter. A date in
/// the past is no pause; nothing if the value is neither.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, TimeMs now);

}  // namespace postback::delivery
