// The payloads of ready-made destinations, field by field against what their makers document.
#include "postback/base/csv.hpp"
#include "postback/domain/delivery_rendering.hpp"
#include "postback/domain/destination_sample.hpp"
#include "postback/domain/feed.hpp"
#include "support/destination_world.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <regex>
#include <string>
#include <vector>

namespace postback {
namespace {

using nlohmann::json;

/// One member as a maker documents it.
struct Field {
  std::string path;  ///< JSON pointer.
  std::string type;  ///< `string`, `integer`, `number`, `object`, `array`.
  bool required;
  std::string pattern;  ///< Of strings; empty: any.
};

/// Every member of `value` must be documented and right; every required one must be there.
void expect_documented(const json& value, const std::vector<Field>& schema) {
  const json flat = value.flatten();
  for (const auto& [path, leaf] : flat.items()) {
    const bool known = std::any_of(schema.begin(), schema.end(),
                                   [&, where = path](const Field& field) { return field.path == where; });
    EXPECT_TRUE(known) << path << " is not documented";
  }
  for (const Field& field : schema) {
    const json::json_pointer pointer(field.path);
    if (!value.contains(pointer)) {
      EXPECT_FALSE(field.required) << field.path << " is missing";
      continue;
    }
    const json& leaf = value.at(pointer);
    const std::string type = leaf.is_number_integer() ? "integer" : leaf.type_name();
    EXPECT_TRUE(type == field.type || (field.type == "number" && type == "integer")) << field.path << " is " << type;
    if (leaf.is_string()) {
      EXPECT_NE(leaf, "") << field.path;
      if (field.pattern.empty()) continue;
      EXPECT_TRUE(std::regex_match(leaf.get<std::string>(), std::regex(field.pattern))) << field.path << ": " << leaf;
    }
  }
}

constexpr const char* kSha256 = "[0-9a-f]{64}";

DeliveryFacts facts_with_person() {
  auto facts = example_facts();
  facts.postback = PostbackText{"/postback/acme?email=%20Test%40Example.COM%20&phone=%2B1%20(202)%20555-0100", "", ""};
  return facts;
}

RenderedRequest rendered(const std::string& document, const DeliveryFacts& facts) {
  const auto catalog = catalog_with({{"d", document}});
  Delivery delivery;
  delivery.id = 77;
  delivery.click = facts.click->id;
  delivery.conversion = facts.conversion->id;
  auto request = render_delivery(*catalog, *catalog->destination("d"), delivery, facts, outgoing_keys(), kNewYear, 1);
  EXPECT_TRUE(request) << request.error().detail;
  return request ? *request : RenderedRequest{};
}

std::string header(const RenderedRequest& request, const std::string& name) {
  for (const auto& [each, value] : request.headers) {
    if (each == name) return value;
  }
  return "(none)";
}

// https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/server-event, .../customer-information-
// parameters (em and ph: hashed after trimming and lower-casing, digits only; fbc: fb.1.<ms>.<fbclid>; addresses and
// user agents not hashed), .../custom-data, .../using-the-api (data, test_event_code).
const std::vector<Field> kMeta{
    {"/data/0/event_name", "string", true, ".*"},
    {"/data/0/event_time", "integer", true, ""},
    {"/data/0/event_id", "string", false, ".*"},
    {"/data/0/action_source", "string", true,
     "website|app|email|phone_call|chat|physical_store|system_generated|other"},
    {"/data/0/event_source_url", "string", true, "https?://.*"},
    {"/data/0/user_data/client_ip_address", "string", false, "[0-9a-f.:]+"},
    {"/data/0/user_data/client_user_agent", "string", true, ".*"},
    {"/data/0/user_data/fbc", "string", false, "fb\\.[0-2]\\.[0-9]{13}\\..+"},
    {"/data/0/user_data/em/0", "string", false, kSha256},
    {"/data/0/user_data/ph/0", "string", false, kSha256},
    {"/data/0/user_data/external_id/0", "string", false, kSha256},
    {"/data/0/custom_data/value", "number", true, ""},
    {"/data/0/custom_data/currency", "string", true, "[A-Z]{3}"},
    {"/data/0/custom_data/order_id", "string", false, ".*"},
    {"/test_event_code", "string", false, ".*"},
};

const char* const kMetaDocument =
    R"({"name":"M","profile":"meta_conversions_api","settings":{"pixel_id":"1234567890","access_token":"EAAB|secret",)"
    R"("event_source_url":"https://shop.example/thanks"}})";

TEST(DestinationPayload, MetaConversionsApi) {
  const auto request = rendered(kMetaDocument, facts_with_person());
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://graph.facebook.com/v23.0/1234567890/events?access_token=EAAB%7Csecret");
  EXPECT_EQ(request.shown, "POST https://graph.facebook.com/v23.0/1234567890/events?access_token=***");
  EXPECT_EQ(header(request, "Content-Type"), "application/json");
  const json body = json::parse(request.body);
  expect_documented(body, kMeta);
  const json& event = body["data"][0];
  EXPECT_EQ(event["event_name"], "Purchase");
  EXPECT_EQ(event["event_time"], 1'767'225'600);
  EXPECT_EQ(event["action_source"], "website");
  EXPECT_EQ(event["event_source_url"], "https://shop.example/thanks");
  const json& user = event["user_data"];
  EXPECT_EQ(user["client_ip_address"], "203.0.113.7");
  EXPECT_EQ(user["client_user_agent"], "Mozilla/5.0 (X11)");
  EXPECT_EQ(user["fbc"], "fb.1.1767222000000.FB_1.x") << "the click's time in milliseconds, the fbclid as it came";
  EXPECT_EQ(user["em"], json::array({"973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b"}))
      << "SHA-256 of test@example.com";
  EXPECT_EQ(user["ph"], json::array({"0b4c47ed6c372bbe878f0854462a27cf1ae43ea1c1f5c9e78256ca0c6c7a43e0"}))
      << "SHA-256 of 12025550100";
  EXPECT_EQ(event["custom_data"], json::parse(R"({"value":12.50,"currency":"USD","order_id":"A&1"})"));
  EXPECT_FALSE(body.contains("test_event_code"));
}

TEST(DestinationPayload, MetaLeavesOutWhatIsNotKnown) {
  auto facts = example_facts();
  facts.click->extra.clear();
  facts.click->ip.clear();
  facts.conversion->txid.clear();
  const auto body = json::parse(rendered(kMetaDocument, facts).body);
  expect_documented(body, kMeta);
  const json& user = body["data"][0]["user_data"];
  for (const auto* const absent : {"fbc", "em", "ph", "client_ip_address"})
    EXPECT_FALSE(user.contains(absent)) << absent;
  EXPECT_FALSE(body["data"][0]["custom_data"].contains("order_id"));
}

// https://business-api.tiktok.com/portal/docs?id=1771100865818625: POST /open_api/v1.3/event/track/ with the header
// Access-Token; email in lower case, hashed with SHA-256; ip and user_agent not hashed.
const std::vector<Field> kTikTok{
    {"/event_source", "string", true, "web|app|offline|crm"},
    {"/event_source_id", "string", true, ".*"},
    {"/data/0/event", "string", true, ".*"},
    {"/data/0/event_time", "integer", true, ""},
    {"/data/0/event_id", "string", false, ".*"},
    {"/data/0/user/ttclid", "string", false, ".*"},
    {"/data/0/user/ip", "string", false, "[0-9a-f.:]+"},
    {"/data/0/user/user_agent", "string", false, ".*"},
    {"/data/0/user/email", "string", false, kSha256},
    {"/data/0/user/external_id", "string", false, kSha256},
    {"/data/0/page/url", "string", false, "https?://.*"},
    {"/data/0/properties/value", "number", false, ""},
    {"/data/0/properties/currency", "string", false, "[A-Z]{3}"},
    {"/data/0/properties/order_id", "string", false, ".*"},
    {"/test_event_code", "string", false, ".*"},
};

TEST(DestinationPayload, TikTokEvents) {
  const auto request =
      rendered(R"({"name":"T","profile":"tiktok_events","settings":{"pixel_code":"C4A","access_token":"tok-en-123",)"
               R"("event":"CompleteRegistration","test_event_code":"TEST1"}})",
               facts_with_person());
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://business-api.tiktok.com/open_api/v1.3/event/track/");
  EXPECT_EQ(header(request, "Access-Token"), "tok-en-123");
  EXPECT_EQ(header(request, "Content-Type"), "application/json");
  const json body = json::parse(request.body);
  expect_documented(body, kTikTok);
  EXPECT_EQ(body["event_source"], "web");
  EXPECT_EQ(body["event_source_id"], "C4A");
  EXPECT_EQ(body["test_event_code"], "TEST1");
  const json& event = body["data"][0];
  EXPECT_EQ(event["event"], "CompleteRegistration");
  EXPECT_EQ(event["event_time"], 1'767'225'600);
  EXPECT_EQ(event["user"]["ttclid"], "TT");
  EXPECT_EQ(event["user"]["ip"], "203.0.113.7");
  EXPECT_EQ(event["user"]["email"], "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b");
  EXPECT_EQ(event["properties"], json::parse(R"({"value":12.50,"currency":"USD","order_id":"A&1"})"));
  EXPECT_FALSE(event.contains("page"));
}

TEST(DestinationPayload, TikTokKnowsSuccessByTheAnswersText) {
  const auto catalog = catalog_with(
      {{"d", R"({"name":"T","profile":"tiktok_events","settings":{"pixel_code":"C","access_token":"t"}})"}});
  const ExpectedAnswer& expect = catalog->destination("d")->expect;
  EXPECT_EQ(expect.statuses, (std::vector<std::pair<int, int>>{{200, 200}}));
  EXPECT_NE(std::string(R"({"code":0,"message":"OK","request_id":"1","data":{}})").find(expect.body),
            std::string::npos);
  EXPECT_EQ(std::string(R"({"code":40105,"message":"Access token is incorrect or has been revoked.TOKEN"})")
                .find(expect.body),
            std::string::npos);
}

// https://support.google.com/google-ads/answer/7014069: the row of parameters, the names of columns, and times as
// yyyy-MM-dd HH:mm:ss+00:00.
TEST(DestinationPayload, GoogleAdsOfflineConversions) {
  const auto catalog = catalog_with({{"d", R"({"name":"G","profile":"google_ads_offline","feed_token":"0123456789",)"
                                           R"("settings":{"conversion_name":"Sale, \"big\""}})"}});
  const Destination& destination = *catalog->destination("d");
  EXPECT_EQ(feed_head(destination),
            "Parameters:TimeZone=+0000\r\n"
            "Google Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency,Order ID\r\n");
  auto facts = example_facts();
  Delivery delivery;
  delivery.id = 77;
  delivery.click = facts.click->id;
  delivery.conversion = facts.conversion->id;
  const auto row = [&] { return feed_row(*catalog, destination, delivery, facts, outgoing_keys()); };
  const std::string id = to_string(outgoing_keys().sign(facts.click->id)) + "-2";
  EXPECT_EQ(row(), "G-1,\"Sale, \"\"big\"\"\",2026-01-01 00:00:00+00:00,12.50,USD," + id + "\r\n");
  const auto read = read_csv(feed_head(destination) + row(), 10);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at(1).size(), read->at(2).size());
  facts.conversion->payout = -3'000'000;
  EXPECT_NE(row().find(",-3.00,"), std::string::npos);
  facts.click->extra = "gclid=%3DHYPERLINK(1)";
  EXPECT_EQ(row().substr(0, 15), "'=HYPERLINK(1),");
  facts.click->extra = "gbraid=G-1";
  EXPECT_EQ(row(), "") << "a row needs a gclid";
  facts.conversion.reset();
  EXPECT_EQ(row(), "");
}

TEST(DestinationPayload, CrmWebhook) {
  const auto request = rendered(R"({"name":"C","profile":"crm_webhook","url":"https://crm.example/hook",)"
                                R"("signing":{"secrets":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}})",
                                example_facts());
  EXPECT_EQ(request.method, "POST");
  const std::string id = to_string(outgoing_keys().sign(example_facts().click->id));
  EXPECT_EQ(
      json::parse(request.body),
      json::parse(
          R"({"type":"conversion.approved","timestamp":"2026-01-01T00:00:00Z","data":{"conversion_id":")" + id +
          R"(-2","event":"sale","status":"approved","txid":"A&1","payout":"12.50","currency":"USD","click_id":")" + id +
          R"(","external_id":"EXT 1","campaign":"summer","source":"adnet","offer":"vpn","network":"acme",)"
          R"("country":"DE","sub1":"z9"}})"));
  EXPECT_TRUE(std::regex_match(header(request, "webhook-signature"), std::regex("v1,[A-Za-z0-9+/]{43}=")));
}

// https://api.slack.com/messaging/webhooks and https://core.telegram.org/bots/api#sendmessage
TEST(DestinationPayload, SlackAndTelegram) {
  const auto slack =
      rendered(R"({"name":"S","profile":"slack","settings":{"webhook_path":"T0/B0/xYz"}})", example_facts());
  EXPECT_EQ(slack.method + " " + slack.url, "POST https://hooks.slack.com/services/T0/B0/xYz");
  EXPECT_EQ(slack.shown, "POST https://hooks.slack.com/services/***");
  EXPECT_EQ(json::parse(slack.body), json::parse(R"x({"text":"sale approved: 12.50 USD from summer (vpn)"})x"));
  const auto telegram =
      rendered(R"({"name":"T","profile":"telegram","settings":{"bot_token":"123:AA-b_c","chat_id":"@sales",)"
               R"("text":"\"{txid}\" {sub1}"}})",
               example_facts());
  EXPECT_EQ(telegram.url, "https://api.telegram.org/bot123:AA-b_c/sendMessage");
  EXPECT_EQ(json::parse(telegram.body), json::parse(R"({"chat_id":"@sales","text":"\"A&1\" z9"})"));
}

TEST(DestinationPayload, SamplesFitTheirDestination) {
  const auto catalog = catalog_with({{"a", R"({"name":"A","url":"https://a.example/","scope":{"campaigns":["summer"]},)"
                                           R"("when":{"status":["rejected"],"event":["ftd"]}})"},
                                     {"b", R"({"name":"B","url":"https://b.example/","trigger":"click"})"},
                                     {"c", R"({"name":"C","url":"https://c.example/?i={ip}","trigger":"impression"})"},
                                     {"m", kMetaDocument}});
  const Sample a = sample_delivery(*catalog, *catalog->destination("a"), kNewYear);
  EXPECT_EQ(a.facts.conversion->event, "ftd");
  EXPECT_EQ(a.facts.conversion->status, ConversionStatus::rejected);
  EXPECT_EQ(a.facts.click->campaign, 1U);
  EXPECT_EQ(a.facts.offer, 1U);
  EXPECT_EQ(a.facts.conversion->payout, 12'500'000);
  const Sample b = sample_delivery(*catalog, *catalog->destination("b"), kNewYear);
  EXPECT_FALSE(b.facts.conversion);
  EXPECT_EQ(b.delivery.trigger, Trigger::click);
  for (const auto* const id : {"a", "b", "c", "m"}) {
    const Destination& destination = *catalog->destination(id);
    const Sample sample = sample_delivery(*catalog, destination, kNewYear);
    const auto request =
        render_delivery(*catalog, destination, sample.delivery, sample.facts, outgoing_keys(), kNewYear, 1);
    ASSERT_TRUE(request) << id << request.error().detail;
    if (request->url.starts_with("https://c.")) {
      EXPECT_EQ(request->url, "https://c.example/?i=192.0.2.1");
    }
    if (!request->body.empty()) expect_documented(json::parse(request->body), kMeta);
  }
  // And where the catalog has nothing at all.
  const auto bare =
      catalog_of({document_of(EntityKind::destination, "d", R"({"name":"D","url":"https://d.example/?o={offer}"})")});
  const Sample sample = sample_delivery(*bare, *bare->destination("d"), kNewYear);
  EXPECT_EQ(
      render_delivery(*bare, *bare->destination("d"), sample.delivery, sample.facts, outgoing_keys(), kNewYear, 1)->url,
      "https://d.example/?o=");
}

}  // namespace
}  // namespace postback
