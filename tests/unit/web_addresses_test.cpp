// Hosts and origins: what is taken from an operator, and which of a stranger's URLs a visitor may be sent to.
#include "domain/web_addresses.hpp"

#include <gtest/gtest.h>

namespace postback {
namespace {

struct TargetRow {
  const char* url;
  bool allowed;
};

TEST(AllowedTarget, IsHttpsOnOneOfTheHostsAndNothingElse) {
  const std::vector<std::string> hosts{"shop.example", ".wide.example"};
  for (const auto& row : std::vector<TargetRow>{
           {"https://shop.example", true},
           {"https://shop.example/", true},
           {"https://shop.example/a?b=c#d", true},
           {"https://shop.example?b=c", true},
           {"HTTPS://Shop.EXAMPLE/A", true},
           {"https://shop.example:443/", true},
           {"https://wide.example/", true},
           {"https://a.wide.example/", true},
           {"https://a.b.wide.example/", true},
           {"", false},
           {"http://shop.example/", false},
           {"//shop.example/", false},
           {"//evil.example/", false},
           {"/\\evil.example", false},
           {"\\\\evil.example", false},
           {"https:\\\\evil.example", false},
           {"https:shop.example", false},
           {"https:/shop.example", false},
           {"https:///shop.example", false},
           {"https://evil.example/", false},
           {"https://evil.example/shop.example", false},
           {"https://evil.example?https://shop.example/", false},
           {"https://evil.example#shop.example", false},
           {"https://shop.example.evil.example/", false},
           {"https://evilshop.example/", false},
           {"https://a.shop.example/", false},
           {"https://evilwide.example/", false},
           {"https://shop.example@evil.example/", false},
           {"https://user@shop.example/", false},
           {"https://user:word@shop.example/", false},
           {"https://shop.example:8443/", false},
           {"https://shop.example:80/", false},
           {"https://shop.example:/", false},
           {"https://shop.example\\@evil.example/", false},
           {"https://shop.example/\\evil.example", false},
           {"https://shop.example\r\nSet-Cookie: a=b", false},
           {"https://shop.example/\t", false},
           {"https://shop.example /", false},
           {"https://shop%2Eexample/", false},
           {"https://sh\xC3\xB6p.example/", false},
           {" https://shop.example/", false},
           {"javascript:alert(1)", false},
           {"data:text/html,x", false},
           {"https://[::1]/", false},
           {"https://127.0.0.1/", false},
           {"https://.wide.example/", false},
           {"https://shop.example./", false},
       }) {
    EXPECT_EQ(is_allowed_target(row.url, hosts), row.allowed) << row.url;
  }
  EXPECT_FALSE(is_allowed_target("https://shop.example/", {})) << "no host is listed";
  EXPECT_FALSE(is_allowed_target("https://shop.example/" + std::string(5000, 'a'), hosts));
}

/// What `read` makes of the entries; fails on a fault.
template <class Read>
std::vector<std::string> read_entries(const Json& object, Read read) {
  Faults faults;
  ObjectReader reader(object, {}, faults);
  auto entries = read(reader);
  for (const Fault& fault : faults) ADD_FAILURE() << fault.field << " " << fault.problem;
  return entries;
}

TEST(WebAddresses, AreKeptAsBrowsersWriteThem) {
  EXPECT_EQ(read_entries(Json::parse(R"({"origins":["HTTPS://Shop.example:443","http://localhost:3000",
                                        "http://a.example:80","https://shop.example"]})"),
                         read_origins),
            (std::vector<std::string>{"https://shop.example", "http://localhost:3000", "http://a.example"}));
  EXPECT_EQ(read_entries(Json::parse(R"({"hosts":["Shop.example",".Wide.example"]})"), read_hosts),
            (std::vector<std::string>{"shop.example", ".wide.example"}));
}

}  // namespace
}  // namespace postback
