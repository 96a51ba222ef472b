// Parses addresses with inet_pton, so that only the plain notations are read.
#include "postback/base/address_range.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace postback {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned kMappedBits = 96;

Error not_a_range(std::string_view text, std::string_view why) {
  return {ErrorCode::invalid_argument, "\"" + std::string(text.substr(0, 64)) + "\" " + std::string(why)};
}

/// Whether every bit behind the first `bits` is zero.
bool ends_in_zeros(const Address& address, unsigned bits) {
  for (unsigned bit = bits; bit < 128; ++bit) {
    if (((address.bytes[bit / 8] >> (7 - bit % 8)) & 1) != 0) return false;
  }
  return true;
}

}  // namespace

bool Address::is_v4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes.begin()); }

std::optional<Address> parse_address(std::string_view text) {
  char buffer[INET6_ADDRSTRLEN] = {};
  if (text.empty() || text.size() >= sizeof buffer) return std::nullopt;
  std::copy(text.begin(), text.end(), buffer);
  Address address;
  if (text.find(':') != std::string_view::npos) {
    if (inet_pton(AF_INET6, buffer, address.bytes.data()) != 1) return std::nullopt;
    return address;
  }
  std::copy(kMapped.begin(), kMapped.end(), address.bytes.begin());
  if (inet_pton(AF_INET, buffer, address.bytes.data() + kMapped.size()) != 1) return std::nullopt;
  return address;
}

Result<AddressRange> AddressRange::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return not_a_range(text, "is no IP address or block; write one such as 192.0.2.0/24 or 2001:db8::/32");
  AddressRange range;
  range.first_ = *address;
  if (slash == std::string_view::npos) return range;
  const auto digits = text.substr(slash + 1);
  const bool v4 = text.find(':') == std::string_view::npos;
  const unsigned longest = v4 ? 32 : 128;
  unsigned bits = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (digits.empty() || fault != std::errc{} || end != digits.data() + digits.size() || bits > longest) {
    return not_a_range(text, "has no prefix length from 0 to " + std::to_string(longest) + " behind its slash");
  }
  range.bits_ = v4 ? kMappedBits + bits : bits;
  if (!ends_in_zeros(range.first_, range.bits_)) {
    return not_a_range(text, "has bits behind its prefix; set them to zero");
  }
  return range;
}

bool AddressRange::contains(const Address& address) const {
  const unsigned whole = bits_ / 8;
  if (!std::equal(first_.bytes.begin(), first_.bytes.begin() + whole, address.bytes.begin())) return false;
  const unsigned rest = bits_ % 8;
  if (rest == 0) return true;
  return ((first_.bytes[whole] ^ address.bytes[whole]) >> (8 - rest)) == 0;
}

bool contains(std::span<const AddressRange> ranges, const Address& address) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const AddressRange& range) { return range.contains(address); });
}

}  // namespace postback
