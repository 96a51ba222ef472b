// Rendering deliveries: the values of tokens, headers, signatures, bounds and what is shown.
#include "postback/domain/delivery_rendering.hpp"

#include "postback/domain/delivery_plan.hpp"
#include "postback/domain/impression_detail.hpp"
#include "postback/domain/webhook_signature.hpp"
#include "support/destination_world.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <string>

namespace postback {
namespace {

using Headers = std::map<std::string, std::string>;

std::string document(std::string_view patch) {
  auto json = nlohmann::json::parse(R"({"name":"D","url":"https://d.example/"})");
  json.merge_patch(nlohmann::json::parse(patch));
  return json.dump();
}

Delivery delivery_of(const DeliveryFacts& facts, Trigger trigger = Trigger::conversion) {
  Delivery delivery;
  delivery.id = 77;
  delivery.destination = 1;
  delivery.trigger = trigger;
  delivery.campaign = 1;
  delivery.occurred = trigger == Trigger::click ? snowflake_time(facts.click->id) : kNewYear + std::chrono::seconds(5);
  delivery.created = kNewYear + std::chrono::seconds(8);
  if (facts.click) delivery.click = facts.click->id;
  if (facts.conversion) delivery.conversion = facts.conversion->id;
  return delivery;
}

Result<RenderedRequest> render(std::string_view patch, const DeliveryFacts& facts = example_facts(),
                               Trigger trigger = Trigger::conversion) {
  const auto catalog = catalog_with({{"d", document(patch)}});
  return render_delivery(*catalog, *catalog->destination("d"), delivery_of(facts, trigger), facts, outgoing_keys(),
                         kNewYear + std::chrono::seconds(9), 12'345'678'901'234);
}

std::string body(std::string_view template_text, const DeliveryFacts& facts = example_facts(),
                 Trigger trigger = Trigger::conversion) {
  nlohmann::json patch{{"body", template_text}, {"body_type", "text"}};
  patch["trigger"] = to_string(trigger);
  const auto request = render(patch.dump(), facts, trigger);
  return request ? request->body : "refused: " + request.error().detail;
}

Headers headers_of(const RenderedRequest& request) {
  Headers headers;
  for (const auto& [name, value] : request.headers) EXPECT_TRUE(headers.emplace(name, value).second) << name;
  return headers;
}

TEST(DeliveryRendering, FillsInWhatIsKnown) {
  const auto facts = example_facts();
  const std::string id = to_string(outgoing_keys().sign(facts.click->id));
  EXPECT_EQ(body("{clickid} {conversion_id}"), id + " " + id + "-2");
  EXPECT_EQ(body("{payout}|{amount}|{currency}|{txid}|{event}|{status}|{original_status}|{reason}"),
            "12.50||USD|A&1|sale|approved|ok|");
  EXPECT_EQ(body("{conversion_time} {timestamp} {delivery_id} {random}"),
            "1767225600 1767222000 dlv_77 " + std::to_string(12'345'678'901'234 % 10'000'000'000));
  EXPECT_EQ(body("{campaign} {offer} {network} {source} {external_id} {sub1} {cost} {ip} {country}"),
            "summer vpn acme adnet EXT 1 z9 0.07 203.0.113.7 DE");
  EXPECT_EQ(body("{query.zone} {query.cid} {query.gclid} {query.none}"), "z9 EXT 1 G-1 ");
}

TEST(DeliveryRendering, TellsTheShareOfThePayout) {
  auto facts = example_facts();
  facts.conversion->amount = 100'000'000;
  const auto sum = [&](const char* percent, Micros payout) {
    facts.conversion->payout = payout;
    const auto request = render(
        R"({"body":"{payout} {amount}","body_type":"text","payout_percent":")" + std::string(percent) + R"("})", facts);
    return request ? request->body : request.error().detail;
  };
  EXPECT_EQ(sum("80", 12'500'000), "10.00 100.00");
  EXPECT_EQ(sum("33.333333", 1'000'000), "0.333333 100.00");
  EXPECT_EQ(sum("50", 1), "0.00 100.00") << "half to even";
  EXPECT_EQ(sum("50", 3), "0.000002 100.00") << "half to even";
  EXPECT_EQ(sum("0", 12'500'000), "0.00 100.00");
  EXPECT_EQ(sum("70", -10'000'000), "-7.00 100.00");
  EXPECT_EQ(sum("99.999999", kLargestMicros), "999999990.00 100.00");
}

TEST(DeliveryRendering, ReadsTheNetworksRequest) {
  auto facts = example_facts();
  EXPECT_EQ(body("<{postback.email}>", facts), "<>");
  facts.postback = PostbackText{"/postback/acme?email=a%40b.example&Goal=3", "", ""};
  EXPECT_EQ(body("{postback.email} {postback.Goal} {postback.goal}", facts), "a@b.example 3 ");
  facts.postback =
      PostbackText{"/postback/acme?x=1", "application/json; charset=utf-8", R"({"user":{"mail":"m"},"x":2})"};
  EXPECT_EQ(body("{postback.user.mail} {postback.x}", facts), "m 1");
  facts.postback = PostbackText{"/postback/acme", "application/x-www-form-urlencoded", "p=1+2&q=%zz"};
  EXPECT_EQ(body("{postback.p} {postback.q}", facts), "1 2 %zz");
  facts.postback = PostbackText{"", "application/json", "{broken"};
  EXPECT_EQ(body("<{postback.p}>", facts), "<>");
}

TEST(DeliveryRendering, WithoutAConversionTheTriggerIsTheEvent) {
  auto facts = example_facts();
  facts.conversion.reset();
  EXPECT_EQ(body("{event}|{status}|{payout}|{conversion_id}|{conversion_time}|{offer}", facts, Trigger::click),
            "click||||1767222000|vpn");
  EXPECT_EQ(body("{event}|{conversion_time}", facts, Trigger::cta), "cta|1767225605");
}

TEST(DeliveryRendering, ImpressionsComeFromTheirDetail) {
  Click visit;
  visit.ip = "2001:db8::1";
  visit.sub[0] = "s";
  visit.cost = 1'000;
  visit.extra = "k=v";
  const auto catalog = catalog_with(
      {{"d", document(R"({"trigger":"impression","body_type":"text",)"
                      R"("body":"{event}|{clickid}|{ip}|{sub1}|{cost}|{query.k}|{campaign}|{source}|{timestamp}"})")}});
  Delivery delivery = delivery_of({}, Trigger::impression);
  delivery.detail = impression_detail(visit);
  const auto request =
      render_delivery(*catalog, *catalog->destination("d"), delivery, {}, outgoing_keys(), kNewYear, 1);
  ASSERT_TRUE(request) << request.error().detail;
  EXPECT_EQ(request->body, "impression||2001:db8::1|s|0.001|v|summer|adnet|1767225605");
}

TEST(DeliveryRendering, AHashIsNoAddress) {
  auto facts = example_facts();
  facts.click->ip = "0f0e0d0c0b0a09080706050403020100";
  EXPECT_EQ(body("<{ip}>", facts), "<>");
  facts.click->ip = "203.0.113.0";
  EXPECT_EQ(body("<{ip}>", facts), "<203.0.113.0>");
}

TEST(DeliveryRendering, HeadersOfTheRequest) {
  const auto get = render(R"({"headers":{"X-A":" {external_id}\u00e9","X-B":"{event}"}})");
  ASSERT_TRUE(get);
  EXPECT_EQ(get->method, "GET");
  EXPECT_EQ(get->body, "");
  EXPECT_EQ(headers_of(*get), (Headers{{"X-A", "EXT 1é"}, {"X-B", "sale"}, {"Idempotency-Key", "dlv_77"}}));
  EXPECT_EQ(headers_of(*render(R"({"body":{"a":1}})")).at("Content-Type"), "application/json");
  EXPECT_EQ(headers_of(*render(R"({"body":"a=1"})")).at("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(headers_of(*render(R"({"body":"hello"})")).at("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(headers_of(*render(R"({"body":{"a":1},"headers":{"content-type":"application/vnd.x+json"}})")),
            (Headers{{"content-type", "application/vnd.x+json"}, {"Idempotency-Key", "dlv_77"}}));
}

TEST(DeliveryRendering, SignsAsStandardWebhooksDo) {
  const auto request =
      render(R"({"body":{"tx":"{txid}"},"signing":{"secrets":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",)"
             R"("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"]}})");
  ASSERT_TRUE(request) << request.error().detail;
  const Headers headers = headers_of(*request);
  EXPECT_EQ(headers.at("webhook-id"), "dlv_77");
  EXPECT_EQ(headers.at("Idempotency-Key"), "dlv_77");
  EXPECT_EQ(headers.at("webhook-timestamp"), "1767225609");
  EXPECT_EQ(request->body, R"({"tx":"A&1"})");
  const std::vector<std::string> keys{*webhook_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                                      *webhook_key("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX")};
  EXPECT_EQ(headers.at("webhook-signature"), sign_webhook(keys, "dlv_77", 1'767'225'609, request->body));
  EXPECT_EQ(std::ranges::count(headers.at("webhook-signature"), ' '), 1);
}

TEST(DeliveryRendering, ShowsNoSecret) {
  const auto catalog = catalog_with(
      {{"d", R"({"name":"T","profile":"telegram","settings":{"bot_token":"12345:ABCdef","chat_id":"-7"}})"}});
  const auto facts = example_facts();
  const auto request =
      render_delivery(*catalog, *catalog->destination("d"), delivery_of(facts), facts, outgoing_keys(), kNewYear, 1);
  ASSERT_TRUE(request) << request.error().detail;
  EXPECT_EQ(request->url, "https://api.telegram.org/bot12345:ABCdef/sendMessage");
  EXPECT_EQ(request->shown, "POST https://api.telegram.org/bot***/sendMessage");
  EXPECT_EQ(request->body, R"x({"chat_id":"-7","text":"sale approved: 12.50 USD from summer (vpn)"})x");
}

TEST(DeliveryRendering, WhatHeadersWithTokensBecameIsMasked) {
  const auto request = render(R"({"headers":{"X-T":"tok-{event}","X-Short":"{event}","Accept":"application/{event}"},
    "url":"https://d.example/?t=tok-sale"})");
  ASSERT_TRUE(request) << request.error().detail;
  EXPECT_EQ(request->shown, "GET https://d.example/?t=tok-sale") << "the URL says so itself";
  EXPECT_EQ(mask_secrets("got tok-sale of a sale, application/sale", Destination{}, request->secrets),
            "got *** of a sale, application/sale");
}

TEST(DeliveryRendering, AVisitorCannotHaveManyTextsLookedFor) {
  auto facts = example_facts();
  for (std::size_t n = 0; n < 400; ++n) facts.click->sub[0] += "word-" + std::to_string(10'000 + n) + " ";
  const auto request = render(R"({"headers":{"X-A":"{sub1}","X-B":"{sub1}"},"url":"https://d.example/"})", facts);
  ASSERT_TRUE(request) << request.error().detail;
  EXPECT_LE(request->secrets.size(), 300U);
  EXPECT_EQ(mask_secrets("word-10001", Destination{}, request->secrets), "***");
}

TEST(DeliveryRendering, AVisitorsLongValuesGiveWay) {
  auto facts = example_facts();
  for (unsigned n = 0; n < 6; ++n) facts.click->sub[n] = std::string(2'500, '\xff');
  facts.click->referrer = std::string(2'000, 'r');
  facts.click->user_agent = std::string(2'000, 'u');
  facts.click->external_id = "EXT1";
  facts.postback = PostbackText{"/postback/acme?long=" + std::string(9'000, 'p') + "&tx=A%261", "", ""};
  const std::string id = to_string(outgoing_keys().sign(facts.click->id));
  const auto url = render(R"({"url":"https://d.example/?c={clickid}&e={external_id})"
                          R"(&s={sub1}{sub2}{sub3}{sub4}{sub5}{sub6}&p={payout}{currency}&t={txid}&n={conversion_id})"
                          R"(&l={postback.long}&x={postback.tx}&cid={query.cid}&z={query.zone})"
                          R"(&r={referrer}{user_agent}"})",
                          facts);
  ASSERT_TRUE(url) << url.error().detail;
  EXPECT_EQ(url->url,
            "https://d.example/?c=" + id + "&e=EXT1&s=&p=12.50USD&t=A%261&n=" + id + "-2&l=&x=A%261&cid=EXT1&z=&r=");
  EXPECT_TRUE(url->note.starts_with("shortened: the URL would have ")) << url->note;
  EXPECT_EQ(url->shown, "GET " + url->url);
  facts.click->sub[0] = std::string(9'000, 'x');
  const auto header = render(R"({"headers":{"X-A":"{sub1}{event}","X-B":"{status}"}})", facts);
  ASSERT_TRUE(header) << header.error().detail;
  EXPECT_EQ(headers_of(*header).at("X-A"), "sale");
  EXPECT_EQ(headers_of(*header).size(), 3U) << "each once";
  facts.click->sub[0] = "z9";
  EXPECT_EQ(render(R"({"url":"https://d.example/?s={sub1}"})", facts)->note, "");
}

TEST(DeliveryRendering, RefusesWhatCannotBeSent) {
  auto facts = example_facts();
  facts.click->external_id = std::string(20'000, 'x');
  EXPECT_NE(render(R"({"url":"https://d.example/?a={external_id}"})", facts)
                .error()
                .detail.find("the URL would have 20021 bytes"),
            std::string::npos);
  EXPECT_TRUE(render(R"({"headers":{"X-A":"{external_id}"}})", facts).has_error());
  EXPECT_FALSE(render(R"({"body":"{external_id}"})", facts).has_error());
  facts.click->external_id = std::string(100'000, '"');
  EXPECT_FALSE(render(R"({"body":{"a":"{external_id}"}})", facts).has_error());
  facts.click->external_id = std::string(200'000, '"');
  EXPECT_TRUE(render(R"({"body":{"a":"{external_id}"}})", facts).has_error());
  facts.conversion.reset();
  EXPECT_EQ(render("{}", facts).error().code, ErrorCode::invalid_argument);
  facts = example_facts();
  facts.click.reset();
  EXPECT_TRUE(render("{}", facts).has_error());
  const auto catalog = catalog_with({{"g", R"({"name":"G","profile":"google_ads_offline","feed_token":"0123456789",)"
                                           R"("settings":{"conversion_name":"Sale"}})"}});
  facts = example_facts();
  EXPECT_TRUE(
      render_delivery(*catalog, *catalog->destination("g"), delivery_of(facts), facts, outgoing_keys(), kNewYear, 1)
          .has_error());
}

TEST(DeliveryRendering, PublicFormOfIds) {
  EXPECT_EQ(delivery_text(77), "dlv_77");
  EXPECT_EQ(parse_delivery_id("dlv_77"), 77U);
  EXPECT_EQ(parse_delivery_id("77"), 77U);
  for (const std::string_view text :
       {"", "dlv_", "dlv_x", "dlv_-1", "dlv_0", "dlv_7 ", "DLV_7", "99999999999999999999"})
    EXPECT_FALSE(parse_delivery_id(text)) << text;
}

}  // namespace
}  // namespace postback
