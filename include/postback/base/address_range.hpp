// Address and AddressRange: IP addresses and CIDR blocks, for allow lists, trusted proxies and rules.
#pragma once

#include "postback/base/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace postback {

/// An IPv4 or IPv6 address in 16 bytes; IPv4, and IPv6 that stands for it, as ::ffff:a.b.c.d (RFC 4291
/// section 2.5.5.2).
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  bool is_v4() const;
  auto operator<=>(const Address&) const = default;
};
/// Reads `192.0.2.1`, `2001:db8::1` or `::ffff:192.0.2.1`; no zone, no port, no other notation (RFC 6943 section 3.1).
std::optional<Address> parse_address(std::string_view text);

/// A block of addresses in CIDR notation (RFC 4632), or a single one.
class AddressRange {
 public:
  /// Reads `192.0.2.0/24`, `2001:db8::/32` or a single address. Error: invalid_argument, saying what would be right;
  /// bits behind the prefix must be zero.
  static Result<AddressRange> parse(std::string_view text);
  bool contains(const Address& address) const;

 private:
  Address first_;
  unsigned bits_ = 128;  ///< Length of the prefix, counted in the 16 bytes.
};

/// Whether any of the ranges contains it.
bool contains(std::span<const AddressRange> ranges, const Address& address);

}  // namespace postback
