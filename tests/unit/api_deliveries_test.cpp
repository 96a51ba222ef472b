// The log of deliveries over the API, and what operators do to deliveries.
#include "support/api_world.hpp"

#include <gtest/gtest.h>

#include <string>

namespace postback::testing::api {
namespace {

using nlohmann::json;
using Action = DeliveryChangeItem::Action;

constexpr SnowflakeId kClick = make_snowflake(kNow, 1, 7);
constexpr SnowflakeId kDelivery = make_snowflake(kNow + std::chrono::seconds{5}, 1, 9);

std::string text_of(SnowflakeId id) { return "dlv_" + std::to_string(id); }

void put_destination(ApiWorld& world) {
  const auto put =
      world.put("/api/v1/destinations/crm", R"({"name":"CRM","url":"https://crm.example/in?c={external_id}"})");
  ASSERT_EQ(put.status, 201) << put.body();
}

Delivery example_delivery(const ApiWorld& world) {
  Delivery delivery;
  delivery.id = kDelivery;
  delivery.destination = world.slot.current()->document(EntityKind::destination, "crm")->number;
  delivery.trigger = Trigger::conversion;
  delivery.click = kClick;
  delivery.conversion = make_snowflake(kNow + std::chrono::seconds{1}, 1, 3);
  delivery.conversion_number = 1;
  delivery.conversion_revision = 2;
  delivery.state = DeliveryState::failed;
  delivery.attempts = 3;
  delivery.created = kNow + std::chrono::seconds{5};
  delivery.finished = kNow + std::chrono::hours{72};
  delivery.http_status = 503;
  delivery.reason = "rate_limited";
  return delivery;
}

json example_row(const ApiWorld& world) {
  auto row = json::parse(R"({"time":"2026-01-01T00:00:05.000Z","destination":"crm","trigger":"conversion",
    "status":"failed","reason":"rate_limited","http_status":503,"attempt_count":3,"due":null,
    "finished":"2026-01-04T00:00:00.000Z","campaign":"","conversion_revision":2,"cta":null,"resend_of":null})");
  row["id"] = text_of(kDelivery);
  row["click_id"] = world.click_text(kClick);
  row["conversion_id"] = world.click_text(kClick) + "-1";
  return row;
}

TEST(ApiDeliveries, AreListedWithEveryColumn) {
  ApiWorld world;
  put_destination(world);
  Delivery bare;
  bare.id = kDelivery - 1;
  bare.resend_of = kDelivery;
  bare.due = kNow;
  world.shelf.deliveries.rows = {example_delivery(world), bare};
  world.shelf.deliveries.next = 77;
  const auto page = json::parse(world.get("/api/v1/deliveries?limit=2").body());
  EXPECT_EQ(page.at("items").at(0), example_row(world));
  const auto& other = page.at("items").at(1);
  EXPECT_EQ(other.at("resend_of"), text_of(kDelivery));
  EXPECT_EQ(other.at("due"), "2026-01-01T00:00:00.000Z");
  for (const auto* const name : {"http_status", "click_id", "conversion_id", "conversion_revision", "finished"})
    EXPECT_TRUE(other.at(name).is_null()) << name;
  EXPECT_EQ(page.at("next"), "77");

  const auto csv = world.get("/api/v1/deliveries?format=csv").body();
  EXPECT_TRUE(
      csv.starts_with("id,time,destination,trigger,status,reason,http_status,attempt_count,due,finished,"
                      "campaign,click_id,conversion_id,conversion_revision,cta,resend_of\r\n" +
                      text_of(kDelivery) + ",2026-01-01T00:00:05.000Z,crm,conversion,failed,rate_limited,503,3,,"))
      << csv;
}

TEST(ApiDeliveries, AreFilteredByEveryColumn) {
  struct Case {
    std::string query;
    std::string column;
    decltype(LogFilter::value) value;
  };
  ApiWorld world;
  put_destination(world);
  const auto destination = std::int64_t{world.slot.current()->document(EntityKind::destination, "crm")->number};
  const Case cases[] = {{"destination=crm", "destination", destination},
                        {"trigger=status_change", "trigger", std::int64_t{5}},
                        {"status=listed", "state", std::int64_t{5}},
                        {"status=pending", "state", std::int64_t{0}},
                        {"reason=gone", "reason", std::string("gone")},
                        {"reason=", "reason", std::monostate{}},
                        {"http_status=503", "http_status", std::int64_t{503}},
                        {"http_status=", "http_status", std::monostate{}},
                        {"attempt_count=0", "attempts", std::int64_t{0}},
                        {"cta=", "cta", std::monostate{}},
                        {"resend_of=dlv_12", "resend_of", std::int64_t{12}},
                        {"resend_of=", "resend_of", std::monostate{}},
                        {"due=", "due_ms", std::monostate{}},
                        {"conversion_id=" + world.click_text(kClick) + "-4", "conversion_number", std::int64_t{4}}};
  for (const auto& [query, column, value] : cases) {
    world.shelf.asked = {};
    ASSERT_EQ(world.get("/api/v1/deliveries?" + query).status, 200) << query;
    ASSERT_EQ(world.shelf.asked.filters.size(), 1U) << query;
    EXPECT_EQ(world.shelf.asked.filters[0].column, column);
    EXPECT_EQ(world.shelf.asked.filters[0].value, value) << query;
  }
  world.get("/api/v1/deliveries?id=" + text_of(kDelivery) + "&click_id=" + world.click_text(kClick));
  EXPECT_EQ(world.shelf.asked.row, kDelivery);
  EXPECT_EQ(world.shelf.asked.click, kClick);
  world.get("/api/v1/deliveries?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z");
  EXPECT_EQ(world.shelf.asked.from, kNow);
  EXPECT_EQ(world.shelf.asked.to, kNow + std::chrono::hours{24});
}

TEST(ApiDeliveries, RefuseFiltersThatCannotBe) {
  ApiWorld world;
  for (const std::string query : {"status=sent", "trigger=sale", "destination=nobody", "id=0", "id=dlv_", "id=dlv_0x1",
                                  "resend_of=x7", "attempt_count=", "http_status=x", "state=failed"}) {
    const auto answer = world.get("/api/v1/deliveries?" + query);
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_EQ(json::parse(answer.body()).at("errors").at(0).at("field"), query.substr(0, query.find('=')));
  }
}

TEST(ApiDeliveries, AreShownWithTheirAttempts) {
  ApiWorld world;
  put_destination(world);
  EXPECT_EQ(world.get("/api/v1/deliveries/" + text_of(kDelivery)).status, 404);
  world.shelf.delivery = example_delivery(world);
  world.shelf.delivery_attempts = {{.delivery = kDelivery,
                                    .number = 1,
                                    .time = kNow,
                                    .duration = std::chrono::milliseconds{120},
                                    .reason = AttemptReason::connect_timeout,
                                    .error = "no connection within 10 s",
                                    .request = "POST https://crm.example/in?c=EXT1",
                                    .address = "192.0.2.7:443"},
                                   {.delivery = kDelivery,
                                    .number = 2,
                                    .time = kNow,
                                    .http_status = 503,
                                    .reason = AttemptReason::rate_limited,
                                    .answer = "busy\xff<b>"}};
  const auto shown = json::parse(world.get("/api/v1/deliveries/" + text_of(kDelivery)).body());
  auto row = shown;
  row.erase("attempts");
  EXPECT_EQ(row, example_row(world));
  EXPECT_EQ(shown.at("attempts").at(0), json::parse(R"({"number":1,"time":"2026-01-01T00:00:00.000Z","duration_ms":120,
    "http_status":null,"reason":"connect_timeout","error":"no connection within 10 s","answer":"",
    "request":"POST https://crm.example/in?c=EXT1","address":"192.0.2.7:443"})"));
  EXPECT_EQ(shown.at("attempts").at(1).at("http_status"), 503);
  EXPECT_EQ(shown.at("attempts").at(1).at("answer"), "busy\xef\xbf\xbd<b>") << "a stranger's bytes";
  for (const auto* const id : {"x12", "dlv_", "dlv_-1", "dlv_99999999999999999999"})
    EXPECT_EQ(world.get(std::string("/api/v1/deliveries/") + id).status, 400) << id;
}

/// Sends a change of deliveries, as the operator unless told otherwise.
CapturedAnswer change(ApiWorld& world, const std::string& action, const json& body,
                      const std::string& key = "k-clerk") {
  return world.send({.method = http::Method::post,
                     .target = "/api/v1/deliveries/" + action,
                     .body = body.dump(),
                     .headers = {{"Authorization", "Bearer " + key}}});
}

TEST(ApiDeliveryChanges, ById) {
  ApiWorld world;
  world.store.unchangeable = {11};
  const auto answer = change(world, "retry", {{"ids", {"dlv_12", "dlv_11", "dlv_12", "dlv_13"}}});
  ASSERT_EQ(answer.status, 200) << answer.body();
  EXPECT_EQ(json::parse(answer.body()), json::parse(R"({"action":"retry","looked_at":3,"changed":2,"unchanged":1,
    "items":[{"id":"dlv_12","new_id":null},{"id":"dlv_13","new_id":null}],"next":null})"));
  ASSERT_EQ(world.store.delivery_changes.size(), 1U);
  EXPECT_EQ(world.store.delivery_changes[0], std::pair(Action::retry, std::vector<SnowflakeId>{11, 12, 13}));
  ASSERT_EQ(world.store.audit.size(), 1U);
  EXPECT_EQ(world.store.audit[0].action, "deliveries.retry");
  EXPECT_EQ(world.store.audit[0].actor, "clerk");
  EXPECT_EQ(world.store.audit[0].detail, "3 by ID");
  EXPECT_EQ(world.control.changes, 1) << "the sender is told";

  const auto resent = json::parse(change(world, "resend", {{"ids", {"dlv_12"}}}).body());
  EXPECT_EQ(resent.at("items"), json::parse(R"([{"id":"dlv_12","new_id":"dlv_1012"}])"));
  EXPECT_EQ(json::parse(change(world, "cancel", {{"ids", {"dlv_11"}}}).body()).at("changed"), 0);
  EXPECT_EQ(world.control.changes, 2) << "nothing was changed by the last one";
}

TEST(ApiDeliveryChanges, ARetryHasTheirDestinationsTriedNow) {
  ApiWorld world;
  put_destination(world);
  Delivery row;
  row.id = 41;
  row.destination = 7;
  world.shelf.delivery = row;
  world.shelf.deliveries.rows = {row};
  change(world, "retry", {{"ids", {"dlv_41"}}});
  change(world, "retry", {{"filter", {{"status", "pending"}}}});
  change(world, "resend", {{"ids", {"dlv_41"}}});
  const std::vector<std::vector<EntityNumber>> wanted{{7}, {7}, {}};
  EXPECT_EQ(world.control.tried_now, wanted) << "a resend waits with the others";
}

TEST(ApiDeliveryChanges, ByFilterPageAfterPage) {
  ApiWorld world;
  put_destination(world);
  Delivery row;
  row.id = 41;
  world.shelf.deliveries.rows = {row};
  world.shelf.deliveries.next = 41;
  const json wish{{"filter", {{"status", "failed"}, {"destination", "crm"}, {"from", "2025-12-01T00:00:00Z"}}},
                  {"limit", 1}};
  const auto first = json::parse(change(world, "resend", wish).body());
  EXPECT_EQ(first.at("changed"), 1);
  EXPECT_TRUE(world.shelf.asked.oldest_first);
  EXPECT_EQ(world.shelf.asked.limit, 1U);
  EXPECT_EQ(world.shelf.asked.to, world.clock.wall()) << "what is made meanwhile is not found again";
  EXPECT_EQ(world.shelf.asked.filters.size(), 2U);
  EXPECT_EQ(world.store.audit.back().detail.substr(0, 12), "1 by filter ");

  const auto until = world.clock.wall();
  world.clock.advance(std::chrono::hours{1});
  world.shelf.deliveries.next = 0;
  auto second = wish;
  second["cursor"] = first.at("next");
  const auto last = json::parse(change(world, "resend", second).body());
  EXPECT_EQ(world.shelf.asked.after, 41U);
  EXPECT_EQ(world.shelf.asked.to, until) << "still of the first page";
  EXPECT_TRUE(last.at("next").is_null());
}

TEST(ApiDeliveryChanges, RefuseWhatIsNotSaid) {
  ApiWorld world;
  const std::pair<json, std::string> cases[] = {{json::object(), "ids"},
                                                {{{"ids", {"dlv_1"}}, {"filter", {{"status", "failed"}}}}, "ids"},
                                                {{{"ids", json::array()}}, "ids"},
                                                {{{"ids", {"x1"}}}, "ids[0]"},
                                                {{{"ids", {7}}}, "ids[0]"},
                                                {{{"ids", {"dlv_1"}}, {"limit", 3}}, "ids"},
                                                {{{"filter", json::object()}}, "filter"},
                                                {{{"filter", 3}}, "filter"},
                                                {{{"filter", {{"status", "sent"}}}}, "filter.status"},
                                                {{{"filter", {{"limit", 1}}}}, "filter.limit"},
                                                {{{"filter", {{"status", "failed"}}}, {"limit", 0}}, "limit"},
                                                {{{"filter", {{"status", "failed"}}}, {"cursor", "12"}}, "cursor"},
                                                {{{"filter", {{"status", "failed"}}}, {"cursor", 12}}, "cursor"},
                                                {{{"ids", {"dlv_1"}}, {"force", true}}, "force"}};
  for (const auto& [body, field] : cases) {
    const auto answer = change(world, "cancel", body);
    ASSERT_EQ(answer.status, 400) << body;
    EXPECT_EQ(json::parse(answer.body()).at("errors").at(0).at("field"), field) << body;
  }
  EXPECT_TRUE(world.store.delivery_changes.empty());
  EXPECT_EQ(change(world, "cancel", {{"ids", {"dlv_1"}}}, "k-guest").status, 403);
}

TEST(ApiDeliveryChanges, ARefusingStoreIsTold) {
  ApiWorld world;
  world.store.failure = Error{ErrorCode::store_full, "secret inner detail"};
  const auto answer = change(world, "retry", {{"ids", {"dlv_1"}}});
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body().find("secret"), std::string::npos);
  EXPECT_EQ(world.control.changes, 0);
}

}  // namespace
}  // namespace postback::testing::api
