// Where outgoing URLs lead, and which addresses may be connected to.
#include "net/outgoing_target.hpp"
#include "net/outgoing_pins.hpp"
#include "postback/base/public_address.hpp"
#include "postback/net/address_guard.hpp"
#include "support/fake_clock.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace postback::net {
namespace {

TEST(OutgoingTarget, IsWrittenAnew) {
  struct Row {
    const char* url;
    const char* host;
    int port;
    const char* written;
    bool literal = false;
  };
  const Row kRows[] = {
      {"http://crm.example", "crm.example", 80, "http://crm.example/"},
      {"HTTPS://CRM.Example./a/../b?x=1#y", "crm.example", 443, "https://crm.example/a/../b?x=1"},
      {"http://crm.example:8080?x=@:/", "crm.example", 8080, "http://crm.example:8080/?x=@:/"},
      {"https://crm.example:/p", "crm.example", 443, "https://crm.example/p"},
      {"http://a_b.example/%zz\\", "a_b.example", 80, "http://a_b.example/%zz\\"},
      {"http://xn--bcher-kva.example/", "xn--bcher-kva.example", 80, "http://xn--bcher-kva.example/"},
      {"http://%63rm.example/", "crm.example", 80, "http://crm.example/"},
      {"http://1.2.3.example/", "1.2.3.example", 80, "http://1.2.3.example/"},
      {"http://127.1/x", "127.0.0.1", 80, "http://127.0.0.1/x", true},
      {"http://0x7f.1", "127.0.0.1", 80, "http://127.0.0.1/", true},
      {"http://2130706433:81/", "127.0.0.1", 81, "http://127.0.0.1:81/", true},
      {"http://0177.0.0.1/", "127.0.0.1", 80, "http://127.0.0.1/", true},
      {"http://127.0.0.1./", "127.0.0.1", 80, "http://127.0.0.1/", true},
      {"http://%31%32%37.0.0.1/", "127.0.0.1", 80, "http://127.0.0.1/", true},
      {"http://0/", "0.0.0.0", 80, "http://0.0.0.0/", true},
      {"http://[::1]:90/", "[::1]", 90, "http://[::1]:90/", true},
      {"http://[0:0:0:0:0:0:0:1]/", "[::1]", 80, "http://[::1]/", true},
      {"http://[::ffff:127.0.0.1]/", "127.0.0.1", 80, "http://127.0.0.1/", true},
      {"http://[::ffff:7f00:1]/", "127.0.0.1", 80, "http://127.0.0.1/", true},
  };
  for (const auto& row : kRows) {
    const auto target = parse_outgoing_target(row.url);
    ASSERT_TRUE(target) << row.url << ": " << target.error().detail;
    EXPECT_EQ(target->host, row.host) << row.url;
    EXPECT_EQ(target->port, row.port) << row.url;
    EXPECT_EQ(target->url, row.written) << row.url;
    EXPECT_EQ(target->literal.has_value(), row.literal) << row.url;
  }
}

TEST(OutgoingTarget, RefusesWhatCouldBeReadInTwoWays) {
  for (const std::string url : {"",
                                "crm.example",
                                "//crm.example",
                                "ftp://crm.example/",
                                "file:///etc/passwd",
                                "http:/crm.example",
                                "http://",
                                "http:///path",
                                "http://:80/",
                                "http://user@crm.example/",
                                "http://u:p@crm.example/",
                                "http://crm.example\\@10.0.0.1/",
                                "http://crm.example\\.evil/",
                                "http://crm.example:80:80/",
                                "http://crm.example:0/",
                                "http://crm.example:65536/",
                                "http://crm.example:8o/",
                                "http://crm.example:+80/",
                                "http://crm.example:-1/",
                                "http://crm example/",
                                "http://crm.example/a b",
                                "http://crm.example/\r\nX: y",
                                "http://crm.example/\x01",
                                "http://caf\xc3\xa9.example/",
                                "http://crm.example/\xc3\xa9",
                                "http://%00/",
                                "http://crm%2eexample%2f/",
                                "http://crm%40evil/",
                                "http://%c3%a9.example/",
                                "http://crm%zz/",
                                "http://..",
                                "http://a..b/",
                                "http://.a/",
                                "http://a../",
                                "http://256.1.1.1/",
                                "http://1.2.3.4.5/",
                                "http://08.1.1.1/",
                                "http://4294967296/",
                                "http://0x1ffffffff/",
                                "http://1.2.3.0x/x",
                                "http://[::1/",
                                "http://[]/",
                                "http://[1.2.3.4]/",
                                "http://[fe80::1%25eth0]/",
                                "http://[::1]x/",
                                "http://[::1]:x/",
                                "http://[v1.x]/",
                                "http://a[::1]/",
                                "http://*.example/",
                                "http://crm.example,evil/",
                                "http://crm.example;evil/"}) {
    EXPECT_FALSE(parse_outgoing_target(url)) << url;
  }
  EXPECT_FALSE(parse_outgoing_target("http://" + std::string(64, 'a') + ".example/"));
  EXPECT_TRUE(parse_outgoing_target("http://" + std::string(63, 'a') + ".example/"));
  EXPECT_FALSE(parse_outgoing_target("http://crm.example/" + std::string(32 * 1024, 'a')));
}

TEST(OutgoingPins, TheHostThatCameFirstGivesWay) {
  OutgoingPins pins(2);
  EXPECT_EQ(pins.note("a:80"), "");
  EXPECT_EQ(pins.note("b:80"), "");
  EXPECT_EQ(pins.note("a:80"), "");
  EXPECT_EQ(pins.note("c:80"), "a:80");
  EXPECT_EQ(pins.note("a:80"), "b:80");
}

Address address(const char* text) { return *parse_address(text); }

std::function<bool(const Address&)> is(const char* text) {
  return [own = address(text)](const Address& asked) { return asked == own; };
}

TEST(AddressGuard, RefusesWhatIsNotPublicUnlessAllowed) {
  const AddressGuard strict{{}};
  const AddressGuard open{{.allowed = {*AddressRange::parse("127.0.0.0/8"), *AddressRange::parse("fd00::/8")}}};
  struct Row {
    const char* address;
    std::uint16_t port;
    const char* strict;  ///< Part of the refusal; null: allowed.
    bool open;           ///< Whether the second guard allows it.
  };
  const Row kRows[] = {
      {"8.8.8.8", 443, nullptr, true},     {"8.8.8.8", 80, nullptr, true},        {"8.8.8.8", 1024, nullptr, true},
      {"8.8.8.8", 25, "port 25", false},   {"8.8.8.8", 1023, "port 1023", false}, {"127.0.0.1", 80, "loopback", true},
      {"127.9.9.9", 22, "port 22", false}, {"10.0.0.1", 80, "private", false},    {"::1", 80, "loopback", false},
      {"fd00::1", 80, "private", true},    {"fc00::1", 80, "private", false},
  };
  for (const auto& row : kRows) {
    const auto refused = strict.refusal(address(row.address), row.port);
    EXPECT_EQ(refused.has_value(), row.strict != nullptr) << row.address;
    if (refused && row.strict != nullptr) {
      EXPECT_NE(refused->find(row.strict), std::string::npos) << *refused;
      const bool can_be_allowed = std::string_view(row.strict).find("port") == std::string_view::npos;
      EXPECT_EQ(refused->find("delivery.allow_private_networks") != std::string::npos, can_be_allowed) << *refused;
    }
    EXPECT_EQ(!open.refusal(address(row.address), row.port), row.open) << row.address;
  }
}

TEST(AddressGuard, OneAddressThatIsRefusedIsEnough) {
  const AddressGuard guard{{}};
  EXPECT_FALSE(guard.refusal("two.example", std::vector{address("8.8.8.8"), address("2001:4860::1")}, 443));
  for (const auto& mixed :
       {std::vector{address("8.8.8.8"), address("10.0.0.1")}, std::vector{address("fe80::1"), address("8.8.8.8")}}) {
    const auto refused = guard.refusal("two.example", mixed, 443);
    ASSERT_TRUE(refused);
    EXPECT_TRUE(refused->starts_with("two.example: ")) << *refused;
  }
}

TEST(AddressGuard, NeverLeadsBackToTheServerItself) {
  const auto anywhere = std::vector{*AddressRange::parse("0.0.0.0/0"), *AddressRange::parse("::/0")};
  const AddressGuard one{{.allowed = anywhere, .listening = {{address("127.0.0.1"), 8080}}}};
  EXPECT_TRUE(one.refusal(address("127.0.0.1"), 8080));
  EXPECT_FALSE(one.refusal(address("127.0.0.1"), 8081));
  EXPECT_FALSE(one.refusal(address("127.0.0.2"), 8080));
  for (const char* unspecified : {"0.0.0.0", "::", "::ffff:0.0.0.0"}) {
    EXPECT_TRUE(one.refusal(address(unspecified), 8080)) << unspecified << " reaches whatever listens here";
    EXPECT_FALSE(one.refusal(address(unspecified), 8081)) << unspecified;
  }
  for (const char* everywhere : {"0.0.0.0", "::"}) {
    const AddressGuard all{{.allowed = anywhere, .listening = {{address(everywhere), 8080}}, .own = is("192.0.2.7")}};
    for (const char* own : {"127.0.0.1", "127.1.2.3", "::1", "0.0.0.0", "::", "192.0.2.7"})
      EXPECT_TRUE(all.refusal(address(own), 8080)) << own;
    EXPECT_FALSE(all.refusal(address("192.0.2.8"), 8080));
    EXPECT_FALSE(all.refusal(address("127.0.0.1"), 8081));
  }
}

TEST(AddressGuard, AnAddressOfTheMachineIsNotPublic) {
  const AddressGuard guard{{.own = is("8.8.4.4")}};
  EXPECT_TRUE(guard.refusal(address("8.8.4.4"), 443));
  EXPECT_FALSE(guard.refusal(address("8.8.8.8"), 443));
  const auto own = interface_addresses();
  EXPECT_NE(std::ranges::find(own, address("127.0.0.1")), own.end());
}

TEST(OwnAddresses, AreReadAgainOnceTheyAreAMinuteOld) {
  FakeClock clock;
  int reads = 0;
  OwnAddresses own(clock, [&reads] {
    return ++reads == 1 ? std::vector{address("8.8.4.4")} : std::vector{address("8.8.4.4"), address("8.8.8.8")};
  });
  EXPECT_TRUE(own.contains(address("8.8.4.4")));
  clock.advance(std::chrono::seconds{59});
  EXPECT_FALSE(own.contains(address("8.8.8.8")));
  EXPECT_EQ(reads, 1);
  clock.advance(std::chrono::seconds{1});
  EXPECT_TRUE(own.contains(address("8.8.8.8"))) << "an interface that came later";
  EXPECT_TRUE(own.contains(address("8.8.4.4")));
  EXPECT_EQ(reads, 2);
}

TEST(OwnAddresses, StayWhereNoneCanBeRead) {
  FakeClock clock;
  bool readable = true;
  OwnAddresses own(clock, [&readable] { return readable ? std::vector{address("8.8.4.4")} : std::vector<Address>(); });
  readable = false;
  clock.advance(std::chrono::minutes{2});
  EXPECT_TRUE(own.contains(address("8.8.4.4")));
}

TEST(AddressGuard, EndpointsMayNameAnInterface) {
  const auto endpoint = parse_endpoint("[fe80::1%eth0]:8080");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint_text(*endpoint), "[fe80::1]:8080");
}

TEST(AddressGuard, EndpointsHaveAText) {
  for (const char* text : {"192.0.2.1:80", "[2001:db8::1]:8080", "[::]:1", "0.0.0.0:65535"}) {
    const auto endpoint = parse_endpoint(text);
    ASSERT_TRUE(endpoint) << text;
    EXPECT_EQ(endpoint_text(*endpoint), text);
  }
  for (const char* text : {"", ":", "80", "192.0.2.1", "name:80", "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:8x"})
    EXPECT_FALSE(parse_endpoint(text)) << text;
}

}  // namespace
}  // namespace postback::net
