// The tables of special-purpose addresses.
#include "postback/base/public_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace postback {
namespace {

struct V4Block {
  std::uint32_t first;
  unsigned bits;
  std::string_view purpose;
};

constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr V4Block kV4Blocks[] = {
    {v4(0, 0, 0, 0), 8, "an address of this machine (0.0.0.0/8)"},
    {v4(10, 0, 0, 0), 8, "a private address (10.0.0.0/8)"},
    {v4(100, 64, 0, 0), 10, "an address inside a carrier's network (100.64.0.0/10)"},
    {v4(127, 0, 0, 0), 8, "a loopback address (127.0.0.0/8)"},
    {v4(168, 63, 129, 16), 32, "the address of the Azure platform inside its virtual machines"},
    {v4(169, 254, 0, 0), 16, "a link-local address (169.254.0.0/16)"},
    {v4(172, 16, 0, 0), 12, "a private address (172.16.0.0/12)"},
    {v4(192, 0, 0, 0), 24, "an address for protocols (192.0.0.0/24)"},
    {v4(192, 0, 2, 0), 24, "an address for documents (192.0.2.0/24)"},
    {v4(192, 88, 99, 0), 24, "an address of the former 6to4 relays (192.88.99.0/24)"},
    {v4(192, 168, 0, 0), 16, "a private address (192.168.0.0/16)"},
    {v4(198, 18, 0, 0), 15, "an address for benchmarks (198.18.0.0/15)"},
    {v4(198, 51, 100, 0), 24, "an address for documents (198.51.100.0/24)"},
    {v4(203, 0, 113, 0), 24, "an address for documents (203.0.113.0/24)"},
    {v4(224, 0, 0, 0), 4, "a multicast address (224.0.0.0/4)"},
    {v4(240, 0, 0, 0), 4, "a reserved address (240.0.0.0/4)"},
};

struct V6Block {
  std::array<std::uint16_t, 8> first;  ///< Groups.
  unsigned bits;
  std::string_view purpose;
};

/// The first that contains an address says what it is for. What is not listed is public inside 2000::/3 only.
constexpr V6Block kV6Blocks[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0}, 128, "the unspecified address (::)"},
    {{0, 0, 0, 0, 0, 0, 0, 1}, 128, "the loopback address (::1)"},
    {{0, 0, 0, 0, 0, 0, 0, 0}, 96, "an IPv4-compatible address (::/96)"},
    {{0x64, 0xff9b, 1, 0, 0, 0, 0, 0}, 48, "an address of a private IPv4 translation (64:ff9b:1::/48)"},
    {{0x100, 0, 0, 0, 0, 0, 0, 0}, 64, "a discard address (100::/64)"},
    {{0x2001, 0, 0, 0, 0, 0, 0, 0}, 32, "a Teredo address (2001::/32)"},
    {{0x2001, 0, 0, 0, 0, 0, 0, 0}, 23, "an address for protocols (2001::/23)"},
    {{0x2001, 0xdb8, 0, 0, 0, 0, 0, 0}, 32, "an address for documents (2001:db8::/32)"},
    {{0x2002, 0, 0, 0, 0, 0, 0, 0}, 16, "a 6to4 address (2002::/16)"},
    {{0x3fff, 0, 0, 0, 0, 0, 0, 0}, 20, "an address for documents (3fff::/20)"},
    {{0x5f00, 0, 0, 0, 0, 0, 0, 0}, 16, "a segment identifier (5f00::/16)"},
    {{0xfc00, 0, 0, 0, 0, 0, 0, 0}, 7, "a private address (fc00::/7)"},
    {{0xfe80, 0, 0, 0, 0, 0, 0, 0}, 10, "a link-local address (fe80::/10)"},
    {{0xfec0, 0, 0, 0, 0, 0, 0, 0}, 10, "a site-local address (fec0::/10)"},
    {{0xff00, 0, 0, 0, 0, 0, 0, 0}, 8, "a multicast address (ff00::/8)"},
};
constexpr std::string_view kNotGlobalUnicast = "outside the public IPv6 addresses (2000::/3)";

std::uint32_t embedded_v4(const Address& address) {
  std::uint32_t value = 0;
  for (std::size_t i = 12; i < 16; ++i) value = value << 8 | address.bytes[i];
  return value;
}

std::optional<std::string_view> v4_purpose(std::uint32_t address) {
  for (const auto& block : kV4Blocks)
    if ((address ^ block.first) >> (32 - block.bits) == 0) return block.purpose;
  return std::nullopt;
}

bool contains(const V6Block& block, const Address& address) {
  unsigned left = block.bits;
  for (std::size_t i = 0; i < 8 && left > 0; ++i) {
    const unsigned group = static_cast<unsigned>(address.bytes[2 * i]) << 8 | address.bytes[2 * i + 1];
    const unsigned compared = std::min(left, 16U);
    if ((group ^ block.first[i]) >> (16 - compared) != 0) return false;
    left -= compared;
  }
  return true;
}

constexpr V6Block kNat64{{0x64, 0xff9b, 0, 0, 0, 0, 0, 0}, 96, ""};
constexpr V6Block kGlobalUnicast{{0x2000, 0, 0, 0, 0, 0, 0, 0}, 3, ""};

}  // namespace

std::optional<std::string_view> special_purpose(const Address& address) {
  if (address.is_v4() || contains(kNat64, address)) return v4_purpose(embedded_v4(address));
  for (const auto& block : kV6Blocks)
    if (contains(block, address)) return block.purpose;
  if (!contains(kGlobalUnicast, address)) return kNotGlobalUnicast;
  return std::nullopt;
}

std::string address_text(const Address& address) {
  char text[INET6_ADDRSTRLEN] = {};
  const bool short_form = address.is_v4();
  inet_ntop(short_form ? AF_INET : AF_INET6, address.bytes.data() + (short_form ? 12 : 0), text, sizeof text);
  return text;
}

}  // namespace postback
