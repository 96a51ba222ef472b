// Addresses and CIDR blocks.
#include "postback/base/address_range.hpp"

#include <gtest/gtest.h>

namespace postback {
namespace {

TEST(AddressRange, ContainsWhatItsPrefixSays) {
  struct Case {
    const char* range;
    const char* address;
    bool contained;
  };
  constexpr Case kCases[] = {
      {"192.0.2.0/24", "192.0.2.255", true},      {"192.0.2.0/24", "192.0.3.0", false},
      {"192.0.2.128/25", "192.0.2.127", false},   {"192.0.2.7", "192.0.2.7", true},
      {"192.0.2.7", "192.0.2.8", false},          {"0.0.0.0/0", "203.0.113.9", true},
      {"0.0.0.0/0", "2001:db8::1", false},        {"::/0", "203.0.113.9", true},
      {"2001:db8::/33", "2001:db8::1", true},     {"2001:db8::/33", "2001:db8:8000::1", false},
      {"192.0.2.0/24", "::ffff:192.0.2.3", true},
  };
  for (const auto& [range, address, contained] : kCases) {
    const auto parsed = AddressRange::parse(range);
    ASSERT_TRUE(parsed) << range;
    EXPECT_EQ(parsed->contains(*parse_address(address)), contained) << range << " " << address;
  }
}

TEST(AddressRange, RefusesWhatIsNotPlain) {
  for (const char* text : {"", "x", "127.1", "0x7f.0.0.1", "192.0.2.0/33", "192.0.2.1/24", "192.0.2.0/", "192.0.2.0/+8",
                           "192.0.2.0/8x", "::1/129", "[::1]", "fe80::1%eth0", "1.2.3.4.5", "010.0.0.1"}) {
    EXPECT_FALSE(AddressRange::parse(text)) << text;
  }
}

}  // namespace
}  // namespace postback
