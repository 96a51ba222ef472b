// Deliveries over the wire: the log, what operators do to it, feeds, tests, and the commands that ask for all that.
#include "support/client_world.hpp"
#include "support/delivery_receiver.hpp"
#include "support/played_delivery.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <string>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

/// Paused by its document, so that what is due stays as it is put there.
const std::string kResting =
    R"({"name":"CRM","state":"paused","url":"https://crm.example/in?c={external_id}&sum={payout}",
  "headers":{"X-Key":"SECRET-KEY-1"}})";

json answer_of(const RawResponse& answer, int status = 200) {
  EXPECT_EQ(answer.status, status) << answer.body;
  return json::parse(answer.body);
}

json post(const TestServer& server, const std::string& target, const json& body, int status = 200) {
  return answer_of(server.post(target, body.dump(), "application/json"), status);
}

void put(const TestServer& server, const std::string& id, const std::string& body) {
  const auto answer = server.put("destinations", id, body);
  ASSERT_EQ(answer.status, 201) << answer.body;
}

std::string status_of(const TestServer& server, const std::string& id) {
  return server.get_json("/api/v1/deliveries/" + id).at("status");
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(DeliveriesOverHttp, AreListedAndChanged) {
  const ClientWorld world;
  const auto& server = world.server;
  put(server, "crm", kResting);
  const auto failed = play_delivery(server, {.state = DeliveryState::failed, .tried = true});
  const auto waiting = play_delivery(server, {.state = DeliveryState::pending});
  const auto done = play_delivery(server, {.state = DeliveryState::delivered});

  const auto all = server.get_json("/api/v1/deliveries").at("items");
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all.at(0).at("id"), done) << "newest first";
  const auto found = server.get_json("/api/v1/deliveries?status=failed&destination=crm&http_status=503").at("items");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.at(0).at("id"), failed);
  EXPECT_EQ(found.at(0).at("reason"), "rate_limited");
  EXPECT_EQ(server.get_json("/api/v1/deliveries?http_status=").at("items").size(), 2U);
  const auto shown = server.get_json("/api/v1/deliveries/" + failed);
  ASSERT_EQ(shown.at("attempts").size(), 1U);
  EXPECT_EQ(shown.at("attempts").at(0).at("answer"), "busy");

  const auto retried = post(server, "/api/v1/deliveries/retry", {{"filter", {{"status", "failed"}}}});
  EXPECT_EQ(retried.at("changed"), 1);
  EXPECT_EQ(status_of(server, failed), "pending");
  const auto cancelled = post(server, "/api/v1/deliveries/cancel", {{"ids", {waiting, done}}});
  EXPECT_EQ(cancelled.at("items"), json::parse(R"([{"id":")" + waiting + R"(","new_id":null}])"));
  EXPECT_EQ(cancelled.at("unchanged"), 1);
  EXPECT_EQ(status_of(server, waiting), "cancelled");
  EXPECT_EQ(status_of(server, done), "delivered");
  const std::string made = post(server, "/api/v1/deliveries/resend", {{"ids", {done}}}).at("items").at(0).at("new_id");
  EXPECT_EQ(server.get_json("/api/v1/deliveries/" + made).at("resend_of"), done);
  EXPECT_EQ(server.get_json("/api/v1/deliveries?resend_of=" + done).at("items").at(0).at("id"), made);

  std::vector<std::string> actions;
  const auto audit = server.get_json("/api/v1/audit?target=deliveries");
  for (const auto& line : audit.at("items")) actions.push_back(line["action"]);
  EXPECT_EQ(actions, (std::vector<std::string>{"deliveries.resend", "deliveries.cancel", "deliveries.retry"}));
}

TEST(DeliveriesOverHttp, WhatWasBlockedIsTriedAgainAltogether) {
  const ClientWorld world;
  const auto& server = world.server;
  put(server, "crm", kResting);
  std::vector<std::string> blocked;
  for (int i = 0; i < 3; ++i) {
    blocked.push_back(
        play_delivery(server, {.state = DeliveryState::failed, .tried = true, .reason = "blocked_address"}));
  }
  const auto other = play_delivery(server, {.state = DeliveryState::failed, .tried = true});
  const auto end =
      world.run({"deliveries", "retry", "--filter", "status=failed", "--filter", "reason=blocked_address"});
  EXPECT_EQ(end.status, 0) << end.err;
  for (const auto& id : blocked) EXPECT_EQ(status_of(server, id), "pending");
  EXPECT_EQ(status_of(server, other), "failed");
}

TEST(DeliveriesOverHttp, AResendByFilterEndsAndFindsNotItsOwn) {
  const ClientWorld world;
  const auto& server = world.server;
  put(server, "crm", kResting);
  for (int i = 0; i < 5; ++i) play_delivery(server, {.state = DeliveryState::delivered});
  ::poll(nullptr, 0, 2);  // into another millisecond than the last one
  json wish{{"filter", {{"destination", "crm"}}}, {"limit", 2}};
  std::size_t pages = 0;
  std::size_t changed = 0;
  for (; pages < 20; ++pages) {
    const auto page = post(server, "/api/v1/deliveries/resend", wish);
    changed += page.at("changed").get<std::size_t>();
    if (page.at("next").is_null()) break;
    wish["cursor"] = page.at("next");
  }
  EXPECT_LT(pages, 20U);
  EXPECT_EQ(changed, 5U);
  EXPECT_EQ(server.get_json("/api/v1/deliveries?limit=100").at("items").size(), 10U);
}

TEST(DeliveriesOverHttp, DestinationsArePausedAndResumed) {
  const ClientWorld world;
  const auto& server = world.server;
  put(server, "crm", R"({"name":"CRM","url":"https://crm.example/in?c={external_id}"})");
  const auto paused = post(server, "/api/v1/destinations/crm/pause", {{"reason", "moving"}});
  EXPECT_EQ(paused.at("state"), "paused");
  EXPECT_EQ(paused.at("paused_by"), "server");
  EXPECT_EQ(paused.at("reason"), "moving");
  EXPECT_EQ(server.get_json("/api/v1/destinations/crm/state").at("paused"), paused.at("paused"));
  EXPECT_EQ(server.get_json("/api/v1/destinations/crm").at("state"), "active") << "the document stays";
  EXPECT_EQ(post(server, "/api/v1/destinations/crm/resume", json::object()).at("state"), "active");
  EXPECT_TRUE(server.get_json("/api/v1/delivery-hosts").at("items").is_array());
}

TEST(DeliveriesOverHttp, OneTestAtATimeOnWhateverThread) {
  DeliveryReceiver receiver;
  const TestServer server([](AppOptions& options) {
    options.io_threads = 4;
    options.delivery.allow_private_networks = {"127.0.0.0/8"};
    options.drain = std::chrono::milliseconds{0};
  });
  put(server, "crm", R"({"name":"CRM","timeout_s":60,"url":")" + receiver.url("/in?c={external_id}") + R"("})");
  receiver.answer([](const auto&) { return std::nullopt; });
  const auto test = request_text("POST", "/api/v1/destinations/crm/test", TestServer::kKeyHeader);
  RawClient first = server.connect();
  first.send(test);
  receiver.wait_for(1);
  for (int n = 0; n < 16; ++n) {  // on connections of all threads
    const auto refused = server.exchange(test);
    ASSERT_EQ(refused.status, 503) << refused.body;
    EXPECT_EQ(refused.header("Retry-After"), "1");
    EXPECT_EQ(server.get("/api/v1/destinations").status, 200) << "while the test waits";
  }
  EXPECT_EQ(receiver.count(), 1U);
}

std::string fetch_feed(const TestServer& server) {
  // ads:FEED-TOKEN-12345678
  const auto answer = server.exchange(
      request_text("GET", "/feeds/ads.csv", "Authorization: Basic YWRzOkZFRUQtVE9LRU4tMTIzNDU2Nzg=\r\n"));
  EXPECT_EQ(answer.status, 200) << answer.body;
  return answer.body;
}

TEST(DeliveriesOverHttp, AFeedHasWhatStillHolds) {
  const ClientWorld world;
  const auto& server = world.server;
  const auto token = server.example_catalog();
  put(server, "ads",
      R"({"name":"Ads","profile":"google_ads_offline","feed_token":"FEED-TOKEN-12345678",
          "settings":{"conversion_name":"Sale","gclid":"{external_id}"}})");
  const auto click = server.click("cid=GCLID-1");
  const auto postback = "/postback/acme?token=" + token + "&click_id=" + click + "&txid=A1&payout=12.50";
  ASSERT_EQ(server.get(postback).status, 200);
  const auto conversion = server.get_json("/api/v1/conversions?click_id=" + click).at("items").at(0);
  const auto listed = "destination=1 AND state=5";
  if (stored_number(server, std::string("SELECT count(*) FROM occurrence")) > 0 &&
      stored_number(server, std::string("SELECT count(*) FROM delivery WHERE ") + listed) == 0) {
    play_delivery(server, {.state = DeliveryState::listed,
                           .click = parse_click_id(click)->high,
                           .conversion = std::stoull(conversion.at("id").get<std::string>())});
  }
  const auto feed = fetch_feed(server);
  EXPECT_TRUE(has(feed, "GCLID-1")) << feed;
  EXPECT_TRUE(has(feed, "12.5")) << feed;
  ASSERT_EQ(server.get(postback + "&status=refund").status, 200);
  EXPECT_FALSE(has(fetch_feed(server), "GCLID-1")) << "rejected since";
  EXPECT_EQ(server.exchange(request_text("GET", "/feeds/ads.csv")).status, 401);
  EXPECT_EQ(server.exchange(request_text("GET", "/feeds/ads.csv", TestServer::kKeyHeader)).status, 401);
}

TEST(DeliveriesOverHttp, AReplayTellsDestinationsOnlyWhenAsked) {
  for (const bool fire : {false, true}) {
    const ClientWorld world;
    const auto& server = world.server;
    const auto token = server.example_catalog();
    put(server, "crm", kResting);
    const auto click = server.click();
    ASSERT_EQ(server.get("/postback/acme?token=" + token + "&cid=" + click + "&payout=3").status, 400);
    ASSERT_EQ(server
                  .put("networks", "acme",
                       R"({"name":"Acme","click_param":"sub1","currency":"USD","params":{"click_id":"cid"}})")
                  .status,
              200);
    std::vector<std::string> command{"replay", "--filter", "code=click_id_missing"};
    if (fire) command.emplace_back("--fire");
    const auto end = world.run(command);
    ASSERT_EQ(end.status, 0) << end.err;
    EXPECT_TRUE(has(end.out, "1 changed")) << end.out;
    // It waits to be planned, or is planned already.
    const auto told =
        stored_number(server, "SELECT (SELECT count(*) FROM occurrence) + (SELECT count(*) FROM delivery)");
    EXPECT_EQ(told, fire ? 1 : 0);
  }
}

TEST(DeliveriesCommand, ListsShowsAndChanges) {
  const ClientWorld world;
  put(world.server, "crm", kResting);
  const auto failed = play_delivery(world.server, {.state = DeliveryState::failed, .tried = true});
  play_delivery(world.server, {.state = DeliveryState::delivered});
  const auto list = world.run({"deliveries", "list", "--filter", "status=failed"});
  ASSERT_EQ(list.status, 0) << list.err;
  EXPECT_TRUE(has(list.out, failed) && has(list.out, "rate_limited (HTTP status 503)")) << list.out;
  EXPECT_FALSE(has(list.out, "delivered")) << list.out;
  const auto show = world.run({"deliveries", "show", failed});
  ASSERT_EQ(show.status, 0) << show.err;
  for (const char* const part :
       {": failed\n", "attempt 1 at ", "42 ms", "busy", "https://crm.example/?key=***", "Next: "})
    EXPECT_TRUE(has(show.out, part)) << part << "\nin\n" << show.out;
  EXPECT_EQ(world.run({"deliveries", "show", "dlv_1"}).status, 1);

  const auto resend = world.run({"deliveries", "resend", failed});
  ASSERT_EQ(resend.status, 0) << resend.err;
  EXPECT_TRUE(resend.out.starts_with("1 deliveries looked at: 1 are sent once more")) << resend.out;
  const auto cancel = world.run({"deliveries", "cancel", "--filter", "status=pending"});
  EXPECT_TRUE(cancel.out.starts_with("1 deliveries looked at: 1 were cancelled")) << cancel.out << cancel.err;
  const auto retry = world.run({"deliveries", "retry", "--filter", "destination=crm", "--from", "2025-01-01"});
  EXPECT_TRUE(retry.out.starts_with("3 deliveries looked at: 1 are due now")) << retry.out << retry.err;
  for (const auto& wrong :
       std::vector<std::vector<std::string>>{{"deliveries", "retry"},
                                             {"deliveries", "retry", failed, "--filter", "status=failed"},
                                             {"deliveries", "retry", "--filter", "status"},
                                             {"deliveries", "cancel", "--filter", "status=sent"}}) {
    const auto end = world.run(wrong);
    EXPECT_EQ(end.status, 1) << end.out;
    EXPECT_TRUE(has(end.err, "postbackd: ")) << end.err;
  }
  EXPECT_EQ(world.run({"deliveries"}).status, 2);

  const auto exported = world.run({"export", "deliveries", world.file("deliveries.csv")});
  ASSERT_EQ(exported.status, 0) << exported.err;
  EXPECT_TRUE(world.read("deliveries.csv").starts_with("id,time,destination,trigger,status,"));
}

TEST(DeliveriesCommand, TestsADestination) {
  const ClientWorld world;
  put(world.server, "crm", kResting);
  const auto shown =
      world.run({"deliveries", "test", "crm", "--dry-run", "--value", "external_id=E/1", "--value", "payout=12.50"});
  ASSERT_EQ(shown.status, 0) << shown.err;
  EXPECT_TRUE(shown.out.starts_with("GET https://crm.example/in?c=E%2F1&sum=12.5")) << shown.out;
  EXPECT_TRUE(has(shown.out, "X-Key: SECRET-KEY-1\n")) << shown.out;
  EXPECT_TRUE(has(shown.out, "not_sent: ") && has(shown.out, "Next: the same without --dry-run.")) << shown.out;
  const auto wrong = world.run({"deliveries", "test", "crm", "--dry-run", "--value", "colour=red"});
  EXPECT_EQ(wrong.status, 1);
  EXPECT_TRUE(has(wrong.err, "values.colour")) << wrong.err;
  EXPECT_EQ(world.run({"deliveries", "test", "nobody", "--dry-run"}).status, 1);
}

TEST(CatalogCommand, KnowsDestinations) {
  const ClientWorld world;
  const auto file = world.write("catalog.json", R"({"destinations":[{"id":"crm",)" + kResting.substr(1) + "]}");
  const auto imported = world.run({"catalog", "import", file});
  ASSERT_EQ(imported.status, 0) << imported.err;
  EXPECT_TRUE(has(imported.out, "+ destinations/crm\n")) << imported.out;
  const auto exported = world.run({"catalog", "export"});
  EXPECT_TRUE(has(exported.out, "\"destinations\": [") || has(exported.out, "\"destinations\":[")) << exported.out;
}

}  // namespace
}  // namespace postback::testing
