// RFC 3339 times as text, and the time forms that networks send.
#pragma once

#include "postback/base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace postback {

/// `2026-01-31T23:59:59.123Z`: RFC 3339, UTC, always milliseconds.
std::string format_rfc3339(TimeMs time);

/// RFC 3339 with any offset and any number of decimals (truncated to milliseconds). A space for the offset's `+` is
/// read, since queries decode one to the other. Nothing if malformed.
std::optional<TimeMs> parse_rfc3339(std::string_view text);

/// RFC 3339, or Unix time in seconds (up to 11 digits) or milliseconds (12 to 14 digits). Nothing if malformed.
std::optional<TimeMs> parse_network_time(std::string_view text);

/// `Sun, 06 Nov 1994 08:49:37 GMT`: the Date header's form (RFC 9110 section 5.6.7).
std::string format_http_date(TimeMs time);

}  // namespace postback
