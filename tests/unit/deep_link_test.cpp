// Deep links: which of a stranger's URLs an offer takes, and where the click ID goes.
#include "domain/deep_link.hpp"

#include "support/example_catalog.hpp"

#include <gtest/gtest.h>

namespace postback {
namespace {

TEST(DeepLink, IsTakenOnTheOffersHostsOnly) {
  const auto catalog = catalog_of(patched_example(EntityKind::offer, R"({"hosts":["shop.example"]})"));
  const Offer& offer = *catalog->offer(1);
  for (const auto& [url, taken] :
       std::vector<std::pair<const char*, bool>>{{"https://shop.example/item?id=7", true},
                                                 {"https://shop.example/?sub1=other", false},
                                                 {"https://shop.example/?%73ub1=other", false},
                                                 {"https://shop.example/#?sub1=other", true},
                                                 {"javascript:alert(1)", false},
                                                 {"//evil.example", false},
                                                 {"https://evil.example/", false},
                                                 {"https://shop.example@evil.example/", false},
                                                 {"http://shop.example/", false},
                                                 {"", false}}) {
    EXPECT_EQ(may_deep_link(url, offer), taken) << url;
  }
  EXPECT_FALSE(may_deep_link("https://shop.example/", *example_catalog()->offer(1))) << "it lists no hosts";
}

TEST(DeepLink, NeedsAParameterForTheClickId) {
  auto documents = patched_example(EntityKind::offer, R"({"hosts":["shop.example"]})");
  documents[0].json = R"({"name":"Acme","token":"T0KEN-acme"})";
  EXPECT_FALSE(may_deep_link("https://shop.example/", *catalog_of(documents)->offer(1)));
}

TEST(DeepLink, CarriesTheClickIdInItsQuery) {
  for (const auto& [url, location] : std::vector<std::pair<const char*, const char*>>{
           {"https://shop.example", "https://shop.example?sub1=ID"},
           {"https://shop.example/a", "https://shop.example/a?sub1=ID"},
           {"https://shop.example/a?", "https://shop.example/a?sub1=ID"},
           {"https://shop.example/a?b=c", "https://shop.example/a?b=c&sub1=ID"},
           {"https://shop.example/a?b=c&", "https://shop.example/a?b=c&sub1=ID"},
           {"https://shop.example/a?b=c#d?e", "https://shop.example/a?b=c&sub1=ID#d?e"},
           {"https://shop.example/#d", "https://shop.example/?sub1=ID#d"}}) {
    std::string out = "before";
    write_deep_link(url, "sub1", "ID", out);
    EXPECT_EQ(out, location);
  }
}

}  // namespace
}  // namespace postback
