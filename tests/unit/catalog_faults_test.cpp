// Catalog: every fault that a document can have, each with its field, all at once.
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

struct FaultRow {
  EntityKind kind;
  std::string patch;
  std::string field;  ///< Without the document's prefix.
  std::string text;
};

constexpr auto network = EntityKind::network;
constexpr auto offer = EntityKind::offer;
constexpr auto source = EntityKind::source;
constexpr auto campaign = EntityKind::campaign;

std::vector<FaultRow> network_faults() {
  const std::string long_name(201, 'x');
  return {{network, R"({"name":null})", "name", "is missing"},
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
          {network, R"({"params":{"click_id":"TxID"}})", "params.click_id", "already stands for txid"},
          {network, R"({"params":{"payout":"Sum","amount":"sum"}})", "params.amount", "already stands for payout"},
          {network, R"({"params":{"clickid":"p"}})", "params.clickid", "did you mean \"click_id\"?"},
          {network, R"({"currency":"usd"})", "currency", "ISO 4217"},
          {network, R"({"currency":"XXX"})", "currency", "ISO 4217"},
          {network, R"({"payout":"12"})", "payout", "auto"},
          {network, R"({"token":"short"})", "token", "shorter"},
          {network, R"({"token":"with space"})", "token", "URL"},
          {network, R"({"token":null})", "token", "is missing"},
          {network, R"({"security":{"token":"yes"}})", "security.token", "true or false"},
          {network, R"({"security":{"tokens":["ab c"]}})", "security.tokens[0]", "letters, digits"},
          {network, R"({"security":{"tokens":["e89bcbe","e89bcbe"]}})", "security.tokens[1]", "twice"},
          {network, R"({"security":{"tokens":"e89bcbe"}})", "security.tokens", "array"},
          {network, R"({"security":{"hmac":{"secrets":["x"]}}})", "security.hmac.secrets[0]", "8 to 256 bytes"},
          {network, R"({"security":{"hmac":{"secrets":[1]}}})", "security.hmac.secrets[0]", "not text"},
          {network, R"({"security":{"hmac":{"secret":"12345678"}}})", "security.hmac.secret", "secrets"},
          {network, R"({"security":{"hmac":{"skew_s":0}}})", "security.hmac.skew_s", "from 1 to 86400"},
          {network, R"({"security":{"webhook":{"secrets":["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}}})",
           "security.webhook.secrets[0]", "whsec_"},
          {network, R"({"security":{"webhook":{"secrets":["whsec_c2hvcnQ="]}}})", "security.webhook.secrets[0]", "24"},
          {network, R"({"security":{"allow_ips":["1.2.3"]}})", "security.allow_ips[0]", "no IP address"},
          {network, R"({"security":{"allow_ips":["192.0.2.1/24"]}})", "security.allow_ips[0]", "behind its prefix"},
          {network, R"({"security":{"allow_ips":["2001:db8::/129"]}})", "security.allow_ips[0]", "0 to 128"},
          {network, R"({"security":{"https_only":1}})", "security.https_only", "true or false"},
          {network, R"({"security":{"requests_per_minute":0}})", "security.requests_per_minute", "from 1"},
          {network, R"({"disabled":"no"})", "disabled", "true or false"},
          {network, R"({"answer":{"always200":true}})", "answer.always200", "always_200"},
          {network, R"({"answer":{"body":"a\u0007b"}})", "answer.body", ""},
          {network, R"({"status_words":{"x":"maybe"}})", "status_words.x", "approved"},
          {network, R"({"status_words":{"x":{"status":"maybe"}}})", "status_words.x.status", "approved"},
          {network, R"({"status_words":{"x":{"event":"a b"}}})", "status_words.x.event", "event's name"},
          {network, R"({"status_words":{"x":{"evnt":"a"}}})", "status_words.x.evnt", "did you mean \"event\"?"},
          {network, R"({"status_words":{"X":"pending","x":"approved"}})", "status_words.x", "twice"},
          {network, R"({"status_words":{" hold":"pending"}})", "status_words. hold", "white space"},
          {network, R"({"status_words":{"hold\t":"pending"}})", "status_words.hold\t", "white space"},
          {network, R"({"repeat":{"sale":"twice"}})", "repeat.sale", "update"},
          {network, R"({"repeat":{"a b":"update"}})", "repeat.a b", "event's name"},
          {network, R"({"txid_scope":"world"})", "txid_scope", "network"},
          {network, R"({"attribution_window_s":-1})", "attribution_window_s", "whole number"},
          {network, R"({"resend_window_s":86401})", "resend_window_s", "86400"},
          {network, R"({"adjustments":"yes"})", "adjustments", "true or false"},
          {network, R"({"events":["sale",7]})", "events", "no event's name"},
          {network, R"({"events":["sale","Sale"]})", "events", "twice"},
          {network, R"({"events":["two words"]})", "events", "not an event's name"},
          {network, R"({"rules":[{"action":"drop"}]})", "rules[0].action", "reject"},
          {network, R"({"rules":[{"action":"reject","hold_s":5}]})", "rules[0].hold_s", "without action hold"},
          {network, R"({"rules":[{},{"when":{"field":"colour","op":"is","value":"red"}}]})", "rules[1].when.field",
           "colour"},
          {network, R"({"event_words":{"reg":"sign up"}})", "event_words.reg", "not an event's name"},
          {network, R"({"event_words":{" reg":"signup"}})", "event_words. reg", "white space"},
          {network, R"({"clickparam":"x"})", "clickparam", "did you mean \"click_param\"?"},
          {network, R"({"zzzzzzzzzzzz":1})", "zzzzzzzzzzzz", "not a known field"},
          {network, R"({"id":"other"})", "id", "acme"}};
}

/// Checks with nothing to check by.
std::vector<FaultRow> empty_check_faults() {
  return {{network, R"({"security":{"hmac":{"secrets":[]}}})", "security.hmac.secrets", "is empty"},
          {network, R"({"security":{"token":false,"hmac":{}}})", "security.hmac.secrets", "null"},
          {network, R"({"security":{"webhook":{"secrets":null}}})", "security.webhook.secrets", "is empty"},
          {network, R"({"security":{"allow_ips":[]}})", "security.allow_ips", "null"}};
}

std::vector<FaultRow> offer_faults() {
  return {{offer, R"({"name":null})", "name", "is missing"},
          {offer, R"({"network":null})", "network", "is missing"},
          {offer, R"({"network":"acne"})", "network", "there is no network \"acne\""},
          {offer, R"({"url":null})", "url", "is missing"},
          {offer, R"({"url":"https://{sub1}/"})", "url", "scheme, user, host or port"},
          {offer, R"({"url":"https://o.example/?c={clickid}&{sub1}"})", "url", "{sub1} stands in a query"},
          {offer, R"({"url":"https://o.example/?c={clickid}&x{query.a}#f"})", "url", "{query.a} stands in"},
          {offer, R"({"url":"https://o.example/?{sub1}{sub2}&c={clickid}"})", "url", "{sub2} stands in a query"},
          {offer, R"({"url":"https://o.example/?{sub1}"})", "url", "{sub1} stands in a query"},
          {offer, R"({"url":"https://o.example/{payout}"})", "url", "outgoing"},
          {offer, R"({"url":"https://o.example/{clikid}"})", "url", "did you mean {clickid}?"},
          {offer, R"({"payout":12.5})", "payout", "not be exact"},
          {offer, R"({"payout":"12,50"})", "payout", "not a decimal number"},
          {offer, R"({"payout":"-1"})", "payout", "negative"},
          {offer, R"({"payout":"1000000001"})", "payout", "not a decimal number"},
          {offer, R"({"currency":"US"})", "currency", "ISO 4217"},
          {offer, R"({"fallback":"other"})", "fallback", "there is no offer \"other\""},
          {offer, R"({"fallback":"vpn"})", "fallback", "is the offer itself"},
          {offer, R"({"caps":{"day":0}})", "caps.day", "from 1 to 1000000000"},
          {offer, R"({"caps":{"month":"5"}})", "caps.month", "from 1 to 1000000000"},
          {offer, R"({"caps":{"year":5}})", "caps.year", "not a known field"},
          {offer, R"({"caps":5})", "caps", "not a JSON object"},
          {offer, R"({"hosts":["a/b"]})", "hosts", "cannot stand here"},
          {offer, R"({"hosts":["https://a.example"]})", "hosts", "cannot stand here"},
          {offer, R"({"hosts":["a.example:8443"]})", "hosts", "cannot stand here"},
          {offer, R"({"hosts":["u@a.example"]})", "hosts", "cannot stand here"},
          {offer, R"({"hosts":["."]})", "hosts", "cannot stand here"},
          {offer, R"({"hosts":[1]})", "hosts", "not text"},
          {offer, R"({"hosts":"a.example"})", "hosts", "not an array"},
          {offer, R"({"browser_conversions":true})", "browser_conversions", "not a JSON object"},
          {offer, R"({"browser_conversions":{"status":"rejected"}})", "browser_conversions.status", "rejected"},
          {offer, R"({"browser_conversions":{"state":"x"}})", "browser_conversions.state", "status"}};
}

std::vector<FaultRow> source_faults() {
  return {{source, R"({"params":{"external_id":"bid"}})", "params.cost", "already carries"},
          {source, R"({"params":{"sub2":"zone"}})", "params.sub2", "already carries"},
          {source, R"({"params":{"external_id":["a","a"]}})", "params.external_id", "twice"},
          {source, R"({"params":{"cost":["a","b"]}})", "params.cost", "several"},
          {source, R"({"params":{"sub21":"a"}})", "params.sub21", "did you mean \"sub"},
          {source, R"({"params":{"sub1":""}})", "params.sub1", "parameter's name"},
          {source, R"({"token":"abcdefg"})", "token", "shorter than 8"},
          {source, R"({"token":"abc def gh"})", "token", "URL cannot carry"},
          {source, R"({"cost":{"model":"cpm","amount":"2"}})", "cost.currency", "is missing"},
          {source, R"({"cost_model":"cpc"})", "cost_model", "not a known field"}};
}

std::vector<FaultRow> campaign_faults() {
  return {
      {campaign, R"({"source":"addnet"})", "source", "there is no source"},
      {campaign, R"({"state":"on"})", "state", "active"},
      {campaign, R"({"fallback_url":"/x"})", "fallback_url", "http:// or https://"},
      {campaign, R"({"fallback_url":"https://f.example/{clickid}"})", "fallback_url", "tokens"},
      {campaign, R"({"cost":{"model":"cpm","amount":null}})", "cost.amount", "is missing"},
      {campaign, R"({"cost":{"model":"cpa","currency":null}})", "cost.currency", "is missing"},
      {campaign, R"({"cost":{"model":"revshare","amount":"30"}})", "cost.amount", "more than the whole payout"},
      {campaign, R"({"cost":{"model":"revshare","amount":null}})", "cost.amount", "is missing"},
      {campaign, R"({"cost":{"per":"impressions"}})", "cost.per", "without the model cpm"},
      {campaign, R"({"cost":{"model":"cpm","per":"day"}})", "cost.per", "clicks"},
      {campaign, R"({"cost":{"model":"free"}})", "cost.model", "cpc"},
      {campaign, R"({"cost":{"model":"none"}})", "cost.amount", "no meaning"},
      {campaign, R"({"cost":{"amount":null}})", "cost.amount", "is missing"},
      {campaign, R"({"cost":{"currency":null}})", "cost.currency", "is missing"},
      {campaign, R"({"cost":{"amout":"1"}})", "cost.amout", "did you mean \"amount\"?"},
      {campaign, R"({"cost":"0.05"})", "cost", "not a JSON object"},
      {campaign, R"({"rules":{}})", "rules", "not an array"},
      {campaign, R"({"rules":["x"]})", "rules[0]", "not a JSON object"},
      {campaign, R"({"rules":[{"name":"de"}]})", "rules[0].paths", "is empty"},
      {campaign, R"({"rules":[{"paths":[{"offers":[{"offer":"nope"}]}]}]})", "rules[0].paths[0].offers[0].offer",
       "there is no offer \"nope\""},
      {campaign,
       R"({"rules":[{"when":{"field":"contry","op":"is","value":"DE"},"paths":[{"offers":[{"offer":"vpn"}]}]}]})",
       "rules[0].when.field", "did you mean \"country\"?"},
      {campaign,
       R"({"rules":[{"when":{"field":"weekday","op":"is","value":"Monday"},)"
       R"("paths":[{"offers":[{"offer":"vpn"}]}]}]})",
       "rules[0].when.value", "one of mon, tue"},
      {campaign, R"({"rules":[{"time_zone":"Europe/Prag","paths":[{"offers":[{"offer":"vpn"}]}]}]})",
       "rules[0].time_zone", "is not a time zone that this system knows"},
      {campaign, R"({"time_zone":"../../etc/passwd"})", "time_zone", "is not a time zone"},
      {campaign, R"({"redirect":"301"})", "redirect", "one of \"302\", \"303\", \"307\", \"meta\""},
      {campaign, R"({"allowed_origins":["x"]})", "allowed_origins", "not a known field"},
      {campaign, R"({"origins":["shop.example"]})", "origins", "cannot stand here"},
      {campaign, R"({"origins":["https://shop.example/"]})", "origins", "cannot stand here"},
      {campaign, R"({"origins":["*"]})", "origins", "cannot stand here"},
      {campaign, R"({"origins":["null"]})", "origins", "cannot stand here"},
      {campaign, R"({"cookies":"on"})", "cookies", "functional"},
      {campaign, R"({"paths":null})", "paths", "is empty"},
      {campaign, R"({"paths":[]})", "paths", "is empty"},
      {campaign, R"({"paths":{}})", "paths", "is not an array"},
      {campaign, R"({"paths":["x"]})", "paths[0]", "not a JSON object"},
      {campaign, R"({"paths":[{"offers":[]}]})", "paths[0].offers", "is empty"},
      {campaign, R"({"paths":[{"offers":["vpn"]}]})", "paths[0].offers[0]", "not a JSON object"},
      {campaign, R"({"paths":[{"offers":[{"offer":"vpn"},{"offer":"nope"}]}]})", "paths[0].offers[1].offer",
       "there is no offer \"nope\""},
      {campaign, R"({"paths":[{"offers":[{"weight":2}]}]})", "paths[0].offers[0].offer", "is missing"},
      {campaign, R"({"paths":[{"offers":[{"offer":"vpn","weight":0}]}]})", "paths[0].offers[0].weight",
       "from 1 to 1000000"},
      {campaign, R"({"paths":[{"offers":[{"offer":"vpn","weight":1000001}]}]})", "paths[0].offers[0].weight",
       "from 1 to 1000000"},
      {campaign, R"({"paths":[{"offers":[{"offer":"vpn","weight":-1}]}]})", "paths[0].offers[0].weight",
       "from 1 to 1000000"},
      {campaign, R"({"paths":[{"offers":[{"offer":"vpn","weight":1.5}]}]})", "paths[0].offers[0].weight",
       "from 1 to 1000000"},
      {campaign, R"({"paths":[{"weight":"2","offers":[{"offer":"vpn"}]}]})", "paths[0].weight", "from 1 to 1000000"},
      {campaign, R"({"paths":[{"landers":[{"lander":"x"}],"offers":[{"offer":"vpn"}]}]})", "paths[0].landers[0].lander",
       "there is no lander \"x\""},
      {campaign, R"({"paths":[{"offers":[{"offer":"vpn","wieght":2}]}]})", "paths[0].offers[0].wieght",
       "did you mean \"weight\"?"}};
}

TEST(Catalog, NamesTheFieldOfEveryFault) {
  std::vector<FaultRow> rows;
  for (const auto& more : {network_faults(), empty_check_faults(), offer_faults(), source_faults(), campaign_faults()})
    rows.insert(rows.end(), more.begin(), more.end());
  for (const FaultRow& row : rows) {
    const Faults faults = faults_of(patched_example(row.kind, row.patch));
    const std::string id = row.kind == network  ? "acme"
                           : row.kind == offer  ? "vpn"
                           : row.kind == source ? "adnet"
                                                : "summer";
    const std::string field = std::string(collection_name(row.kind)) + "/" + id + ": " + row.field;
    EXPECT_TRUE(has_fault(faults, field, row.text))
        << row.patch << "\nwanted " << field << " | " << row.text << "\ngot\n"
        << joined(faults);
  }
}

TEST(Catalog, AcceptsEmptyFieldsOfPartsToCome) {
  for (const char* empty : {"null", "[]", "{}", "\"\"", "false"}) {
    auto documents = example_documents();
    const auto add = [&](std::size_t index, const std::string& fields) {
      documents[index].json.insert(1, fields + ":" + empty + ",");
    };
    add(1, R"("allowed_hosts")");
    add(2, R"("security")");
    add(3, R"("domains")");
    EXPECT_EQ(joined(faults_of(documents)), "") << empty;
  }
}

TEST(Catalog, AcceptsValuesThatSayHowThingsAreAnyway) {
  EXPECT_EQ(joined(faults_of(patched_example(network, R"({"txid_scope":"click","attribution_window_s":0})"))), "");
}

TEST(Catalog, RefusesTwoNetworksWithOneToken) {
  auto documents = example_documents();
  documents.push_back(document_of(network, "nova", R"({"name":"Nova","token":"T0KEN-acme"})", 2));
  const Faults faults = faults_of(documents);
  EXPECT_TRUE(has_fault(faults, "networks/nova: token", R"("acme" and "nova")")) << joined(faults);
  EXPECT_EQ(joined(faults).find("T0KEN"), std::string::npos) << "faults are shown and logged";
  for (EntityDocument& document : documents) {
    if (document.kind == network)
      document.json = R"({"name":"N","click_param":"s","currency":"USD","security":{"token":false}})";
  }
  EXPECT_EQ(joined(faults_of(documents)), "") << "no token is no common token";
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
  const std::vector<std::string> expected{"campaigns/summer: name",
                                          "campaigns/summer: paths[0].offers[0].offer",
                                          "campaigns/summer: paths[0].offers[0].weight",
                                          "campaigns/summer: paths[0].offers[1].offer",
                                          "campaigns/summer: paths[0].weight",
                                          "campaigns/summer: paths[1].offers",
                                          "networks/acme: colour",
                                          "networks/acme: currency",
                                          "networks/acme: name",
                                          "networks/acme: token",
                                          "offers/vpn: network",
                                          "offers/vpn: payout",
                                          "offers/vpn: url",
                                          "sources/adnet: (document)"};
  EXPECT_EQ(fields, expected) << joined(faults);
  for (const Fault& fault : faults) {
    EXPECT_FALSE(fault.problem.empty()) << fault.field;
    EXPECT_FALSE(fault.expected.empty()) << fault.field;
  }
}

TEST(Catalog, RefusesAPayoutWithoutACurrency) {
  auto documents = patched_example(EntityKind::network, R"({"currency":null})");
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
      {"", "not valid JSON"},
      {"null", "not a JSON object"},
      {"[]", "not a JSON object"},
      {"\"x\"", "not a JSON object"},
      {R"({"name":"S"} x)", "not valid JSON"},
      {R"({"name":"S"}{})", "not valid JSON"},
      {R"({"name":"S",})", "not valid JSON"},
      {R"({"name":"S"/*c*/})", "not valid JSON"},
      {R"({'name':'S'})", "not valid JSON"},
      {R"({"name":"S","name":"S"})", "\"name\" stands twice"},
      {R"({"name":"S","params":{"cost":"a","cost":"b"}})", "\"cost\" stands twice"},
      {"{\"name\":\"\xff\"}", "not valid JSON"},
      {R"({"name":"\ud800"})", "not valid JSON"},
      {"\xef\xbb\xbf{\"name\":\"S\"}", "byte order mark"},
      {deep, "deeper than 32"},
      {too_deep, "deeper than 32"},
      {shallow, "not a known field"}};
  for (const auto& [text, expected] : rows) {
    const Faults faults = faults_of({document_of(EntityKind::source, "s", text)});
    EXPECT_NE(joined(faults).find(expected), std::string::npos) << text.substr(0, 80) << " -> " << joined(faults);
  }
}

TEST(Catalog, RefusesIdsAndNumbersThatAreNotTheirOwn) {
  const std::string text = R"({"name":"S"})";
  EXPECT_TRUE(
      has_fault(faults_of({document_of(EntityKind::source, "A b", text)}), "sources/A b: id", "not a valid ID"));
  EXPECT_TRUE(has_fault(
      faults_of({document_of(EntityKind::source, "a", text, 1), document_of(EntityKind::source, "a", text, 2)}),
      "sources/a: id", "twice"));
  EXPECT_TRUE(has_fault(
      faults_of({document_of(EntityKind::source, "a", text, 1), document_of(EntityKind::source, "b", text, 1)}),
      "sources/b: number", "another"));
  const auto built = Catalog::build({document_of(EntityKind::source, "a", text)}, 1);
  ASSERT_TRUE(std::holds_alternative<Faults>(built));
  EXPECT_TRUE(has_fault(std::get<Faults>(built), "sources/a: number", "is 0"));
}

TEST(Catalog, LetsTokensStandWhereNoVisitorNamesAParameter) {
  for (const char* url :
       {"https://o.example/?{clickid}", "https://o.example/?a=1&{clickid}", "https://o.example/{clickid}?{sub1}",
        "https://o.example/{clickid}?{sub1}#{sub2}", "https://o.example/?c={clickid}&a=b{sub1}=c",
        "https://o.example/?c=7.{clickid}", "https://o.example/?c={clickid}|s={sub1}",
        "https://o.example/p:{sub1}&x/{clickid}", "https://o.example/?c={clickid}#a=1&{sub1}"}) {
    EXPECT_EQ(joined(faults_of(patched_example(EntityKind::offer, json{{"url", url}}.dump()))), "") << url;
  }
}

TEST(Catalog, RefusesTokensThatWouldBeAParameterEverywhere) {
  const auto with = [](EntityKind kind, const char* text) {
    auto documents = example_documents();
    documents.push_back(document_of(kind, "x", text));
    return faults_of(documents);
  };
  for (const char* lander : {R"({"name":"L","url":"https://l.example/?c={clickid}&{sub1}"})",
                             R"({"name":"L","url":"https://l.example/?{sub1}"})"}) {
    EXPECT_TRUE(has_fault(with(EntityKind::lander, lander), "landers/x: url", "a query part without =")) << lander;
  }
  EXPECT_TRUE(has_fault(with(EntityKind::destination, R"({"name":"D","url":"https://d.example/?a=1&{payout}"})"),
                        "destinations/x: url", "a query part without ="));
  EXPECT_TRUE(has_fault(with(EntityKind::destination,
                             R"({"name":"D","url":"https://d.example/","body":"a=1&{txid}","body_type":"form"})"),
                        "destinations/x: body", "a form part without ="));
  EXPECT_EQ(joined(with(EntityKind::destination,
                        R"({"name":"D","url":"https://d.example/?{clickid}&a=1","body":"{txid}","body_type":"form"})")),
            "");
}

TEST(Catalog, BoundsThePathsOfACampaign) {
  auto paths = json::array();
  for (int i = 0; i < 1000; ++i) paths.push_back({{"weight", 1'000'000}, {"offers", {{{"offer", "vpn"}}}}});
  const auto most = patched_example(EntityKind::campaign, json{{"paths", paths}}.dump());
  EXPECT_EQ(catalog_of(most)->campaign("summer")->paths.back().cumulative, 1'000'000'000U);
  paths.push_back(paths[0]);
  EXPECT_TRUE(has_fault(faults_of(patched_example(EntityKind::campaign, json{{"paths", paths}}.dump())),
                        "campaigns/summer: paths", "too many"));
}

}  // namespace
}  // namespace postback
