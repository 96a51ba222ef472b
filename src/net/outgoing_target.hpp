// OutgoingTarget: where the URL of an outgoing request leads, in one notation only.
#pragma once

#include "postback/base/address_range.hpp"
#include "postback/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postback::net {

/// Whoever reads `url` finds the same host in it: it is written anew from what was understood.
struct OutgoingTarget {
  bool https = false;
  std::string host;                ///< Lower case, no final dot; an address in its plain notation, IPv6 in brackets.
  std::optional<Address> literal;  ///< Where the host is an address.
  std::uint16_t port = 0;
  std::string url;
};

/// Error: invalid_argument, saying what is wrong. Beside RFC 3986, hosts that are addresses are understood in every
/// notation that inet_aton(3) takes (`127.1`, `0x7f.1`, `2130706433`, `0177.0.0.1`), and percent-encoded ones.
Result<OutgoingTarget> parse_outgoing_target(std::string_view url);

}  // namespace postback::net
