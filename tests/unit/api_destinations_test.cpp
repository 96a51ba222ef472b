// Destinations over the API: their secrets, the addresses they lead to, their state, and tests.
#include "support/api_world.hpp"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>

namespace postback::testing::api {
namespace {

using nlohmann::json;

const std::string kCrm =
    R"({"name":"CRM","url":"https://crm.example/in?c={external_id}&key=SECRET-KEY-1","method":"POST",
  "headers":{"X-Key":"SECRET-KEY-1"},"body":{"tx":"{txid}"},
  "signing":{"secrets":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}})";

CapturedAnswer as(ApiWorld& world, const std::string& key, http::Method method, const std::string& target,
                  const std::string& body = {}) {
  return world.send(
      {.method = method, .target = target, .body = body, .headers = {{"Authorization", "Bearer " + key}}});
}

CapturedAnswer post(ApiWorld& world, const std::string& target, const std::string& body = {},
                    const std::string& key = std::string(kKey)) {
  return as(world, key, http::Method::post, target, body);
}

void put(ApiWorld& world, const std::string& id, const std::string& body, int status = 201) {
  const auto answer = world.put("/api/v1/destinations/" + id, body);
  ASSERT_EQ(answer.status, status) << answer.body();
}

TEST(ApiDestinations, SecretsAreForAdmins) {
  ApiWorld world;
  put(world, "crm", kCrm);
  put(world, "chat",
      R"({"name":"Chat","profile":"telegram","settings":{"bot_token":"BOT-TOKEN-1","chat_id":"@sales"}})");
  put(world, "link", R"({"name":"L","url":"https://crm.example/?c={external_id}&api_token=SECRET-KEY-1"})");
  put(world, "hook",
      R"({"name":"H","url":"https://hooks.example/services/T0123ABCD/k3yOfThisHook/in?c={external_id}"})");
  const auto whole = json::parse(world.get("/api/v1/destinations/crm").body());
  EXPECT_EQ(whole.at("headers").at("X-Key"), "SECRET-KEY-1");
  for (const std::string key : {"k-clerk", "k-guest"}) {
    for (const std::string target : {"/api/v1/destinations/crm", "/api/v1/destinations"}) {
      const auto text = as(world, key, http::Method::get, target).body();
      EXPECT_EQ(text.find("SECRET-KEY-1"), std::string::npos) << text;
      EXPECT_EQ(text.find("whsec_"), std::string::npos) << text;
    }
    const auto shown = json::parse(as(world, key, http::Method::get, "/api/v1/destinations/crm").body());
    EXPECT_EQ(shown.at("headers").at("X-Key"), "***");
    EXPECT_EQ(shown.at("signing").at("secrets").at(0), "***");
    EXPECT_EQ(shown.at("url"), "https://crm.example/in?c={external_id}&key=***") << "written there as well";
    EXPECT_EQ(shown.at("body"), whole.at("body"));
    const auto chat = as(world, key, http::Method::get, "/api/v1/destinations/chat").body();
    EXPECT_EQ(chat.find("BOT-TOKEN"), std::string::npos) << chat;
    EXPECT_EQ(json::parse(chat).at("settings").at("chat_id"), "@sales");
    const auto hook = json::parse(as(world, key, http::Method::get, "/api/v1/destinations/hook").body());
    EXPECT_EQ(hook.at("url"), "https://hooks.example/services/***/***/in?c={external_id}");
    const auto link = json::parse(as(world, key, http::Method::get, "/api/v1/destinations/link").body());
    EXPECT_EQ(link.at("url"), "https://crm.example/?c={external_id}&api_token=***") << "a token by its name";
  }
}

TEST(ApiDestinations, FeedsHaveATokenAndKeepIt) {
  ApiWorld world;
  const std::string feed = R"({"name":"Ads","profile":"google_ads_offline","settings":{"conversion_name":"Sale"}})";
  put(world, "ads", feed);
  const auto made = json::parse(world.get("/api/v1/destinations/ads").body());
  ASSERT_TRUE(made.at("feed_token").is_string()) << made;
  EXPECT_EQ(json::parse(as(world, "k-clerk", http::Method::get, "/api/v1/destinations/ads").body()).at("feed_token"),
            "***");
  put(world, "ads", feed, 200);
  EXPECT_EQ(json::parse(world.get("/api/v1/destinations/ads").body()).at("feed_token"), made.at("feed_token"));
}

/// A catalog of an earlier revision, for a restore.
EntityDocument destination_then(const json& object) {
  EntityDocument document;
  document.kind = EntityKind::destination;
  document.id = "crm";
  document.number = 1;
  document.revision = 1;
  auto text = object;
  for (const auto* const own : {"id", "archived", "revision", "updated"}) text.erase(own);
  document.json = text.dump();
  return document;
}

TEST(ApiDestinations, ARestoreLeavesTodaysSecretsUnlessNamed) {
  for (const bool named : {false, true}) {
    ApiWorld world;
    put(world, "crm", kCrm);
    world.shelf.catalogs[1] = {destination_then(json::parse(world.get("/api/v1/destinations/crm").body()))};
    world.shelf.revisions.emplace_back().number = 1;
    auto now = json::parse(kCrm);
    now["headers"]["X-Key"] = "SECRET-KEY-2";
    now["signing"]["secrets"] = {"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    now["name"] = "Other";
    put(world, "crm", now.dump(), 200);
    const auto restored =
        post(world, "/api/v1/revisions/1/restore", named ? R"({"entities":["destinations/crm"]})" : "");
    ASSERT_EQ(restored.status, 200) << restored.body();
    const auto shown = json::parse(world.get("/api/v1/destinations/crm").body());
    EXPECT_EQ(shown.at("name"), "CRM");
    EXPECT_EQ(shown.at("headers").at("X-Key"), named ? "SECRET-KEY-1" : "SECRET-KEY-2");
    EXPECT_EQ(shown.at("signing").at("secrets").at(0),
              named ? "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" : "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  }
}

/// Tells on which thread the handlers of most requests run.
class ThreadAsked final : public ReadJob {
 public:
  void read(Reader&) noexcept override { promise_.set_value(std::this_thread::get_id()); }
  std::thread::id of(ReaderPool& pool) {
    EXPECT_TRUE(pool.submit(*this));
    return promise_.get_future().get();
  }

 private:
  std::promise<std::thread::id> promise_;
};

TEST(ApiDestinations, WhatWaitsForOtherServersHoldsUpNoOtherRequest) {
  ApiWorld world;
  world.services.addresses = &world.addresses;
  const auto others = ThreadAsked().of(world.readers);
  const auto outside = ThreadAsked().of(world.outside);
  ASSERT_NE(others, outside);
  put(world, "crm", kCrm);
  EXPECT_EQ(world.addresses.asked_by, outside) << "put";
  world.addresses.asked_by = {};
  auto posted = json::parse(kCrm);
  posted["id"] = "posted";
  EXPECT_EQ(post(world, "/api/v1/destinations", posted.dump()).status, 201);
  EXPECT_EQ(world.addresses.asked_by, outside) << "post";
  world.addresses.asked_by = {};
  posted["id"] = "imported";
  EXPECT_EQ(post(world, "/api/v1/catalog", json{{"destinations", {posted}}}.dump()).status, 200);
  EXPECT_EQ(world.addresses.asked_by, outside) << "import";
  EXPECT_EQ(post(world, "/api/v1/destinations/crm/test").status, 200);
  EXPECT_EQ(world.control.sent_by, outside) << "test";
}

TEST(ApiDestinations, WhereTheyLeadIsAskedBeforeTheyChange) {
  ApiWorld world;
  world.services.addresses = &world.addresses;
  world.addresses.refused = {"https://inside.example:8443/"};
  const std::string inside = R"({"name":"In","url":"https://inside.example:8443/x?c={external_id}"})";
  const auto refused = world.put("/api/v1/destinations/in", inside);
  ASSERT_EQ(refused.status, 400);
  const auto fault = json::parse(refused.body()).at("errors").at(0);
  EXPECT_EQ(fault.at("field"), "url");
  EXPECT_EQ(fault.at("problem"), "leads to https://inside.example:8443: allow it with outgoing.allow");
  EXPECT_EQ(world.get("/api/v1/destinations/in").status, 404) << "nothing was changed";

  const auto imported = post(world, "/api/v1/catalog", R"({"destinations":[{"id":"in",)" + inside.substr(1) + "]}");
  ASSERT_EQ(imported.status, 400);
  EXPECT_EQ(json::parse(imported.body()).at("errors").at(0).at("field"), "destinations/in: url");

  world.addresses.refused.clear();
  put(world, "in", inside);
  world.addresses.asked.clear();
  put(world, "in", R"({"name":"Renamed","url":"https://inside.example:8443/y?c={external_id}"})", 200);
  EXPECT_TRUE(world.addresses.asked.empty()) << "the same server as before";
  world.addresses.refused = {"https://inside.example:8443/"};
  put(world, "other", R"({"name":"Other","url":"https://crm.example/?c={external_id}"})");
  EXPECT_EQ(world.addresses.asked, std::vector<std::string>{"https://crm.example/"});

  EXPECT_EQ(world.send({.method = http::Method::delete_, .target = "/api/v1/destinations/in"}).status, 200);
  world.shelf.revisions.emplace_back().number = 3;
  world.shelf.catalogs[3] = {*world.slot.current()->document(EntityKind::destination, "in")};
  world.shelf.catalogs[3][0].archived = false;
  const auto restored = post(world, "/api/v1/revisions/3/restore", R"({"entities":["destinations/in"]})");
  EXPECT_EQ(restored.status, 400) << "it would be brought back: " << restored.body();
}

TEST(ApiDestinations, ANameThatThereIsNoTimeForIsAFaultAndAnAddressIsLookedAt) {
  ApiWorld world;
  world.services.addresses = &world.addresses;
  world.addresses.refused = {"http://10.0.0.1/"};
  world.addresses.while_asked = [&world] { world.clock.advance(std::chrono::seconds{11}); };
  json destinations = json::array();
  for (const auto& [id, host] : {std::pair{"a", "slow.example"}, {"b", "late.example"}, {"c", "10.0.0.1"}})
    destinations.push_back({{"id", id}, {"name", "D"}, {"url", std::string("http://") + host + "/in?c={external_id}"}});
  const auto refused = post(world, "/api/v1/catalog", json{{"destinations", destinations}}.dump());
  ASSERT_EQ(refused.status, 400) << refused.body();
  const auto errors = json::parse(refused.body()).at("errors");
  ASSERT_EQ(errors.size(), 2U) << errors;
  EXPECT_EQ(errors.at(0).at("field"), "destinations/b: url");
  EXPECT_NE(errors.at(0).at("problem").get<std::string>().find("was not looked up"), std::string::npos);
  EXPECT_EQ(errors.at(1).at("field"), "destinations/c: url");
  EXPECT_EQ(world.addresses.asked, (std::vector<std::string>{"http://slow.example/", "http://10.0.0.1/"}));
}

TEST(ApiDestinationState, IsPausedAndResumedBesideTheDocument) {
  ApiWorld world;
  put(world, "crm", kCrm);
  const auto number = world.slot.current()->document(EntityKind::destination, "crm")->number;
  const auto idle = json::parse(world.get("/api/v1/destinations/crm/state").body());
  EXPECT_EQ(idle, json::parse(R"({"destination":"crm","state":"active","paused_by":null,"paused":null,"reason":"",
    "next_due":null,"waits_until":null,"wait_reason":null,"host":null})"));

  const auto paused = post(world, "/api/v1/destinations/crm/pause", R"({"reason":"moving"})", "k-clerk");
  ASSERT_EQ(paused.status, 200) << paused.body();
  ASSERT_EQ(world.store.destination_states.size(), 1U);
  EXPECT_EQ(world.store.destination_states[0].destination, number);
  EXPECT_EQ(world.store.destination_states[0].paused, kNow);
  EXPECT_EQ(world.store.destination_states[0].reason, "moving");
  EXPECT_EQ(world.store.audit.back().action, "destination.pause");
  EXPECT_EQ(world.store.audit.back().target, "destinations/crm");
  EXPECT_EQ(world.control.changes, 1);

  world.shelf.destination_states = {
      {.destination = number, .paused = kNow, .reason = "gone", .next_due = kNow + std::chrono::seconds{5}}};
  world.control.reports = {{.origin = "https://a.example"},
                           {.origin = "https://crm.example",
                            .in_flight = 2,
                            .queued = 7,
                            .paused = true,
                            .paused_until_ms = kNow.time_since_epoch().count() + 1000,
                            .failures = 9}};
  const auto shown = json::parse(world.get("/api/v1/destinations/crm/state").body());
  EXPECT_EQ(shown, json::parse(R"({"destination":"crm","state":"paused","paused_by":"server",
    "paused":"2026-01-01T00:00:00.000Z","reason":"gone","next_due":"2026-01-01T00:00:05.000Z",
    "waits_until":null,"wait_reason":null,
    "host":{"origin":"https://crm.example","in_flight":2,"queued":7,"paused":true,"failures":9,
            "paused_until":"2026-01-01T00:00:01.000Z"}})"));

  EXPECT_EQ(post(world, "/api/v1/destinations/crm/resume", "", "k-clerk").status, 200);
  EXPECT_FALSE(world.store.destination_states.back().paused.has_value());
  EXPECT_EQ(world.store.audit.back().action, "destination.resume");
  ASSERT_EQ(world.control.tried_now.size(), 1U);
  EXPECT_EQ(world.control.tried_now[0], std::vector<EntityNumber>{number}) << "whatever its server asked for";

  auto document = json::parse(kCrm);
  document["state"] = "paused";
  put(world, "crm", document.dump(), 200);
  world.shelf.destination_states.clear();
  EXPECT_EQ(json::parse(world.get("/api/v1/destinations/crm/state").body()).at("paused_by"), "document");
}

TEST(ApiDestinationState, SaysUntilWhenItsServerWantsToBeLeftAlone) {
  ApiWorld world;
  put(world, "other", kCrm);
  put(world, "crm", kCrm);
  const auto number = world.slot.current()->document(EntityKind::destination, "crm")->number;
  world.control.waiting = {{number, kNow.time_since_epoch().count() + 86'400'000, http::DestinationWait::kRetryAfter}};
  const auto shown = json::parse(world.get("/api/v1/destinations/crm/state").body());
  EXPECT_EQ(shown.at("state"), "active");
  EXPECT_EQ(shown.at("waits_until"), "2026-01-02T00:00:00.000Z");
  EXPECT_EQ(shown.at("wait_reason"), "retry_after");
  EXPECT_TRUE(json::parse(world.get("/api/v1/destinations/other/state").body()).at("waits_until").is_null());
}

TEST(ApiDestinationState, IsOfDestinationsThatAreThere) {
  ApiWorld world;
  put(world, "old", kCrm);
  ASSERT_EQ(world.send({.method = http::Method::delete_, .target = "/api/v1/destinations/old"}).status, 200);
  for (const auto& [id, status] : {std::pair{"nobody", 404}, {"old", 409}}) {
    const auto path = std::string("/api/v1/destinations/") + id;
    EXPECT_EQ(world.get(path + "/state").status, status);
    for (const auto* const action : {"/pause", "/resume", "/test"})
      EXPECT_EQ(post(world, path + action).status, status);
  }
  EXPECT_EQ(post(world, "/api/v1/destinations/old/pause", "{}", "k-guest").status, 403);
  EXPECT_TRUE(world.store.destination_states.empty());
  for (const auto* const body : {R"({"reason":7})", R"({"why":"x"})", "[]", "{"})
    EXPECT_EQ(post(world, "/api/v1/destinations/old/pause", body).status, 400) << body;
}

TEST(ApiDeliveryHosts, ArePagedByAddress) {
  ApiWorld world;
  world.control.reports = {{.origin = "https://b.example"}, {.origin = "https://a.example"}};
  const auto first = json::parse(world.get("/api/v1/delivery-hosts?limit=1").body());
  EXPECT_EQ(first.at("items").at(0).at("origin"), "https://a.example");
  EXPECT_TRUE(first.at("items").at(0).at("paused_until").is_null());
  const auto second = json::parse(world.get("/api/v1/delivery-hosts?cursor=https%3A%2F%2Fa.example").body());
  EXPECT_EQ(second.at("items").at(0).at("origin"), "https://b.example");
  EXPECT_TRUE(second.at("next").is_null());
}

TEST(ApiDestinationTest, ShowsWhatWouldBeSent) {
  ApiWorld world;
  put(world, "crm", kCrm);
  const std::string wish = R"({"dry_run":true,"values":{"external_id":"E/1","txid":"T\"1","sub20":"x","payout":"7"}})";
  const auto admin = json::parse(post(world, "/api/v1/destinations/crm/test", wish).body());
  EXPECT_EQ(admin.at("request").at("method"), "POST");
  EXPECT_EQ(admin.at("request").at("url"), "https://crm.example/in?c=E%2F1&key=SECRET-KEY-1");
  EXPECT_EQ(admin.at("request").at("headers").at("X-Key"), "SECRET-KEY-1");
  EXPECT_EQ(admin.at("request").at("body"), R"({"tx":"T\"1"})");
  EXPECT_EQ(admin.at("result"), "not_sent");
  EXPECT_TRUE(admin.at("http_status").is_null());
  const auto clerk = json::parse(post(world, "/api/v1/destinations/crm/test", wish, "k-clerk").body());
  EXPECT_EQ(clerk.dump().find("SECRET-KEY-1"), std::string::npos) << clerk;
  EXPECT_EQ(clerk.at("request").at("headers").at("X-Key"), "***");
  EXPECT_TRUE(world.control.sent.empty());
  EXPECT_EQ(post(world, "/api/v1/destinations/crm/test", wish, "k-guest").status, 403);
}

TEST(ApiDestinationTest, SendsOneAndSaysWhatCameOfIt) {
  ApiWorld world;
  put(world, "crm", kCrm);
  world.control.outcome = {.status = 200,
                           .body = "taken with SECRET-KEY-1" + std::string(2'000, '.'),
                           .address = "192.0.2.7:443",
                           .duration = std::chrono::milliseconds{42}};
  const auto audited = world.store.audit.size();
  const auto report = json::parse(post(world, "/api/v1/destinations/crm/test", "", "k-clerk").body());
  EXPECT_EQ(report.at("result"), "delivered");
  EXPECT_EQ(report.at("http_status"), 200);
  EXPECT_EQ(report.at("duration_ms"), 42);
  EXPECT_EQ(report.at("address"), "192.0.2.7:443");
  const auto answer = report.at("answer").get<std::string>();
  EXPECT_TRUE(answer.starts_with("taken with ***.")) << answer;
  EXPECT_LE(answer.size(), 1024U);
  ASSERT_EQ(world.control.sent.size(), 1U);
  EXPECT_EQ(world.control.sent[0].method, "POST");
  EXPECT_EQ(world.control.sent[0].timeout, std::chrono::seconds{15});
  ASSERT_EQ(world.store.audit.size(), audited + 1);
  EXPECT_EQ(world.store.audit.back().action, "destination.test");
}

TEST(ApiDestinationTest, NamesEveryEnd) {
  using End = http::OutgoingOutcome::End;
  struct Case {
    http::OutgoingOutcome outcome;
    std::string result;
    std::string says;
  };
  ApiWorld world;
  put(world, "crm",
      R"({"name":"CRM","url":"https://crm.example/in?c={external_id}","expect":{"status":["200-201"],"body":"ok"}})");
  const Case cases[] = {{{.status = 201, .body = "all ok"}, "delivered", "201"},
                        {{.status = 201, .body = "no"}, "wrong_body", "`expect.body`"},
                        {{.status = 204}, "wrong_status", "204"},
                        {{.status = 301}, "redirect_not_followed", "not followed"},
                        {{.status = 410}, "gone", "410"},
                        {{.status = 429}, "rate_limited", "429"},
                        {{.status = 503}, "rate_limited", "503"},
                        {{.status = 502}, "rate_limited", "502"},
                        {{.status = 500}, "wrong_status", "500"},
                        {{.end = End::name_not_resolved, .error = "no such name"}, "name_not_resolved", "no such name"},
                        {{.end = End::blocked_address, .error = "it is private"}, "blocked_address", "it is private"},
                        {{.end = End::invalid_request}, "invalid_request", "invalid_request"},
                        {{.end = End::connect_failed}, "connect_failed", "connect_failed"},
                        {{.end = End::connect_timeout}, "connect_timeout", "connect_timeout"},
                        {{.end = End::tls_failed, .error = "expired"}, "tls_failed", "expired"},
                        {{.end = End::timeout}, "timeout", "timeout"},
                        {{.end = End::reset}, "reset", "reset"},
                        {{.end = End::answer_too_large, .status = 200}, "answer_too_large", "answer_too_large"},
                        {{.end = End::cancelled, .error = "the server stops"}, "reset", "the server stops"}};
  for (const auto& [outcome, result, says] : cases) {
    world.control.outcome = outcome;
    const auto report = json::parse(post(world, "/api/v1/destinations/crm/test").body());
    EXPECT_EQ(report.at("result"), result);
    EXPECT_NE(report.at("message").get<std::string>().find(says), std::string::npos) << report.at("message");
  }
}

TEST(ApiDestinationTest, AnImpressionHasTheValues) {
  ApiWorld world;
  put(world, "seen",
      R"({"name":"Seen","trigger":"impression","url":"https://crm.example/?e={external_id}&c={city}&z={query.zone}"})");
  const auto report =
      json::parse(post(world, "/api/v1/destinations/seen/test",
                       R"({"dry_run":true,"values":{"external_id":"E1","city":"Brno","query.zone":"z9"}})")
                      .body());
  EXPECT_EQ(report.at("request").at("url"), "https://crm.example/?e=E1&c=Brno&z=z9");
}

TEST(ApiDestinationTest, RefusesValuesThatCannotBe) {
  ApiWorld world;
  put(world, "crm", kCrm);
  for (const auto& [body, field] : {std::pair{R"({"values":{"colour":"red"}})", "values.colour"},
                                    {R"({"values":{"payout":"much"}})", "values.payout"},
                                    {R"({"values":{"status":"held"}})", "values.status"},
                                    {R"({"values":{"sub21":"x"}})", "values.sub21"},
                                    {R"({"values":{"sub01":"x"}})", "values.sub01"},
                                    {R"({"values":{"txid":7}})", "values.txid"},
                                    {R"({"values":[]})", "values"},
                                    {R"({"dry_run":"yes"})", "dry_run"},
                                    {R"({"really":true})", "really"}}) {
    const auto answer = post(world, "/api/v1/destinations/crm/test", body);
    ASSERT_EQ(answer.status, 400) << body;
    EXPECT_EQ(json::parse(answer.body()).at("errors").at(0).at("field"), field);
  }
  put(world, "visits", R"({"name":"Visits","trigger":"click","url":"https://crm.example/?c={external_id}"})");
  EXPECT_EQ(post(world, "/api/v1/destinations/visits/test", R"({"values":{"payout":"1"}})").status, 400)
      << "a click has no payout";
  EXPECT_TRUE(world.control.sent.empty());
}

TEST(ApiDestinationTest, AFeedShowsItsRow) {
  ApiWorld world;
  put(world, "ads", R"({"name":"Ads","profile":"google_ads_offline","settings":{"conversion_name":"Sale"}})");
  const auto report = json::parse(
      post(world, "/api/v1/destinations/ads/test", R"({"values":{"query.gclid":"GCLID-1","payout":"7.50"}})").body());
  EXPECT_EQ(report.at("result"), "not_sent");
  EXPECT_EQ(report.at("request").at("method"), "FEED");
  EXPECT_EQ(report.at("request").at("url"), "/feeds/ads.csv");
  EXPECT_NE(report.at("request").at("body").get<std::string>().find("GCLID-1"), std::string::npos) << report;
  EXPECT_TRUE(world.control.sent.empty());
}

TEST(ApiProfiles, HaveReadyMadeDestinations) {
  ApiWorld world;
  const auto all = json::parse(world.get("/api/v1/profiles?kind=destination&limit=1000").body());
  ASSERT_GT(all.at("items").size(), 5U);
  for (const auto& item : all.at("items")) EXPECT_EQ(item.at("kind"), "destination");
  const auto slack = json::parse(world.get("/api/v1/profiles/slack").body());
  EXPECT_EQ(slack.at("kind"), "destination");
  EXPECT_FALSE(slack.at("settings").empty());
  EXPECT_EQ(json::parse(world.get("/api/v1/profiles/taboola").body()).at("kind"), "source");
  EXPECT_EQ(json::parse(world.get("/api/v1/profiles/taboola?kind=destination").body()).at("kind"), "destination");
  EXPECT_EQ(world.get("/api/v1/profiles/slack?kind=network").status, 404);

  std::size_t count = 0;
  std::string cursor;
  for (int i = 0; i < 1'000; ++i) {
    const auto page = json::parse(world.get("/api/v1/profiles?limit=1" + cursor).body());
    count += page.at("items").size();
    if (page.at("next").is_null()) break;
    cursor = "&cursor=" + page.at("next").get<std::string>();
  }
  EXPECT_EQ(count, json::parse(world.get("/api/v1/profiles?limit=1000").body()).at("items").size())
      << "one after the other, none twice although IDs are";
}

}  // namespace
}  // namespace postback::testing::api
