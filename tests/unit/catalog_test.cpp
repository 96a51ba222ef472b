// Catalog: compiling documents, the canonical form, and looking entities up.
#include "postback/domain/catalog.hpp"
#include "support/example_catalog.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace postback {
namespace {

using nlohmann::json;

TEST(Catalog, BuildsTheExample) {
  const auto catalog = example_catalog();
  EXPECT_EQ(catalog->revision(), 1U);
  const Network* acme = catalog->network("acme");
  ASSERT_NE(acme, nullptr);
  EXPECT_EQ(acme->name, "Acme");
  EXPECT_EQ(acme->click_param, "sub1");
  EXPECT_EQ(acme->currency, "USD");
  EXPECT_EQ(acme->token, kExampleToken);
  EXPECT_TRUE(acme->token_required);
  EXPECT_FALSE(acme->fixed_payout);
  for (std::size_t field = 0; field < kPostbackFieldCount; ++field) {
    EXPECT_EQ(acme->names[field], std::vector<std::string>{std::string(to_string(static_cast<PostbackField>(field)))});
  }
  const Offer* vpn = catalog->offer(1);
  ASSERT_NE(vpn, nullptr);
  EXPECT_EQ(vpn->network, acme);
  EXPECT_EQ(vpn->payout, 12'500'000);
  EXPECT_EQ(vpn->currency, "USD");
  EXPECT_EQ(vpn->url.text(), "https://offer.example/lp?aff=42&sub1={clickid}&src={sub1}");
  const Campaign* summer = catalog->campaign("summer");
  ASSERT_NE(summer, nullptr);
  EXPECT_FALSE(summer->paused);
  EXPECT_EQ(summer->cpc, 50'000);
  EXPECT_EQ(summer->cost_currency, "USD");
  ASSERT_NE(summer->source, nullptr);
  EXPECT_EQ(summer->source->external_id, std::vector<std::string>{"cid"});
  EXPECT_EQ(summer->source->cost, "bid");
  EXPECT_EQ(summer->source->sub[0], "zone");
  EXPECT_EQ(summer->source->slots.at("cid"), 0U);
  EXPECT_EQ(summer->source->slots.at("bid"), 1U);
  EXPECT_EQ(summer->source->slots.at("zone"), 2U);
  EXPECT_EQ(catalog->network("Acme"), nullptr);
  EXPECT_EQ(catalog->campaign("acme"), nullptr);
  EXPECT_EQ(catalog->offer(2), nullptr);
  EXPECT_EQ(catalog->networks().size(), 1U);
}

TEST(Catalog, LooksDocumentsUp) {
  const auto catalog = example_catalog();
  EXPECT_EQ(catalog->id_of(EntityKind::network, 1), "acme");
  EXPECT_EQ(catalog->id_of(EntityKind::campaign, 1), "summer");
  EXPECT_EQ(catalog->id_of(EntityKind::campaign, 2), "");
  ASSERT_NE(catalog->document(EntityKind::source, "adnet"), nullptr);
  EXPECT_EQ(catalog->document(EntityKind::source, "adnet")->number, 1U);
  EXPECT_EQ(catalog->document(EntityKind::source, "acme"), nullptr);
  EXPECT_EQ(catalog->document(EntityKind::source, ""), nullptr);
  EXPECT_EQ(catalog->documents(EntityKind::offer).size(), 1U);
  EXPECT_EQ(catalog->documents().size(), 4U);
  EXPECT_TRUE(Catalog::empty()->documents().empty());
  EXPECT_EQ(Catalog::empty()->revision(), 0U);
  EXPECT_EQ(Catalog::empty()->document(EntityKind::offer, "vpn"), nullptr);
}

TEST(Catalog, OrdersDocumentsById) {
  auto documents = example_documents();
  for (const char* id : {"b-2", "a", "0"}) {
    documents.push_back(document_of(EntityKind::source, id, R"({"name":"S"})"));
  }
  std::string order;
  const auto catalog = catalog_of(documents);
  for (const auto& document : catalog->documents(EntityKind::source)) order += document->id + " ";
  EXPECT_EQ(order, "0 a adnet b-2 ");
}

TEST(Catalog, NamesKindsAndSlugs) {
  for (const EntityKind kind : kEntityKinds) {
    EXPECT_EQ(parse_collection(collection_name(kind)), kind);
    if (kind == EntityKind::currency) continue;
    EXPECT_EQ(collection_name(kind), std::string(to_string(kind)) + "s");
  }
  EXPECT_EQ(collection_name(EntityKind::currency), "currencies");
  EXPECT_EQ(parse_collection("conversions"), std::nullopt);
  for (const std::string& slug : {std::string("a"), std::string("0"), std::string("a-_9"), std::string(64, 'a')})
    EXPECT_TRUE(is_slug(slug));
  for (const std::string& slug :
       {std::string(), std::string("-a"), std::string("_a"), std::string("A"), std::string("a.b"), std::string("a b"),
        std::string("\xc3\xa9"), std::string("a/b"), std::string(65, 'a')}) {
    EXPECT_FALSE(is_slug(slug)) << slug;
  }
}

TEST(Catalog, WritesEveryDefaultOut) {
  const std::vector<std::pair<EntityKind, std::string>> canonical{
      {EntityKind::network,
       R"({"adjustments":false,"answer":{"always_200":null,"body":null},"attribution_window_s":0,)"
       R"("click_param":"sub1","currency":"USD","disabled":false,"event_words":{},"events":[],"name":"Acme",)"
       R"("params":{},"payout":"auto","profile":"generic","repeat":{},"resend_window_s":60,"rules":[],)"
       R"("security":{"allow_ips":null,"hmac":null,"https_only":false,"requests_per_minute":null,"token":true,)"
       R"("tokens":[],"webhook":null},"status_words":{},"token":"T0KEN-acme","token_syntax":null,"tokens":{},)"
       R"("txid_scope":"click"})"},
      {EntityKind::source, R"({"cost":{"amount":null,"currency":null,"model":"none"},"macros":{},"name":"AdNet",)"
                           R"("params":{"cost":"bid","external_id":"cid","sub1":"zone"},"profile":"generic",)"
                           R"("token":null})"},
      {EntityKind::campaign,
       R"({"cookies":"functional","cost":{"amount":"0.05","currency":"USD","model":"cpc"},"fallback_url":null,)"
       R"("name":"Summer","origins":[],)"
       R"("paths":[{"landers":[],"name":null,"offers":[{"offer":"vpn","weight":1}],"weight":1}],"redirect":"302",)"
       R"("rules":[],"source":"adnet","state":"active","time_zone":null})"}};
  const auto catalog = example_catalog();
  for (const auto& [kind, text] : canonical) EXPECT_EQ(catalog->documents(kind).front()->json, text);
}

TEST(Catalog, CanonicalFormIsAFixedPoint) {
  auto documents = patched_example(EntityKind::network,
                                   R"({"id":"acme","params":{"click_id":["cid","s1"],"txid":"tx"},"payout":"fixed",
                               "status_words":{"Hold":"pending","rebill":{"status":"approved","event":"Rebill"}},
                               "repeat":{"*":"ignore","Sale":"update","rebill":"add","lead":"new"},
                               "txid_scope":"network","attribution_window_s":86400,"resend_window_s":0,
                               "adjustments":true,"events":["Sale","conversion"],
                               "rules":[{"name":"big","when":{"field":"payout","op":"at_least","value":100},
                                         "action":"hold","hold_s":60},{"action":"reject"}],"security":{"token":true,
          "https_only":false,"allow_ips":[]}})");
  documents[1].json = R"({"name":"VPN","network":"acme","url":"https://o.example/","payout":"1.5"})";
  documents[2].json = R"({"name":"N","params":{"external_id":["gclid","wbraid"],"sub20":"x"},"token":null})";
  documents[3].json = R"({"name":"S","state":"paused","fallback_url":"https://f.example/?a=b",)"
                      R"("paths":[{"offers":[{"offer":"vpn"}]}]})";
  const auto once = catalog_of(documents);
  std::vector<EntityDocument> written;
  for (const auto& document : once->documents()) written.push_back(*document);
  const auto twice = catalog_of(written);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(once->documents()[i]->json, twice->documents()[i]->json);
  const json network = json::parse(once->document(EntityKind::network, "acme")->json);
  EXPECT_FALSE(network.contains("id"));
  EXPECT_EQ(network["params"], json::parse(R"({"click_id":["cid","s1"],"txid":"tx"})"));
  EXPECT_EQ(network["status_words"],
            json::parse(R"({"hold":"pending","rebill":{"status":"approved","event":"rebill"}})"));
  EXPECT_EQ(network["repeat"], json::parse(R"({"*":"ignore","lead":"new","rebill":"add","sale":"update"})"));
  EXPECT_EQ(network["events"], json::parse(R"(["conversion","sale"])"));
  EXPECT_EQ(network["rules"],
            json::parse(R"([{"name":"big","when":{"field":"payout","op":"at_least","value":100},"action":"hold",
                             "hold_s":60},{"name":null,"when":{},"action":"reject","hold_s":0}])"));
  EXPECT_EQ(network["txid_scope"], "network");
  EXPECT_EQ(network["attribution_window_s"], 86400);
  EXPECT_EQ(network["resend_window_s"], 0);
  EXPECT_EQ(network["adjustments"], true);
  EXPECT_EQ(json::parse(once->document(EntityKind::offer, "vpn")->json)["payout"], "1.50");
  const json campaign = json::parse(once->document(EntityKind::campaign, "summer")->json);
  EXPECT_EQ(campaign["cost"], json::parse(R"({"model":"none","amount":null,"currency":null})"));
  EXPECT_EQ(campaign["source"], nullptr);
  EXPECT_EQ(campaign["paths"][0]["weight"], 1);
}

TEST(Catalog, CompilesANetworksNamesAndWords) {
  const auto catalog =
      catalog_of(patched_example(EntityKind::network, R"({"params":{"click_id":["cid","click_id"],"payout":"sum"},
      "payout":"fixed",
      "status_words":{"HOLD":"rejected","rebill":{"event":"Rebill"},"ok":"approved"},"repeat":{"*":"ignore",
          "sale":"update"}})"));
  const Network& network = *catalog->network("acme");
  EXPECT_TRUE(network.fixed_payout);
  EXPECT_EQ(network.names[static_cast<std::size_t>(PostbackField::click_id)],
            (std::vector<std::string>{"cid", "click_id"}));
  EXPECT_EQ(network.names[static_cast<std::size_t>(PostbackField::payout)],
            (std::vector<std::string>{"sum", "payout"}));
  EXPECT_EQ(network.names[static_cast<std::size_t>(PostbackField::txid)], std::vector<std::string>{"txid"});
  // The network's own meaning beats the generic one.
  EXPECT_EQ(network.status_words.at("hold").status, ConversionStatus::rejected);
  EXPECT_EQ(network.status_words.at("rebill").event, "rebill");
  EXPECT_EQ(network.status_words.at("rebill").status, ConversionStatus::approved);
  EXPECT_EQ(network.status_words.at("ok").status, ConversionStatus::approved);
  EXPECT_EQ(network.repeat_policy("sale"), RepeatPolicy::update);
  EXPECT_EQ(network.repeat_policy("other"), RepeatPolicy::ignore);
  EXPECT_EQ(example_catalog()->network("acme")->repeat_policy("sale"), RepeatPolicy::update);
}

TEST(Catalog, KnowsTheGenericStatusWords) {
  const auto catalog = example_catalog();
  const auto& words = catalog->network("acme")->status_words;
  const std::vector<std::pair<ConversionStatus, std::vector<std::string>>> expected{
      {ConversionStatus::approved, {"approved", "accepted", "confirmed", "paid", "success"}},
      {ConversionStatus::pending, {"pending", "hold", "on_hold", "waiting", "new", "open"}},
      {ConversionStatus::rejected,
       {"rejected", "refund", "refunded", "chargeback", "reversed", "declined", "cancelled", "canceled", "trash",
        "fraud", "invalid"}}};
  std::size_t count = 0;
  for (const auto& [status, names] : expected) {
    for (const std::string& name : names) {
      ASSERT_TRUE(words.contains(name)) << name;
      EXPECT_EQ(words.at(name).status, status) << name;
      EXPECT_EQ(words.at(name).event, "");
      ++count;
    }
  }
  EXPECT_EQ(words.size(), count);
}

}  // namespace
}  // namespace postback
