// Catalog: compiling documents, the canonical form, and every fault that a document can have.
#include "postback/domain/catalog.hpp"
#include "support/example_catalog.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace postback {
namespace {

using nlohmann::json;

/// The example with one document replaced by, or merged with (RFC 7396), `patch`.
std::vector<EntityDocument> patched(EntityKind kind, const std::string& patch) {
  auto documents = example_documents();
  for (EntityDocument& document : documents) {
    if (document.kind != kind) continue;
    json merged = json::parse(document.json);
    merged.merge_patch(json::parse(patch));
    document.json = merged.dump();
  }
  return documents;
}

std::string joined(const Faults& faults) {
  std::string text;
  for (const Fault& fault : faults) text += fault.field + " | " + fault.problem + " | " + fault.expected + "\n";
  return text;
}

/// Whether one of the faults has exactly this field and says `text`.
bool has_fault(const Faults& faults, const std::string& field, const std::string& text) {
  return std::any_of(faults.begin(), faults.end(), [&](const Fault& fault) {
    return fault.field == field && (fault.problem + " " + fault.expected).find(text) != std::string::npos;
  });
}

std::string offer_url(const std::string& url, const std::string& network = "{}") {
  auto documents = patched(EntityKind::offer, json{{"url", url}}.dump());
  json merged = json::parse(documents[0].json);
  merged.merge_patch(json::parse(network));
  documents[0].json = merged.dump();
  const Faults faults = faults_of(documents);
  return faults.empty() ? catalog_of(documents)->offer(1)->url.text() : "refused: " + joined(faults);
}

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
  for (const EntityDocument* document : catalog->documents(EntityKind::source)) order += document->id + " ";
  EXPECT_EQ(order, "0 a adnet b-2 ");
}

TEST(Catalog, NamesKindsAndSlugs) {
  for (const EntityKind kind : {EntityKind::network, EntityKind::offer, EntityKind::source, EntityKind::campaign}) {
    EXPECT_EQ(parse_collection(collection_name(kind)), kind);
    EXPECT_EQ(collection_name(kind), std::string(to_string(kind)) + "s");
  }
  EXPECT_EQ(parse_collection("landers"), std::nullopt);
  for (const std::string& slug : {std::string("a"), std::string("0"), std::string("a-_9"), std::string(64, 'a')}) EXPECT_TRUE(is_slug(slug));
  for (const std::string& slug : {std::string(), std::string("-a"), std::string("_a"), std::string("A"), std::string("a.b"), std::string("a b"),
                                  std::string("\xc3\xa9"), std::string("a/b"), std::string(65, 'a')}) {
    EXPECT_FALSE(is_slug(slug)) << slug;
  }
}

TEST(Catalog, WritesEveryDefaultOut) {
  const std::vector<std::pair<EntityKind, std::string>> canonical{
      {EntityKind::network, R"({"click_param":"sub1","currency":"USD","name":"Acme","params":{},"payout":"auto","profile":"generic",)"
                            R"("repeat":{},"security":{"token":true},"status_words":{},"token":"T0KEN-acme"})"},
      {EntityKind::source, R"({"name":"AdNet","params":{"cost":"bid","external_id":"cid","sub1":"zone"}})"},
      {EntityKind::campaign, R"({"cost":{"amount":"0.05","currency":"USD","model":"cpc"},"fallback_url":null,"name":"Summer",)"
                             R"("paths":[{"landers":[],"offers":[{"offer":"vpn","weight":1}],"weight":1}],"redirect":"302","rules":[],)"
                             R"("source":"adnet","state":"active"})"}};
  const auto catalog = example_catalog();
  for (const auto& [kind, text] : canonical) EXPECT_EQ(catalog->documents(kind).front()->json, text);
}

TEST(Catalog, CanonicalFormIsAFixedPoint) {
  auto documents = patched(EntityKind::network,
                           R"({"id":"acme","params":{"click_id":["cid","s1"],"txid":"tx"},"payout":"fixed",
                               "status_words":{"Hold":"pending","rebill":{"status":"approved","event":"Rebill"}},
                               "repeat":{"*":"ignore","Sale":"update"},"security":{"token":true,"https_only":false,"allow_ips":[]}})");
  documents[1].json = R"({"name":"VPN","network":"acme","url":"https://o.example/","payout":"1.5"})";
  documents[2].json = R"({"name":"N","params":{"external_id":["gclid","wbraid"],"sub20":"x"},"token":null})";
  documents[3].json = R"({"name":"S","state":"paused","fallback_url":"https://f.example/?a=b","paths":[{"offers":[{"offer":"vpn"}]}]})";
  const auto once = catalog_of(documents);
  const auto twice = catalog_of(once->documents());
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(once->documents()[i].json, twice->documents()[i].json);
  const json network = json::parse(once->document(EntityKind::network, "acme")->json);
  EXPECT_FALSE(network.contains("id"));
  EXPECT_EQ(network["params"], json::parse(R"({"click_id":["cid","s1"],"txid":"tx"})"));
  EXPECT_EQ(network["status_words"], json::parse(R"({"hold":"pending","rebill":{"status":"approved","event":"rebill"}})"));
  EXPECT_EQ(network["repeat"], json::parse(R"({"*":"ignore","sale":"update"})"));
  EXPECT_EQ(json::parse(once->document(EntityKind::offer, "vpn")->json)["payout"], "1.50");
  const json campaign = json::parse(once->document(EntityKind::campaign, "summer")->json);
  EXPECT_EQ(campaign["cost"], json::parse(R"({"model":"none","amount":null,"currency":null})"));
  EXPECT_EQ(campaign["source"], nullptr);
  EXPECT_EQ(campaign["paths"][0]["weight"], 1);
}

TEST(Catalog, CompilesANetworksNamesAndWords) {
  const auto catalog = catalog_of(patched(EntityKind::network, R"({"params":{"click_id":["cid","click_id"],"payout":"sum"},"payout":"fixed",
      "status_words":{"HOLD":"rejected","rebill":{"event":"Rebill"},"ok":"approved"},"repeat":{"*":"ignore","sale":"update"}})"));
  const Network& network = *catalog->network("acme");
  EXPECT_TRUE(network.fixed_payout);
  EXPECT_EQ(network.names[static_cast<std::size_t>(PostbackField::click_id)], (std::vector<std::string>{"cid", "click_id"}));
  EXPECT_EQ(network.names[static_cast<std::size_t>(PostbackField::payout)], (std::vector<std::string>{"sum", "payout"}));
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
      {ConversionStatus::rejected, {"rejected", "refund", "refunded", "chargeback", "reversed", "declined", "cancelled", "canceled",
                                    "trash", "fraud", "invalid"}}};
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

TEST(Catalog, AppendsTheClickParameterWhenTheUrlHasNoClickId) {
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
      // Wherever the user put it, it stays.
      {"https://o.example/{clickid}", "https://o.example/{clickid}"},
      {"https://o.example/?sub1=x&z={clickid}", "https://o.example/?sub1=x&z={clickid}"},
      {"https://o.example/?a={clickid|upper}", "https://o.example/?a={clickid|upper}"}};
  for (const auto& [url, complete] : rows) EXPECT_EQ(offer_url(url), complete);
  // What the user wrote stays as written in the document.
  const auto catalog = catalog_of(patched(EntityKind::offer, R"({"url":"https://o.example/"})"));
  EXPECT_EQ(json::parse(catalog->document(EntityKind::offer, "vpn")->json)["url"], "https://o.example/");
}

TEST(Catalog, RefusesAUrlThatCannotCarryTheClickId) {
  for (const char* url : {"https://o.example/?sub1=x", "https://o.example/?a=1&sub1=x#f", "https://o.example/?sub1", "https://o.example/?sub1=",
                          "https://o.example/?sub%31=x", "https://o.example/?sub1={sub1}&b", "https://o.example/?sub1={{clickid}}"}) {
    const std::string answer = offer_url(url);
    EXPECT_NE(answer.find("offers/vpn: url | sets sub1"), std::string::npos) << url << " -> " << answer;
    EXPECT_NE(answer.find("set sub1={clickid}"), std::string::npos) << url << " -> " << answer;
  }
  EXPECT_NE(offer_url("https://o.example/", R"({"click_param":null})").find("has no click_param"), std::string::npos);
  EXPECT_EQ(offer_url("https://o.example/{clickid}", R"({"click_param":""})"), "https://o.example/{clickid}");
}

TEST(Catalog, TakesTheOffersCurrencyBeforeTheNetworks) {
  EXPECT_EQ(catalog_of(patched(EntityKind::offer, R"({"currency":"EUR"})"))->offer(1)->currency, "EUR");
  EXPECT_EQ(catalog_of(patched(EntityKind::offer, R"({"currency":null})"))->offer(1)->currency, "USD");
  const auto without = catalog_of(patched(EntityKind::offer, R"({"payout":null})"));
  EXPECT_EQ(without->offer(1)->payout, std::nullopt);
}

struct FaultRow {
  EntityKind kind;
  std::string patch;
  std::string field;  ///< Without the document's prefix.
  std::string text;
};

TEST(Catalog, NamesTheFieldOfEveryFault) {
  constexpr auto network = EntityKind::network;
  constexpr auto offer = EntityKind::offer;
  constexpr auto source = EntityKind::source;
  constexpr auto campaign = EntityKind::campaign;
  const std::string long_name(201, 'x');
  const std::vector<FaultRow> rows{
      {network, R"({"name":null})", "name", "is missing"},
      {network, R"({"name":""})", "name", "is missing"},
      {network, R"({"name":5})", "name", "is not text"},
      {network, R"({"name":")" + long_name + "\"}", "name", "201 bytes"},
      {network, R"({"name":"a\nb"})", "name", "control character"},
      {network, R"({"profile":"voluum"})", "profile", "generic"},
      {network, R"({"click_param":"a b"})", "click_param", "parameter's name"},
      {network, R"({"click_param":"a={clickid}"})", "click_param", "parameter's name"},
      {network, R"({"click_param":["a"]})", "click_param", "is not text"},
      {network, R"({"params":[]})", "params", "not a JSON object"},
      {network, R"({"params":{"click_id":5}})", "params.click_id", "is not text"},
      {network, R"({"params":{"click_id":["a","a"]}})", "params.click_id", "twice"},
      {network, R"({"params":{"click_id":"a&b"}})", "params.click_id", "parameter's name"},
      {network, R"({"params":{"click_id":"txid"}})", "params.click_id", "already stands for txid"},
      {network, R"({"params":{"payout":"p","amount":"p"}})", "params.amount", "already stands for payout"},
      {network, R"({"params":{"clickid":"p"}})", "params.clickid", "did you mean \"click_id\"?"},
      {network, R"({"params":{"sign":"p"}})", "params.sign", "not available in this version yet"},
      {network, R"({"currency":"usd"})", "currency", "ISO 4217"},
      {network, R"({"currency":"XXX"})", "currency", "ISO 4217"},
      {network, R"({"payout":"12"})", "payout", "auto"},
      {network, R"({"token":"short"})", "token", "shorter"},
      {network, R"({"token":"with space"})", "token", "URL"},
      {network, R"({"token":null})", "token", "is missing"},
      {network, R"({"security":{"token":"yes"}})", "security.token", "true or false"},
      {network, R"({"security":{"hmac":{"secrets":["x"]}}})", "security.hmac", "not available in this version yet"},
      {network, R"({"security":{"allow_ips":["1.2.3.4"]}})", "security.allow_ips", "not available in this version yet"},
      {network, R"({"security":{"https_only":true}})", "security.https_only", "not available in this version yet"},
      {network, R"({"status_words":{"x":"maybe"}})", "status_words.x", "approved"},
      {network, R"({"status_words":{"x":{"status":"maybe"}}})", "status_words.x.status", "approved"},
      {network, R"({"status_words":{"x":{"event":"a b"}}})", "status_words.x.event", "event's name"},
      {network, R"({"status_words":{"x":{"evnt":"a"}}})", "status_words.x.evnt", "did you mean \"event\"?"},
      {network, R"({"status_words":{"X":"pending","x":"approved"}})", "status_words.x", "twice"},
      {network, R"({"repeat":{"sale":"add"}})", "repeat.sale", "not available in this version yet"},
      {network, R"({"repeat":{"*":"new"}})", "repeat.*", "not available in this version yet"},
      {network, R"({"repeat":{"sale":"twice"}})", "repeat.sale", "update"},
      {network, R"({"repeat":{"a b":"update"}})", "repeat.a b", "event's name"},
      {network, R"({"event_words":{"reg":"signup"}})", "event_words", "not available in this version yet"},
      {network, R"({"txid_scope":"offer"})", "txid_scope", "not available in this version yet"},
      {network, R"({"clickparam":"x"})", "clickparam", "did you mean \"click_param\"?"},
      {network, R"({"zzzzzzzzzzzz":1})", "zzzzzzzzzzzz", "not a known field"},
      {network, R"({"id":"other"})", "id", "acme"},
      {offer, R"({"name":null})", "name", "is missing"},
      {offer, R"({"network":null})", "network", "is missing"},
      {offer, R"({"network":"acne"})", "network", "there is no network \"acne\""},
      {offer, R"({"url":null})", "url", "is missing"},
      {offer, R"({"url":"https://{sub1}/"})", "url", "scheme, user, host or port"},
      {offer, R"({"url":"https://o.example/{payout}"})", "url", "outgoing"},
      {offer, R"({"url":"https://o.example/{clikid}"})", "url", "did you mean {clickid}?"},
      {offer, R"({"payout":12.5})", "payout", "not be exact"},
      {offer, R"({"payout":"12,50"})", "payout", "not a decimal number"},
      {offer, R"({"payout":"-1"})", "payout", "negative"},
      {offer, R"({"payout":"1000000001"})", "payout", "not a decimal number"},
      {offer, R"({"currency":"US"})", "currency", "ISO 4217"},
      {offer, R"({"fallback":"other"})", "fallback", "not available in this version yet"},
      {offer, R"({"cap":{"day":5}})", "cap", "not available in this version yet"},
      {offer, R"({"hosts":["a"]})", "hosts", "not available in this version yet"},
      {source, R"({"params":{"external_id":"bid"}})", "params.cost", "already carries"},
      {source, R"({"params":{"sub2":"zone"}})", "params.sub2", "already carries"},
      {source, R"({"params":{"external_id":["a","a"]}})", "params.external_id", "twice"},
      {source, R"({"params":{"cost":["a","b"]}})", "params.cost", "several"},
      {source, R"({"params":{"sub21":"a"}})", "params.sub21", "did you mean \"sub"},
      {source, R"({"params":{"sub1":""}})", "params.sub1", "parameter's name"},
      {source, R"({"token":"abcdefgh"})", "token", "not available in this version yet"},
      {source, R"({"cost_model":"cpc"})", "cost_model", "not available in this version yet"},
      {campaign, R"({"source":"addnet"})", "source", "there is no source"},
      {campaign, R"({"state":"archived"})", "state", "not available in this version yet"},
      {campaign, R"({"state":"on"})", "state", "active"},
      {campaign, R"({"fallback_url":"/x"})", "fallback_url", "http:// or https://"},
      {campaign, R"({"fallback_url":"https://f.example/{clickid}"})", "fallback_url", "tokens"},
      {campaign, R"({"cost":{"model":"cpm"}})", "cost.model", "not available in this version yet"},
      {campaign, R"({"cost":{"model":"free"}})", "cost.model", "cpc"},
      {campaign, R"({"cost":{"model":"none"}})", "cost.amount", "no meaning"},
      {campaign, R"({"cost":{"amount":null}})", "cost.amount", "is missing"},
      {campaign, R"({"cost":{"currency":null}})", "cost.currency", "is missing"},
      {campaign, R"({"cost":{"amout":"1"}})", "cost.amout", "did you mean \"amount\"?"},
      {campaign, R"({"cost":"0.05"})", "cost", "not a JSON object"},
      {campaign, R"({"rules":[{"name":"de"}]})", "rules", "not available in this version yet"},
      {campaign, R"({"redirect":"303"})", "redirect", "not available in this version yet"},
      {campaign, R"({"allowed_origins":["x"]})", "allowed_origins", "not available in this version yet"},
      {campaign, R"({"paths":null})", "paths", "is empty"},
      {campaign, R"({"paths":[]})", "paths", "is empty"},
      {campaign, R"({"paths":{}})", "paths", "is not an array"},
      {campaign, R"({"paths":["x"]})", "paths[0]", "not a JSON object"},
      {campaign, R"({"paths":[{"offers":[]}]})", "paths[0].offers", "is empty"},
      {campaign, R"({"paths":[{"offers":["vpn"]}]})", "paths[0].offers[0]", "not a JSON object"},
      {campaign, R"({"paths":[{"offers":[{"offer":"vpn"},{"offer":"nope"}]}]})", "paths[0].offers[1].offer", "there is no offer \"nope\""},
      {campaign, R"({"paths":[{"offers":[{"weight":2}]}]})", "paths[0].offers[0].offer", "is missing"},
      {campaign, R"({"paths":[{"offers":[{"offer":"vpn","weight":0}]}]})", "paths[0].offers[0].weight", "from 1 to 1000000"},
      {campaign, R"({"paths":[{"offers":[{"offer":"vpn","weight":1000001}]}]})", "paths[0].offers[0].weight", "from 1 to 1000000"},
      {campaign, R"({"paths":[{"offers":[{"offer":"vpn","weight":-1}]}]})", "paths[0].offers[0].weight", "from 1 to 1000000"},
      {campaign, R"({"paths":[{"offers":[{"offer":"vpn","weight":1.5}]}]})", "paths[0].offers[0].weight", "from 1 to 1000000"},
      {campaign, R"({"paths":[{"weight":"2","offers":[{"offer":"vpn"}]}]})", "paths[0].weight", "from 1 to 1000000"},
      {campaign, R"({"paths":[{"landers":[{"lander":"x"}],"offers":[{"offer":"vpn"}]}]})", "paths[0].landers", "not available"},
      {campaign, R"({"paths":[{"offers":[{"offer":"vpn","wieght":2}]}]})", "paths[0].offers[0].wieght", "did you mean \"weight\"?"}};
  for (const FaultRow& row : rows) {
    const Faults faults = faults_of(patched(row.kind, row.patch));
    const std::string id = row.kind == network ? "acme" : row.kind == offer ? "vpn" : row.kind == source ? "adnet" : "summer";
    const std::string field = std::string(collection_name(row.kind)) + "/" + id + ": " + row.field;
    EXPECT_TRUE(has_fault(faults, field, row.text)) << row.patch << "\nwanted " << field << " | " << row.text << "\ngot\n" << joined(faults);
  }
}

TEST(Catalog, AcceptsEmptyFieldsOfPartsToCome) {
  for (const char* empty : {"null", "[]", "{}", "\"\"", "false"}) {
    auto documents = example_documents();
    const auto add = [&](std::size_t index, const std::string& fields) { documents[index].json.insert(1, fields + ":" + empty + ","); };
    add(0, R"("event_words")");
    add(1, R"("cap")");
    add(2, R"("cost_model")");
    add(3, R"("allowed_origins")");
    EXPECT_EQ(joined(faults_of(documents)), "") << empty;
  }
}

TEST(Catalog, ReportsEveryFaultOfEveryDocumentAtOnce) {
  auto documents = example_documents();
  documents[0].json = R"({"currency":"usd","token":"x","colour":1})";
  documents[1].json = R"({"name":"VPN","network":"nobody","url":"ftp://x","payout":"-1"})";
  documents[2].json = "{";
  documents[3].json = R"({"name":"","paths":[{"weight":0,"offers":[{"offer":"a","weight":0},{"offer":"b"}]},{}]})";
  const Faults faults = faults_of(documents);
  std::vector<std::string> fields;
  for (const Fault& fault : faults) fields.push_back(fault.field);
  std::sort(fields.begin(), fields.end());
  const std::vector<std::string> expected{
      "campaigns/summer: name", "campaigns/summer: paths[0].offers[0].offer", "campaigns/summer: paths[0].offers[0].weight",
      "campaigns/summer: paths[0].offers[1].offer", "campaigns/summer: paths[0].weight", "campaigns/summer: paths[1].offers",
      "networks/acme: colour", "networks/acme: currency", "networks/acme: name", "networks/acme: token", "offers/vpn: network",
      "offers/vpn: payout", "offers/vpn: url", "sources/adnet: (document)"};
  EXPECT_EQ(fields, expected) << joined(faults);
  for (const Fault& fault : faults) {
    EXPECT_FALSE(fault.problem.empty()) << fault.field;
    EXPECT_FALSE(fault.expected.empty()) << fault.field;
  }
}

TEST(Catalog, RefusesAPayoutWithoutACurrency) {
  auto documents = patched(EntityKind::network, R"({"currency":null})");
  EXPECT_EQ(joined(faults_of(documents)), "");
  documents[1].json = R"({"name":"VPN","network":"acme","url":"https://o.example/","payout":"1"})";
  EXPECT_TRUE(has_fault(faults_of(documents), "offers/vpn: currency", "is missing"));
}

TEST(Catalog, RefusesJsonThatIsNotStrict) {
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "[";
  std::string shallow = R"({"name":"S","x":)" + std::string(31, '[') + std::string(31, ']') + "}";
  std::string too_deep = R"({"name":"S","x":)" + std::string(32, '[') + std::string(32, ']') + "}";
  const std::vector<std::pair<std::string, std::string>> rows{
      {"", "not valid JSON"}, {"null", "not a JSON object"}, {"[]", "not a JSON object"}, {"\"x\"", "not a JSON object"},
      {R"({"name":"S"} x)", "not valid JSON"}, {R"({"name":"S"}{})", "not valid JSON"}, {R"({"name":"S",})", "not valid JSON"},
      {R"({"name":"S"/*c*/})", "not valid JSON"}, {R"({'name':'S'})", "not valid JSON"}, {R"({"name":"S","name":"S"})", "\"name\" stands twice"},
      {R"({"name":"S","params":{"cost":"a","cost":"b"}})", "\"cost\" stands twice"}, {"{\"name\":\"\xff\"}", "not valid JSON"},
      {R"({"name":"\ud800"})", "not valid JSON"}, {"\xef\xbb\xbf{\"name\":\"S\"}", "byte order mark"}, {deep, "deeper than 32"},
      {too_deep, "deeper than 32"}, {shallow, "not a known field"}};
  for (const auto& [text, expected] : rows) {
    const Faults faults = faults_of({document_of(EntityKind::source, "s", text)});
    EXPECT_NE(joined(faults).find(expected), std::string::npos) << text.substr(0, 80) << " -> " << joined(faults);
  }
}

TEST(Catalog, RefusesIdsAndNumbersThatAreNotTheirOwn) {
  const std::string text = R"({"name":"S"})";
  EXPECT_TRUE(has_fault(faults_of({document_of(EntityKind::source, "A b", text)}), "sources/A b: id", "not a valid ID"));
  EXPECT_TRUE(has_fault(faults_of({document_of(EntityKind::source, "a", text, 1), document_of(EntityKind::source, "a", text, 2)}),
                        "sources/a: id", "twice"));
  EXPECT_TRUE(has_fault(faults_of({document_of(EntityKind::source, "a", text, 1), document_of(EntityKind::source, "b", text, 1)}),
                        "sources/b: number", "another"));
  const auto built = Catalog::build({document_of(EntityKind::source, "a", text)}, 1);
  ASSERT_TRUE(std::holds_alternative<Faults>(built));
  EXPECT_TRUE(has_fault(std::get<Faults>(built), "sources/a: number", "is 0"));
}

TEST(Catalog, BoundsThePathsOfACampaign) {
  auto paths = json::array();
  for (int i = 0; i < 1000; ++i) paths.push_back({{"weight", 1'000'000}, {"offers", {{{"offer", "vpn"}}}}});
  const auto most = patched(EntityKind::campaign, json{{"paths", paths}}.dump());
  EXPECT_EQ(catalog_of(most)->campaign("summer")->paths.back().cumulative, 1'000'000'000U);
  paths.push_back(paths[0]);
  EXPECT_TRUE(has_fault(faults_of(patched(EntityKind::campaign, json{{"paths", paths}}.dump())), "campaigns/summer: paths", "too many"));
}

}  // namespace
}  // namespace postback
