// The origin of an absolute http or https URL: the part that no visitor's value may ever touch.
#pragma once

#include "postback/base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace postback {

/// The longest URL taken from a user, in bytes. Half of what a Location may have, so that values have room.
inline constexpr std::size_t kLongestUrl = 4096;

/// Where the authority of a URL that starts with `scheme://` ends: at the first of `/ ? #` after it, else the text's
/// end. 0 when there is no `://`.
std::size_t authority_end(std::string_view url);

/// The length of scheme, host and port of `url`. Errors (invalid_argument, a clause that says what is wrong and what to
/// write): longer than kLongestUrl, spaces, control characters or bytes above 0x7E, not http or https, user
/// information, a host that is neither a DNS name nor an IP address, a port outside 1..65535. What follows the origin
/// is not looked at.
Result<std::size_t> parse_origin(std::string_view url);

/// `go.example` or `go.example:8443` of such a URL, in lower case.
std::string host_and_port(std::string_view url);

}  // namespace postback
