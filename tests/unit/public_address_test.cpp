// The table of addresses that requests of users must not reach, with the edges of each block.
#include "postback/base/public_address.hpp"

#include <gtest/gtest.h>

namespace postback {
namespace {

struct Row {
  const char* address;
  const char* purpose;  ///< Part of it; null: public.
};

// Each block's first and last address, and the public neighbours where there are any.
constexpr Row kRows[] = {
    {"0.0.0.0", "0.0.0.0/8"},
    {"0.255.255.255", "0.0.0.0/8"},
    {"1.0.0.0", nullptr},
    {"9.255.255.255", nullptr},
    {"10.0.0.0", "10.0.0.0/8"},
    {"10.255.255.255", "10.0.0.0/8"},
    {"11.0.0.0", nullptr},
    {"100.63.255.255", nullptr},
    {"100.64.0.0", "100.64.0.0/10"},
    {"100.100.100.200", "100.64.0.0/10"},
    {"100.127.255.255", "100.64.0.0/10"},
    {"100.128.0.0", nullptr},
    {"126.255.255.255", nullptr},
    {"127.0.0.0", "loopback"},
    {"127.0.0.1", "loopback"},
    {"127.255.255.255", "loopback"},
    {"128.0.0.0", nullptr},
    {"168.63.129.15", nullptr},
    {"168.63.129.16", "Azure"},
    {"168.63.129.17", nullptr},
    {"169.253.255.255", nullptr},
    {"169.254.0.0", "link-local"},
    {"169.254.169.254", "link-local"},
    {"169.254.255.255", "link-local"},
    {"169.255.0.0", nullptr},
    {"172.15.255.255", nullptr},
    {"172.16.0.0", "172.16.0.0/12"},
    {"172.31.255.255", "172.16.0.0/12"},
    {"172.32.0.0", nullptr},
    {"191.255.255.255", nullptr},
    {"192.0.0.0", "192.0.0.0/24"},
    {"192.0.0.192", "192.0.0.0/24"},
    {"192.0.0.255", "192.0.0.0/24"},
    {"192.0.1.0", nullptr},
    {"192.0.2.0", "documents"},
    {"192.0.2.255", "documents"},
    {"192.0.3.0", nullptr},
    {"192.88.98.255", nullptr},
    {"192.88.99.0", "6to4"},
    {"192.88.99.255", "6to4"},
    {"192.88.100.0", nullptr},
    {"192.167.255.255", nullptr},
    {"192.168.0.0", "192.168.0.0/16"},
    {"192.168.255.255", "192.168.0.0/16"},
    {"192.169.0.0", nullptr},
    {"198.17.255.255", nullptr},
    {"198.18.0.0", "benchmarks"},
    {"198.19.255.255", "benchmarks"},
    {"198.20.0.0", nullptr},
    {"198.51.99.255", nullptr},
    {"198.51.100.0", "documents"},
    {"198.51.100.255", "documents"},
    {"198.51.101.0", nullptr},
    {"203.0.112.255", nullptr},
    {"203.0.113.0", "documents"},
    {"203.0.113.255", "documents"},
    {"203.0.114.0", nullptr},
    {"223.255.255.255", nullptr},
    {"224.0.0.0", "multicast"},
    {"239.255.255.255", "multicast"},
    {"240.0.0.0", "reserved"},
    {"255.255.255.255", "reserved"},
    {"8.8.8.8", nullptr},

    {"::", "unspecified"},
    {"::1", "loopback"},
    {"::2", "IPv4-compatible"},
    {"::127.0.0.1", "IPv4-compatible"},
    {"::8.8.8.8", "IPv4-compatible"},
    {"::ffff:127.0.0.1", "127.0.0.0/8"},
    {"::ffff:10.1.2.3", "10.0.0.0/8"},
    {"::ffff:8.8.8.8", nullptr},
    {"::ffff:0:127.0.0.1", "2000::/3"},
    {"64:ff9b::127.0.0.1", "127.0.0.0/8"},
    {"64:ff9b::169.254.169.254", "169.254.0.0/16"},
    {"64:ff9b::8.8.8.8", nullptr},
    {"64:ff9b:0:1::8.8.8.8", "2000::/3"},
    {"64:ff9b:1::", "64:ff9b:1::/48"},
    {"64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "64:ff9b:1::/48"},
    {"100::", "discard"},
    {"100::ffff:ffff:ffff:ffff", "discard"},
    {"100:0:0:1::", "2000::/3"},
    {"1fff:ffff::", "2000::/3"},
    {"2000::", nullptr},
    {"2001::", "Teredo"},
    {"2001:0:ffff::1", "Teredo"},
    {"2001:2::1", "2001::/23"},
    {"2001:1ff:ffff::", "2001::/23"},
    {"2001:200::", nullptr},
    {"2001:db7:ffff::", nullptr},
    {"2001:db8::", "documents"},
    {"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "documents"},
    {"2001:db9::", nullptr},
    {"2001:4860:4860::8888", nullptr},
    {"2002::", "6to4"},
    {"2002:7f00:1::", "6to4"},
    {"2002:ffff::", "6to4"},
    {"2003::", nullptr},
    {"3ffe:ffff::", nullptr},
    {"3fff::", "documents"},
    {"3fff:fff:ffff::", "documents"},
    {"3fff:1000::", nullptr},
    {"3fff:ffff::", nullptr},
    {"4000::", "2000::/3"},
    {"5f00::1", "segment"},
    {"fbff::1", "2000::/3"},
    {"fc00::", "fc00::/7"},
    {"fd00:ec2::254", "fc00::/7"},
    {"fdff:ffff::", "fc00::/7"},
    {"fe80::1", "link-local"},
    {"febf:ffff::", "link-local"},
    {"fec0::1", "site-local"},
    {"ff00::", "multicast"},
    {"ff02::1", "multicast"},
    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast"},
};

TEST(PublicAddress, IsToldFromEverySpecialBlock) {
  for (const auto& [text, purpose] : kRows) {
    const auto address = parse_address(text);
    ASSERT_TRUE(address) << text;
    const auto found = special_purpose(*address);
    EXPECT_EQ(is_public(*address), purpose == nullptr) << text << ": " << found.value_or("public");
    if (found && purpose != nullptr) {
      EXPECT_NE(found->find(purpose), std::string_view::npos) << text << ": " << *found;
    }
  }
}

TEST(PublicAddress, TextIsThePlainNotation) {
  for (const char* text : {"192.0.2.1", "2001:db8::1", "::1", "::", "64:ff9b::808:808"}) {
    EXPECT_EQ(address_text(*parse_address(text)), text);
  }
  EXPECT_EQ(address_text(*parse_address("::ffff:192.0.2.1")), "192.0.2.1");
}

}  // namespace
}  // namespace postback
