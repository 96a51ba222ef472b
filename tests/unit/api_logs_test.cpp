// The logs over the API: the exact form of each row, as JSON, NDJSON and CSV.
#include "support/api_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace postback::testing::api {
namespace {

using nlohmann::json;

constexpr SnowflakeId kClick = make_snowflake(kNow, 1, 7);
constexpr SnowflakeId kPostback = make_snowflake(kNow + std::chrono::seconds{2}, 1, 9);

/// Puts the example catalog of the specification, so that numbers have names.
void fill_catalog(ApiWorld& world) {
  ASSERT_EQ(world.put("/api/v1/networks/acme", R"({"name":"Acme","click_param":"sub1"})").status, 201);
  ASSERT_EQ(world
                .put("/api/v1/offers/vpn",
                     R"({"name":"VPN","network":"acme","url":"https://offer.example/?s={clickid}","payout":"12.50",
                          "currency":"USD"})")
                .status,
            201);
  ASSERT_EQ(world.put("/api/v1/sources/adnet", R"({"name":"AdNet","params":{"external_id":"cid"}})").status, 201);
  ASSERT_EQ(
      world
          .put("/api/v1/campaigns/summer",
               R"({"name":"Summer","source":"adnet","paths":[{"weight":1,"offers":[{"offer":"vpn","weight":1}]}]})")
          .status,
      201);
}

StoredClick example_click(const ApiWorld& world) {
  const auto catalog = world.slot.current();
  StoredClick click;
  click.id = kClick;
  click.campaign = catalog->document(EntityKind::campaign, "summer")->number;
  click.offer = catalog->document(EntityKind::offer, "vpn")->number;
  click.source = catalog->document(EntityKind::source, "adnet")->number;
  click.path = 0;
  click.revision = 4;
  click.cost = 70'000;
  click.cost_currency = "USD";
  click.external_id = "EXT1";
  click.sub[0] = "z9";
  click.sub[19] = "<last>";
  click.extra = "x=1&y=%zz";
  click.ip = "192.0.2.1";
  click.user_agent = "agent/1";
  click.referrer = "https://r.example/";
  click.language = "cs";
  click.country = "CZ";
  click.region = "10";
  click.city = "Praha";
  click.device = "mobile";
  click.os = "Android";
  click.browser = "Chrome Mobile";
  click.bot = true;
  click.unique = false;
  return click;
}

json example_click_json(const ApiWorld& world) {
  auto expected = json::parse(R"({
    "time": "2026-01-01T00:00:00.000Z", "campaign": "summer", "path": 0, "offer": "vpn", "source": "adnet",
    "external_id": "EXT1", "external_name": "", "sub1": "z9", "sub20": "<last>", "extra": "x=1&y=%zz", "cost": "0.07",
    "cost_currency": "USD", "ip": "192.0.2.1", "user_agent": "agent/1", "referrer": "https://r.example/",
    "language": "cs", "country": "CZ", "region": "10", "city": "Praha", "device": "mobile", "os": "Android",
    "browser": "Chrome Mobile", "bot": true, "unique": false, "lander": "", "rule": 0,
    "revision": 4})");
  expected["id"] = world.click_text(kClick);
  return expected;
}

TEST(ApiLogs, ClicksHaveNamesForNumbers) {
  ApiWorld world;
  fill_catalog(world);
  auto bare = StoredClick{};
  bare.id = kClick + 1;
  bare.campaign = 9999;
  world.shelf.clicks = LogPage<StoredClick>{{example_click(world), bare}, kClick, kNow};
  const auto answer = world.get("/api/v1/clicks");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body().find('<'), std::string::npos) << "a `<` is harmless only as \\u003c";
  const auto body = json::parse(answer.body());
  EXPECT_EQ(body["items"][0], example_click_json(world));
  EXPECT_EQ(body["items"][1]["campaign"], "");
  EXPECT_EQ(body["items"][1]["cost"], nullptr);
  EXPECT_EQ(body["items"][1]["bot"], false);
  EXPECT_EQ(body["items"][1]["unique"], nullptr);
  EXPECT_EQ(body["next"], std::to_string(kClick));
  EXPECT_EQ(body["searched_to"], "2026-01-01T00:00:00.000Z");
}

TEST(ApiLogs, OneClickByItsId) {
  ApiWorld world;
  fill_catalog(world);
  const auto target = "/api/v1/clicks/" + world.click_text(kClick);
  const auto missing = world.get(target);
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(json::parse(missing.body())["type"], "/problems/not-found");
  EXPECT_EQ(world.shelf.asked_click, kClick);

  world.shelf.click = std::optional<StoredClick>(example_click(world));
  StoredCta cta;
  cta.number = 2;
  cta.time = kNow;
  cta.offer = 1;
  world.shelf.ctas = {cta};
  const auto found = world.get(target);
  EXPECT_EQ(found.status, 200);
  auto expected = example_click_json(world);
  expected["ctas"] = json::parse(R"([{"number":2,"time":"2026-01-01T00:00:00.000Z","offer":"vpn"}])");
  auto told = json::parse(found.body());
  EXPECT_TRUE(told.at("route").at("recomputed"));
  told.erase("route");
  EXPECT_EQ(told, expected);
  world.shelf.click = Error{ErrorCode::store_busy, ""};
  EXPECT_EQ(world.get(target).status, 503);
}

TEST(ApiLogs, ARouteIsRecomputedInTheCurrenciesOfItsTime) {
  ApiWorld world;
  fill_catalog(world);
  const auto document = [&](EntityKind kind, const char* id, const char* text, EntityNumber number) {
    EntityDocument made;
    made.kind = kind;
    made.id = id;
    made.number = number;
    made.revision = 4;
    made.json = text;
    return made;
  };
  const auto click = example_click(world);
  world.shelf.catalogs[4] = {
      document(EntityKind::currency, "usdt", R"({"name":"Tether USD"})", 1),
      document(EntityKind::currency, "points", R"({"name":"Points"})", 2),
      document(EntityKind::network, "acme",
               R"({"name":"Acme","click_param":"s","token":"T0KEN-acme","currency":"POINTS"})", 1),
      document(
          EntityKind::offer, "vpn",
          R"({"name":"VPN","network":"acme","url":"https://o.example/?s={clickid}","payout":"1","currency":"USDT"})",
          click.offer),
      document(EntityKind::source, "adnet", R"({"name":"AdNet","cost":{"model":"cpm","amount":"1","currency":"USDT"}})",
               click.source),
      document(EntityKind::campaign, "summer",
               R"({"name":"Then","source":"adnet","cost":{"model":"cpc","amount":"1","currency":"USDT"},
                   "paths":[{"weight":1,"offers":[{"offer":"vpn","weight":1}]}]})",
               click.campaign)};
  ASSERT_EQ(world
                .put("/api/v1/campaigns/summer",
                     R"({"name":"Now","source":"adnet","paths":[{"weight":2,"offers":[{"offer":"vpn","weight":1}]}]})")
                .status,
            200);
  world.shelf.click = std::optional<StoredClick>(click);
  const auto target = "/api/v1/clicks/" + world.click_text(kClick);
  auto route = json::parse(world.get(target).body()).at("route");
  EXPECT_TRUE(route.at("recomputed")) << route.dump();
  // A currency that is not stored as of that time is told as what it is.
  auto& then = world.shelf.catalogs[4];
  then.erase(then.begin());
  route = json::parse(world.get(target).body()).at("route");
  EXPECT_FALSE(route.at("recomputed"));
}

TEST(ApiLogs, ConversionsHaveThisForm) {
  ApiWorld world;
  StoredConversion row;
  row.id = kPostback;
  row.click = kClick;
  row.number = 2;
  row.event = "sale";
  row.txid = "A1";
  row.status = ConversionStatus::rejected;
  row.original_status = "chargeback";
  row.payout = 12'500'000;
  row.currency = "USD";
  row.reason = "fraud";
  row.time = kNow;
  row.updated = kNow + std::chrono::milliseconds{1500};
  row.revision = 3;
  row.last_said = "not shown";
  row.network = "acme";
  world.shelf.conversions = LogPage<StoredConversion>{{row}, 0, std::nullopt};
  const auto body = json::parse(world.get("/api/v1/conversions").body());
  auto expected = json::parse(R"({
    "items": [{"campaign": "", "offer": "", "network": "acme",
      "event": "sale", "txid": "A1", "status": "rejected", "original_status": "chargeback", "payout": "12.50",
      "amount": null, "currency": "USD", "reason": "fraud", "time": "2026-01-01T00:00:00.000Z",
      "updated": "2026-01-01T00:00:01.500Z", "revision": 3}],
    "next": null, "searched_to": null})");
  expected["items"][0]["id"] = std::to_string(kPostback);
  expected["items"][0]["click_id"] = world.click_text(kClick);
  expected["items"][0]["conversion_id"] = world.click_text(kClick) + "-2";
  EXPECT_EQ(body, expected);
}

StoredPostback example_postback() {
  StoredPostback row;
  row.id = kPostback;
  row.time = kNow;
  row.network = "acme";
  row.method = "GET";
  row.target = "/postback/acme?token=***";
  row.headers = "Host: a\r\n";
  row.body = "{}";
  row.peer = "192.0.2.9";
  row.authentication = "token";
  row.http_status = 200;
  row.result = "accepted";
  row.code = "converted";
  row.message = "Recorded.";
  row.evidence = "payout=12.50";
  row.warnings = {"one", "two"};
  row.click = kClick;
  row.conversion_number = 1;
  row.event = "sale";
  row.txid = "A1";
  row.payout = 12'500'000;
  row.amount = -3'000'000;
  row.currency = "USD";
  row.status = "approved";
  row.original_status = "ok";
  row.revision = 4;
  row.shape = "voluum";
  row.first_code = "network_mismatch";
  row.judged = kNow;
  row.repeats = 3;
  return row;
}

TEST(ApiLogs, PostbacksHaveThisForm) {
  ApiWorld world;
  world.shelf.postbacks = LogPage<StoredPostback>{{example_postback()}, 0, kNow};
  auto expected = json::parse(R"({
    "items": [{"time": "2026-01-01T00:00:00.000Z", "network": "acme", "method": "GET",
      "target": "/postback/acme?token=***", "peer": "192.0.2.9", "auth": "token", "http_status": 200,
      "result": "accepted", "code": "converted", "message": "Recorded.", "fix": "", "evidence": "payout=12.50",
      "warnings": ["one", "two"], "event": "sale", "txid": "A1", "payout": "12.50", "amount": "-3.00",
      "currency": "USD", "status": "approved", "original_status": "ok", "revision": 4, "headers": "Host: a\r\n",
      "body": "{}", "shape": "voluum", "first_code": "network_mismatch", "judged": "2026-01-01T00:00:00.000Z",
      "repeats": 3}],
    "next": null, "searched_to": "2026-01-01T00:00:00.000Z"})");
  expected["items"][0]["id"] = std::to_string(kPostback);
  expected["items"][0]["click_id"] = world.click_text(kClick);
  expected["items"][0]["conversion_id"] = world.click_text(kClick) + "-1";
  EXPECT_EQ(json::parse(world.get("/api/v1/postbacks").body()), expected);
}

TEST(ApiLogs, ARefusedPostbackNamesNoClickAndStaysValidJson) {
  ApiWorld world;
  StoredPostback row;
  row.id = kPostback;
  row.target = std::string("/postback/acme?x=\xff\xfe\x00\x1b[2J\"\\", 26);
  row.body = "\xc0\xaf";
  row.warnings = {"\xed\xa0\x80"};
  world.shelf.postbacks = LogPage<StoredPostback>{{row, row}, 0, std::nullopt};
  const auto body = json::parse(world.get("/api/v1/postbacks").body());
  ASSERT_EQ(body["items"].size(), 2U);
  const auto& item = body["items"][0];
  EXPECT_EQ(item["click_id"], nullptr);
  EXPECT_EQ(item["conversion_id"], nullptr);
  EXPECT_EQ(item["payout"], nullptr);
  EXPECT_NE(item["target"].get<std::string>().find("\uFFFD"), std::string::npos);
}

TEST(ApiLogs, ClickIdsAreReadInAnyCase) {
  ApiWorld world;
  auto upper = world.click_text(kClick);
  for (auto& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  ASSERT_EQ(world.get("/api/v1/conversions?click_id=" + upper).status, 200);
  EXPECT_EQ(world.shelf.asked.click, kClick);
}

TEST(ApiLogs, TheAuditLogHasThisForm) {
  ApiWorld world;
  world.shelf.audit = LogPage<AuditEntry>{{{.id = kPostback,
                                            .time = kNow,
                                            .actor = "admin",
                                            .peer = "192.0.2.9",
                                            .action = "put",
                                            .target = "networks/acme",
                                            .revision = 4,
                                            .detail = "new"}},
                                          0,
                                          kNow};
  auto expected = json::parse(R"({"time": "2026-01-01T00:00:00.000Z", "actor": "admin", "peer": "192.0.2.9",
    "action": "put", "target": "networks/acme", "revision": 4, "detail": "new"})");
  expected["id"] = std::to_string(kPostback);
  EXPECT_EQ(json::parse(world.get("/api/v1/audit?action=put").body())["items"][0], expected);
}

TEST(ApiLogs, NdjsonHasOneObjectALineAndTheCursorInHeaders) {
  ApiWorld world;
  fill_catalog(world);
  world.shelf.clicks = LogPage<StoredClick>{{example_click(world), example_click(world)}, kClick, kNow};
  const auto answer = world.get("/api/v1/clicks?format=ndjson&cursor=9&sub1=a%3Eb&limit=2");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/x-ndjson");
  EXPECT_EQ(answer.header("Postbackd-Next"), std::to_string(kClick));
  EXPECT_EQ(answer.header("Postbackd-Searched-To"), "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(answer.header("Link"),
            "</api/v1/clicks?format=ndjson&sub1=a%3Eb&limit=2&cursor=" + std::to_string(kClick) + ">; rel=\"next\"");
  const std::string body(answer.body());
  const auto line_end = body.find('\n');
  EXPECT_EQ(json::parse(body.substr(0, line_end)), example_click_json(world));
  EXPECT_EQ(body.substr(line_end + 1), body.substr(0, line_end + 1));

  world.shelf.clicks = LogPage<StoredClick>{{}, 0, std::nullopt};
  const auto last = world.get("/api/v1/clicks?format=ndjson");
  EXPECT_EQ(last.body(), "");
  for (const auto* header : {"Postbackd-Next", "Postbackd-Searched-To", "Link"}) EXPECT_EQ(last.header(header), "");
}

TEST(ApiLogs, CsvHasEveryColumnAndIsSafeForSpreadsheets) {
  ApiWorld world;
  auto row = example_postback();
  row.message = "=1+1";
  row.fix = "a,b;=c";
  row.evidence = "said \"x\"\r\nand more";
  row.txid = "@SUM(A1)";
  row.peer = "+1";
  row.event = "-2";
  row.first_code.clear();
  row.judged.reset();
  world.shelf.postbacks = LogPage<StoredPostback>{{row}, 0, kNow};
  const auto answer = world.get("/api/v1/postbacks?format=csv");
  EXPECT_EQ(answer.header("Content-Type"), "text/csv; charset=utf-8; header=present");
  EXPECT_EQ(answer.header("Content-Disposition"), "attachment; filename=\"postbacks.csv\"");
  EXPECT_EQ(answer.body(),
            "id,time,network,method,target,peer,auth,http_status,result,code,message,fix,evidence,warnings,click_id,"
            "conversion_id,event,txid,payout,amount,currency,status,original_status,revision,headers,body,shape,"
            "first_code,judged,repeats\r\n" +
                std::to_string(kPostback) +
                ",2026-01-01T00:00:00.000Z,acme,GET,/postback/acme?token=***,'+1,token,200,accepted,converted,'=1+1,"
                "\"a,b;'=c\",\"said \"\"x\"\"\r\nand more\",\"[\"\"one\"\",\"\"two\"\"]\"," +
                world.click_text(kClick) + "," + world.click_text(kClick) +
                "-1,'-2,'@SUM(A1),12.50,-3.00,USD,approved,ok,4,\"Host: a\r\n\",{},voluum,,,3\r\n");
}

TEST(ApiLogs, CsvLeavesCellsEmptyButNeverOut) {
  ApiWorld world;
  StoredClick bare;
  bare.id = kClick;
  bare.sub[4] = "\tx";
  bare.ip = "\xff";
  world.shelf.clicks = LogPage<StoredClick>{{bare}, 0, std::nullopt};
  const std::string body(world.get("/api/v1/clicks?format=csv").body());
  const auto line_end = body.find("\r\n");
  EXPECT_EQ(std::ranges::count(body.substr(0, line_end), ','), std::ranges::count(body.substr(line_end), ','));
  EXPECT_NE(body.find(",,,,'\tx,,"), std::string::npos) << body;
  EXPECT_NE(body.find("\uFFFD"), std::string::npos) << "always valid UTF-8";
}

}  // namespace
}  // namespace postback::testing::api
