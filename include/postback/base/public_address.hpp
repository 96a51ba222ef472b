// Which addresses belong to the public internet, and which to private networks, one machine, documents and the like.
#pragma once

#include "postback/base/address_range.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace postback {

/// What an address outside the public internet is for, such as `a loopback address (127.0.0.0/8)`; nothing for a public
/// one. Follows IANA's registries of special-purpose addresses (RFC 6890). Of IPv6 only 2000::/3 is public; an address
/// of 64:ff9b::/96 (RFC 6052) is judged by the IPv4 address that a NAT64 would translate it to.
std::optional<std::string_view> special_purpose(const Address& address);

inline bool is_public(const Address& address) { return !special_purpose(address); }

/// The plain notation that `parse_address` reads: `192.0.2.1`, `2001:db8::1`.
std::string address_text(const Address& address);

}  // namespace postback
