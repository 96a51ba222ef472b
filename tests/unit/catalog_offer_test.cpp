// Offers: where the click parameter goes, which URLs cannot carry it, and whose currency counts.
#include "postback/domain/catalog.hpp"
#include "support/example_catalog.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace postback {
namespace {

using nlohmann::json;

std::string offer_url(const std::string& url, const std::string& network = "{}") {
  auto documents = patched_example(EntityKind::offer, json{{"url", url}}.dump());
  json merged = json::parse(documents[0].json);
  merged.merge_patch(json::parse(network));
  documents[0].json = merged.dump();
  const Faults faults = faults_of(documents);
  return faults.empty() ? catalog_of(documents)->offer(1)->url.text() : "refused: " + joined(faults);
}

TEST(CatalogOffer, AppendsTheClickParameterWhenTheUrlHasNoClickId) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"https://o.example", "https://o.example?sub1={clickid}"},
      {"https://o.example/lp", "https://o.example/lp?sub1={clickid}"},
      {"https://o.example/lp?", "https://o.example/lp?sub1={clickid}"},
      {"https://o.example/lp?a=1", "https://o.example/lp?a=1&sub1={clickid}"},
      {"https://o.example/lp?a=1&", "https://o.example/lp?a=1&sub1={clickid}"},
      {"https://o.example/lp#top", "https://o.example/lp?sub1={clickid}#top"},
      {"https://o.example/lp?a=1#top?x", "https://o.example/lp?a=1&sub1={clickid}#top?x"},
      {"https://o.example/lp?#", "https://o.example/lp?sub1={clickid}#"},
      {"https://o.example/lp#/route?sub1=x", "https://o.example/lp?sub1={clickid}#/route?sub1=x"},
      {"https://o.example/lp?a={sub2}", "https://o.example/lp?a={sub2}&sub1={clickid}"},
      {"https://o.example/lp?sub10=1&xsub1=2", "https://o.example/lp?sub10=1&xsub1=2&sub1={clickid}"},
      {"https://o.example/lp?a={sub2|default:x#y?&}", "https://o.example/lp?a={sub2|default:x#y?&}&sub1={clickid}"},
      {"https://o.example/lp/{sub2|default:?}", "https://o.example/lp/{sub2|default:?}?sub1={clickid}"},
      {"https://o.example/lp?a={{clickid}}", "https://o.example/lp?a={{clickid}}&sub1={clickid}"},
      // No server sees a fragment.
      {"https://o.example/lp#{clickid}", "https://o.example/lp?sub1={clickid}#{clickid}"},
      {"https://o.example/lp?a=1#x={clickid}", "https://o.example/lp?a=1&sub1={clickid}#x={clickid}"},
      // Wherever the user put it, it stays.
      {"https://o.example/{clickid}", "https://o.example/{clickid}"},
      {"https://o.example/?sub1=x&z={clickid}", "https://o.example/?sub1=x&z={clickid}"},
      {"https://o.example/?a={clickid|upper}", "https://o.example/?a={clickid|upper}"}};
  for (const auto& [url, complete] : rows) EXPECT_EQ(offer_url(url), complete);
  // What the user wrote stays as written in the document.
  const auto catalog = catalog_of(patched_example(EntityKind::offer, R"({"url":"https://o.example/"})"));
  EXPECT_EQ(json::parse(catalog->document(EntityKind::offer, "vpn")->json)["url"], "https://o.example/");
}

TEST(CatalogOffer, RefusesAUrlThatCannotCarryTheClickId) {
  for (const char* url : {"https://o.example/?sub1=x", "https://o.example/?a=1&sub1=x#f", "https://o.example/?sub1",
                          "https://o.example/?sub1=", "https://o.example/?sub%31=x", "https://o.example/?sub1={sub1}&b",
                          "https://o.example/?sub1={{clickid}}"}) {
    const std::string answer = offer_url(url);
    EXPECT_NE(answer.find("offers/vpn: url | sets sub1"), std::string::npos) << url << " -> " << answer;
    EXPECT_NE(answer.find("set sub1={clickid}"), std::string::npos) << url << " -> " << answer;
  }
  EXPECT_NE(offer_url("https://o.example/", R"({"click_param":null})").find("has no click_param"), std::string::npos);
  EXPECT_EQ(offer_url("https://o.example/{clickid}", R"({"click_param":""})"), "https://o.example/{clickid}");
}

TEST(CatalogOffer, TakesTheOffersCurrencyBeforeTheNetworks) {
  EXPECT_EQ(catalog_of(patched_example(EntityKind::offer, R"({"currency":"EUR"})"))->offer(1)->currency, "EUR");
  EXPECT_EQ(catalog_of(patched_example(EntityKind::offer, R"({"currency":null})"))->offer(1)->currency, "USD");
  const auto without = catalog_of(patched_example(EntityKind::offer, R"({"payout":null})"));
  EXPECT_EQ(without->offer(1)->payout, std::nullopt);
}

}  // namespace
}  // namespace postback
