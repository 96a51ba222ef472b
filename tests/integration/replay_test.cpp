// Replay, late match, import and erasure over the wire.
#include "support/client_world.hpp"
#include "support/eventually.hpp"
#include "support/lost_click.hpp"
#include "support/other_connection.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

json answer_of(const RawResponse& answer, int status = 200) {
  EXPECT_EQ(answer.status, status) << answer.body;
  return json::parse(answer.body);
}

json replay(const TestServer& server, const json& wish) {
  return answer_of(server.post("/api/v1/postbacks/replay", wish.dump(), "application/json"));
}

json send(const TestServer& server, const std::string& query) {
  return json::parse(server.exchange(request_text("GET", "/postback/acme?" + query)).body);
}

json row_of(const TestServer& server, const json& id) {
  return server.get_json("/api/v1/postbacks?id=" + id.get<std::string>()).at("items").at(0);
}

/// All of them, over as many pages as it takes: a page may be short where the machine is busy.
json conversions_of(const TestServer& server, const std::string& click) {
  auto all = json::array();
  json cursor = "";
  do {
    auto page = server.get_json("/api/v1/conversions?limit=1000&click_id=" + click +
                                (cursor == "" ? "" : "&cursor=" + cursor.get<std::string>()));
    all.insert(all.end(), page.at("items").begin(), page.at("items").end());
    cursor = page.at("next");
  } while (!cursor.is_null());
  return all;
}

/// The network calls the click ID `cid` from now on.
void mend_network(const TestServer& server, const std::string& token) {
  const auto mended = server.put("networks", "acme",
                                 R"({"name":"Acme","click_param":"sub1","currency":"USD","params":{"click_id":"cid"},)"
                                 R"("token":")" +
                                     token + "\"}");
  ASSERT_EQ(mended.status, 200) << mended.body;
}

TEST(Replay, MendsWhatWasRefused) {
  TestServer server;
  const auto token = server.example_catalog();
  const auto click = server.click("cid=E1");
  const auto refused = send(server, "token=" + token + "&cid=" + click + "&payout=3&txid=A1&event=sale");
  ASSERT_EQ(refused.at("code"), "click_id_missing");
  mend_network(server, token);

  const json wish{{"filter", {{"code", "click_id_missing"}, {"network", "acme"}}}};
  auto dry = wish;
  dry["dry_run"] = true;
  const auto would = replay(server, dry);
  EXPECT_EQ(would.at("changed"), 1);
  EXPECT_EQ(would.at("codes"), json({{"converted", 1}}));
  EXPECT_TRUE(conversions_of(server, click).empty()) << "a dry run changes nothing";
  EXPECT_EQ(row_of(server, refused.at("postback_id")).at("code"), "click_id_missing");

  const auto done = replay(server, wish);
  EXPECT_EQ(done.at("looked_at"), 1);
  EXPECT_EQ(done.at("changed"), 1);
  EXPECT_EQ(done.at("items").at(0).at("conversion_id"), click + "-1");
  EXPECT_EQ(done.at("next"), nullptr);
  const auto row = row_of(server, refused.at("postback_id"));
  EXPECT_EQ(row.at("code"), "converted");
  EXPECT_EQ(row.at("first_code"), "click_id_missing");
  EXPECT_EQ(row.at("http_status"), 400) << "what was answered";
  EXPECT_NE(row.at("judged"), nullptr);
  const auto conversions = conversions_of(server, click);
  ASSERT_EQ(conversions.size(), 1U);
  EXPECT_EQ(conversions.at(0).at("payout"), "3.00");
  EXPECT_EQ(conversions.at(0).at("time"), row.at("time")) << "as of its own time";
  EXPECT_EQ(server.get_json("/api/v1/audit?action=postbacks.replay").at("items").size(), 1U);

  const auto again = replay(server, {{"filter", {{"network", "acme"}}}});
  EXPECT_EQ(again.at("looked_at"), 1);
  EXPECT_EQ(again.at("changed"), 0);
  EXPECT_EQ(again.at("unchanged"), 1);
  EXPECT_EQ(conversions_of(server, click).at(0).at("revision"), 1);
}

TEST(Replay, LaundersNothing) {
  TestServer server;
  const auto token = server.example_catalog();
  const auto click = server.click("cid=E1");
  const auto wrong = send(server, "token=guessed-token&click_id=" + click + "&payout=9");
  ASSERT_EQ(wrong.at("code"), "token_wrong");
  const auto stray =
      json::parse(server.exchange(request_text("GET", "/postback/later?token=" + token + "&click_id=" + click)).body);
  ASSERT_EQ(stray.at("code"), "network_unknown");
  const auto hidden = send(server, "token=" + token + "&click_id=" + click + "x&txid=" + token);
  ASSERT_EQ(hidden.at("code"), "click_id_malformed");
  // Now the network would take anything, and the network that was unknown is there.
  ASSERT_EQ(server
                .put("networks", "acme",
                     R"({"name":"Acme","click_param":"sub1","currency":"USD","security":{"token":false}})")
                .status,
            200);
  ASSERT_EQ(server.put("networks", "later", R"({"name":"L","click_param":"s","security":{"token":false}})").status,
            201);
  const auto by_filter = replay(server, {{"filter", json::object()}});
  EXPECT_EQ(by_filter.at("looked_at"), 3);
  EXPECT_EQ(by_filter.at("changed"), 0);
  EXPECT_EQ(by_filter.at("refused"), 3) << by_filter;
  const auto says = [&](std::size_t item, const char* text) {
    return by_filter.at("items").at(item).at("message").get<std::string>().find(text) != std::string::npos;
  };
  EXPECT_TRUE(says(0, "never authenticated") && says(1, "never authenticated") && says(2, "masked `txid`"))
      << by_filter;
  EXPECT_TRUE(conversions_of(server, click).empty());

  // By ID: an operator does not suffice, an admin vouches.
  const auto key = answer_of(server.put("keys", "clerk", R"({"name":"C","role":"operator"})"), 201).at("key");
  const json by_id{{"ids", {wrong.at("postback_id")}}};
  const auto as_clerk = answer_of(server.exchange(request_text(
      "POST", "/api/v1/postbacks/replay",
      "Authorization: Bearer " + key.get<std::string>() + "\r\nContent-Type: application/json\r\n", by_id.dump())));
  EXPECT_EQ(as_clerk.at("refused"), 1);
  const auto vouched = replay(server, by_id);
  EXPECT_EQ(vouched.at("codes"), json({{"converted", 1}})) << vouched;
  EXPECT_EQ(row_of(server, wrong.at("postback_id")).at("auth"), "key");
  EXPECT_EQ(row_of(server, wrong.at("postback_id")).at("target").get<std::string>().find("guessed"), std::string::npos);
}

TEST(Replay, SaysWhatIsWrongWithARequest) {
  TestServer server;
  server.example_catalog();
  struct Row {
    const char* body;
    const char* field;
  };
  const Row rows[] = {
      {"[]", "(document)"},
      {"{}", "ids"},
      {R"({"ids":["1"],"filter":{}})", "ids"},
      {R"({"ids":[]})", "ids"},
      {R"({"ids":[1]})", "ids[0]"},
      {R"({"ids":["1",null]})", "ids[1]"},
      {R"({"filter":{"colour":"red"}})", "filter.colour"},
      {R"({"filter":{"code":"x"}})", "filter.code"},
      {R"({"filter":{"limit":"1"}})", "filter.limit"},
      {R"({"filter":{},"limit":1001})", "limit"},
      {R"({"filter":{},"cursor":"x"})", "cursor"},
      {R"({"filter":{},"dry_run":1})", "dry_run"},
      {R"({"filter":{},"fire":1})", "fire"},
  };
  for (const auto& row : rows) {
    const auto answer = answer_of(server.post("/api/v1/postbacks/replay", row.body, "application/json"), 400);
    EXPECT_EQ(answer.at("errors").at(0).at("field"), row.field) << row.body << answer;
  }
}

/// More of them with POSTBACKD_TEST_REPLAY_ROWS; scripts/soak takes 100,000.
TEST(Replay, OfManyMatchesAllAndASecondChangesNothing) {
  const char* const wanted = std::getenv("POSTBACKD_TEST_REPLAY_ROWS");
  const std::size_t rows = wanted != nullptr ? std::stoul(wanted) : 1'500;
  const ClientWorld world;
  const auto token = world.server.example_catalog();
  constexpr std::size_t kClicks = 50;
  std::vector<std::string> clicks;
  for (std::size_t i = 0; i < kClicks; ++i) clicks.push_back(world.server.click());
  auto network = world.server.connect();
  constexpr std::size_t kAhead = 16;
  for (std::size_t i = 0; i < rows; i += kAhead) {
    std::string requests;
    const auto end = std::min(i + kAhead, rows);
    for (std::size_t k = i; k < end; ++k) {
      requests += request_text("GET", "/postback/acme?token=" + token + "&cid=" + clicks[k % kClicks] +
                                          "&payout=0.01&txid=" + std::to_string(k));
    }
    network.send(requests);
    for (std::size_t k = i; k < end; ++k) ASSERT_EQ(network.read_response().status, 400);
  }
  mend_network(world.server, token);
  const auto count = std::to_string(rows);
  const auto first = world.run({"replay", "--filter", "code=click_id_missing", "--from", "2025-01-01"});
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_NE(first.out.find(count + " postbacks looked at: " + count + " changed"), std::string::npos) << first.out;
  EXPECT_NE(first.out.find(count + "  converted"), std::string::npos) << first.out;
  const auto second = world.run({"replay", "--filter", "network=acme"});
  ASSERT_EQ(second.status, 0) << second.err;
  EXPECT_NE(second.out.find(count + " postbacks looked at: 0 changed"), std::string::npos) << second.out;
  std::size_t conversions = 0;
  for (const auto& click : clicks) {
    const auto of_click = conversions_of(world.server, click);
    for (const auto& each : of_click) EXPECT_EQ(each.at("revision"), 1);
    conversions += of_click.size();
  }
  EXPECT_EQ(conversions, rows);
}

/// How many occurrences and deliveries of conversions the store has.
std::int64_t told_of_conversions(const TestServer& server) {
  return OtherConnection(server.store_file())
      .number("SELECT (SELECT count(*) FROM occurrence) + (SELECT count(*) FROM delivery)");
}

TEST(LateMatch, FollowsTheImportOfTheClick) {
  TestServer server;
  const auto token = server.example_catalog();
  const auto lost = to_string(lost_click(server));
  const auto early = send(server, "token=" + token + "&click_id=" + lost + "&txid=A1");
  ASSERT_EQ(early.at("code"), "click_unknown");
  ASSERT_EQ(server
                .put("destinations", "crm",
                     R"({"name":"CRM","state":"paused","when":{},"method":"GET","url":"https://crm.example/in"})")
                .status,
            201);
  const json import{{"clicks", {import_row(lost_click(server))}}};
  const auto imported = answer_of(server.post("/api/v1/clicks/import", import.dump(), "application/json"));
  ASSERT_EQ(imported.at("imported"), 1) << imported;
  EXPECT_EQ(imported.at("items").at(0).at("click_id"), lost);
  EXPECT_TRUE(eventually([&] { return row_of(server, early.at("postback_id")).at("code") == "converted"; }));
  EXPECT_EQ(row_of(server, early.at("postback_id")).at("first_code"), "click_unknown");
  EXPECT_EQ(conversions_of(server, lost).size(), 1U);
  EXPECT_EQ(told_of_conversions(server), 1) << "who waited for the click is told";
  const auto again = replay(server, {{"filter", json::object()}});
  EXPECT_EQ(again.at("changed"), 0);
}

TEST(LateMatch, IsMadeUpForAtTheNextStart) {
  TestServer server;
  const auto token = server.example_catalog();
  const auto lost = lost_click(server);
  const auto early = send(server, "token=" + token + "&click_id=" + to_string(lost));
  ASSERT_EQ(early.at("code"), "click_unknown");
  ASSERT_TRUE(server.stop());
  OtherConnection(server.store_file())
      .execute("INSERT INTO click (id, campaign, offer, source, path, revision) VALUES (" + std::to_string(lost.high) +
               ", 1, 1, 1, 0, 1)");
  server.restart();
  EXPECT_TRUE(eventually([&] { return row_of(server, early.at("postback_id")).at("code") == "converted"; }));
}

TEST(LateMatch, OfUrlsThatLeaveTheNetworkToTheClick) {
  TestServer server;
  const auto token = server.example_catalog();
  const auto security = [&](const json& wanted) {
    const json network{
        {"name", "Acme"}, {"click_param", "sub1"}, {"currency", "USD"}, {"token", token}, {"security", wanted}};
    ASSERT_EQ(server.put("networks", "acme", network.dump()).status, 200);
  };
  security({{"tokens", {"e89bcbe"}}});
  ASSERT_EQ(server
                .put("networks", "also",
                     R"({"name":"A","click_param":"s","token":"T0KEN-also","security":{"tokens":["e89bcbe"]}})")
                .status,
            201);
  const auto lost = [&](unsigned number) { return to_string(lost_click(server, number)); };
  const auto send_to = [&](const std::string& target) {
    const auto answer = json::parse(server.exchange(request_text("GET", target)).body);
    EXPECT_EQ(answer.at("code"), "click_unknown") << target;
    return answer.at("postback_id");
  };
  const auto import = [&](unsigned number) {
    const json clicks{{"clicks", {import_row(lost_click(server, number))}}};
    ASSERT_EQ(answer_of(server.post("/api/v1/clicks/import", clicks.dump(), "application/json")).at("imported"), 1);
  };
  const auto becomes = [&](const json& id, const char* code) {
    return eventually([&] { return row_of(server, id).at("code") == code; });
  };
  const auto shared_key = send_to("/e89bcbe/postback?subid=" + lost(1) + "&payout=2");
  const auto wrong_key = send_to("/0000000/postback?subid=" + lost(1) + "&tid=W");
  const auto missing = send_to("/postback?cid=" + lost(1) + "&txid=M");
  const auto own_token = send_to("/click.php?cnv_id=" + lost(1) + "&txid=T&token=" + token);
  const auto tested =
      json::parse(server.exchange(request_text("GET", "/postback?test=1&cid=" + lost(1))).body).at("postback_id");
  import(1);
  EXPECT_TRUE(becomes(shared_key, "converted"));
  EXPECT_TRUE(becomes(own_token, "converted"));
  EXPECT_TRUE(becomes(wrong_key, "token_wrong"));
  EXPECT_TRUE(becomes(missing, "token_missing"));
  const auto row = row_of(server, shared_key);
  EXPECT_EQ(row.at("network"), "acme");
  EXPECT_EQ(row.at("auth"), "token");
  EXPECT_EQ(row.at("http_status"), 404) << "what was answered";
  EXPECT_EQ(row_of(server, wrong_key).at("auth"), "none");
  EXPECT_EQ(row_of(server, wrong_key).at("network"), "acme");
  EXPECT_EQ(row_of(server, wrong_key).at("click_id"), lost(1));
  EXPECT_EQ(row_of(server, tested).at("code"), "click_unknown");
  EXPECT_EQ(conversions_of(server, lost(1)).size(), 2U);

  // A network that asks for nothing takes it as it takes any other; one that signs has nothing to compare.
  const auto bare = send_to("/postback?click_id=" + lost(2) + "&payout=2");
  security({{"token", false}});
  import(2);
  EXPECT_TRUE(becomes(bare, "converted"));
  EXPECT_EQ(row_of(server, bare).at("auth"), "open");
  const auto unsigned_one = send_to("/postback?click_id=" + lost(3) + "&ts=1&sign=" + std::string(64, 'a'));
  security({{"token", false}, {"hmac", {{"secrets", {"first-secret"}}}}});
  import(3);
  EXPECT_TRUE(becomes(unsigned_one, "signature_missing"));
  EXPECT_TRUE(conversions_of(server, lost(3)).empty());
  const auto by_hand = replay(server, {{"ids", {unsigned_one}}});
  EXPECT_EQ(by_hand.at("codes"), json({{"converted", 1}})) << "an admin vouches for it, as its fix says";
}

TEST(LateMatch, WithAnotherNetworksTokenIsAsItWouldHaveBeenBesideTheClick) {
  TestServer server;
  server.example_catalog();
  ASSERT_EQ(server.put("networks", "also", R"({"name":"A","click_param":"s","token":"T0KEN-also"})").status, 201);
  struct Row {
    const char* security;  ///< Of the click's network.
    const char* code;
    const char* auth;
  };
  const Row rows[] = {
      {R"({"token":false})", "converted", "open"},
      {R"({"token":false,"https_only":true})", "https_required", "none"},
      {R"({"token":false,"allow_ips":["192.0.2.0/24"]})", "ip_not_allowed", "none"},
      {R"({"token":false,"hmac":{"secrets":["first-secret"]}})", "signature_missing", "none"},
      {R"({"token":true})", "token_wrong", "none"},
  };
  unsigned number = 0;
  for (const auto& row : rows) {
    SCOPED_TRACE(row.security);
    const auto network =
        std::string(R"({"name":"Acme","click_param":"sub1","token":"T0KEN-mine","security":)") + row.security + "}";
    ASSERT_EQ(server.put("networks", "acme", network).status, 200);
    const auto lost = lost_click(server, ++number);
    const auto target = "/postback?cid=" + to_string(lost) + "&payout=2&token=T0KEN-also";
    const auto early = json::parse(server.exchange(request_text("GET", target)).body);
    ASSERT_EQ(early.at("code"), "click_unknown");
    ASSERT_EQ(row_of(server, early.at("postback_id")).at("network"), "also")
        << "the token tells, while nothing else does";
    const json clicks{{"clicks", {import_row(lost)}}};
    answer_of(server.post("/api/v1/clicks/import", clicks.dump(), "application/json"));
    EXPECT_TRUE(eventually([&] { return row_of(server, early.at("postback_id")).at("code") == row.code; }));
    const auto matched = row_of(server, early.at("postback_id"));
    EXPECT_EQ(matched.at("code"), row.code);
    EXPECT_EQ(matched.at("auth"), row.auth);
    EXPECT_EQ(matched.at("network"), "acme");
    // Beside its click it is told the same.
    const auto live = json::parse(server.exchange(request_text("GET", target + "&txid=2")).body);
    EXPECT_EQ(live.at("code"), row.code);
  }
}

TEST(LateMatch, ARowThatStandsForAFloodDoesNotWait) {
  TestServer server([](AppOptions& options) {
    options.postbacks = {
        .unauthenticated_per_peer = 0, .unauthenticated_in_all = 0, .logged_per_peer = 1, .logged_in_all = 100};
  });
  server.example_catalog();
  ASSERT_EQ(server.put("networks", "acme", R"({"name":"Acme","click_param":"sub1","security":{"token":false}})").status,
            200);
  const auto lost = to_string(lost_click(server));
  for (const char* txid : {"A", "B", "C"}) {
    EXPECT_EQ(server.exchange(request_text("GET", "/postback?cid=" + lost + "&txid=" + txid)).status, 404);
  }
  server.restart();
  const auto rows = server.get_json("/api/v1/postbacks?code=click_unknown").at("items");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows.at(0).at("repeats"), 1) << "the row stands for the second and the third";
  const json import{{"clicks", {import_row(lost_click(server))}}};
  answer_of(server.post("/api/v1/clicks/import", import.dump(), "application/json"));
  EXPECT_TRUE(eventually([&] { return row_of(server, rows.at(1).at("id")).at("code") == "converted"; }));
  EXPECT_EQ(row_of(server, rows.at(0).at("id")).at("code"), "click_unknown");
  EXPECT_EQ(conversions_of(server, lost).size(), 1U);
}

TEST(ClickImport, LetsConversionsInFlightMatch) {
  const ClientWorld world;
  const auto& server = world.server;
  const auto token = server.example_catalog();
  const auto early = send(server, "token=" + token + "&click_id=wK29&txid=E1");
  ASSERT_EQ(early.at("code"), "click_id_malformed");
  const auto file = world.write("clicks.csv",
                                "foreign_id,campaign,time,sub1,cost,currency,ip\n"
                                "wK29,summer,2026-01-02T03:04:05.678Z,z9,0.05,USD,203.0.113.7\n"
                                "wK30,summer,1767323045,\"a,b\",,,\n"
                                "wK31,winter,2026-01-02T03:04:05Z,,,,\n");
  const auto imported = world.run({"import", file});
  EXPECT_EQ(imported.status, 1) << "one row is refused";
  EXPECT_NE(imported.out.find("2 clicks imported, 0 known already, 1 refused."), std::string::npos) << imported.out;
  EXPECT_NE(imported.out.find("row 3: campaign"), std::string::npos) << imported.out;
  const auto again = world.run({"import", file});
  EXPECT_NE(again.out.find("0 clicks imported, 2 known already"), std::string::npos) << again.out;

  const auto explained = answer_of(server.post(
      "/api/v1/postbacks/explain", json{{"url", "/postback/acme?token=" + token + "&click_id=wK29&payout=2"}}.dump(),
      "application/json"));
  EXPECT_EQ(explained.at("code"), "converted");
  const auto click = explained.at("click_id").get<std::string>();
  const auto stored = server.get_json("/api/v1/clicks/" + click);
  EXPECT_EQ(stored.at("time"), "2026-01-02T03:04:05.678Z") << "its own time";
  EXPECT_EQ(stored.at("sub1"), "z9");
  EXPECT_EQ(stored.at("offer"), "vpn");
  const auto converted = send(server, "token=" + token + "&click_id=wK29&payout=2&txid=E2");
  EXPECT_EQ(converted.at("code"), "converted");
  EXPECT_EQ(converted.at("conversion_id"), click + "-1");
  EXPECT_EQ(send(server, "token=" + token + "&click_id=wk29&payout=2&txid=E2").at("code"), "click_id_malformed")
      << "another tracker's IDs are compared exactly";
  const auto done = replay(server, {{"filter", {{"code", "click_id_malformed"}}}});
  EXPECT_EQ(done.at("codes"), json({{"converted", 1}})) << done;
}

TEST(ClickImport, IdsThatLookLikeSomethingElseAreFoundToo) {
  TestServer server;
  const auto token = server.example_catalog();
  for (const char* id : {"{550e8400-e29b-41d4-a716-446655440000}", "[x1]", "SUBID", " padded "}) {
    SCOPED_TRACE(id);
    const json clicks{{"clicks", {{{"foreign_id", id}, {"campaign", "summer"}, {"time", "2026-01-02T00:00:00Z"}}}}};
    ASSERT_EQ(answer_of(server.post("/api/v1/clicks/import", clicks.dump(), "application/json")).at("imported"), 1);
    std::string sent = id;
    for (auto space = sent.find(' '); space != std::string::npos; space = sent.find(' ')) sent.replace(space, 1, "%20");
    EXPECT_EQ(send(server, "token=" + token + "&click_id=" + sent).at("code"), "converted");
  }
  EXPECT_EQ(send(server, "token=" + token + "&click_id=[x2]").at("code"), "click_id_unreplaced");
}

TEST(ClickImport, TakesEveryForm) {
  TestServer server;
  server.example_catalog();
  const std::string click = R"({"foreign_id":"N","campaign":"summer","time":"2026-01-02T00:00:00Z"})";
  const auto with = [&](const std::string& id) {
    auto text = click;
    return text.replace(text.find('N'), 1, id);
  };
  struct Row {
    std::string body;
    const char* type;
    int imported;
    int refused;
  };
  const Row rows[] = {
      {R"({"clicks":[)" + with("1") + "," + with("2") + "]}", "application/json", 2, 0},
      {"[" + with("3") + "]", "application/json", 1, 0},
      {with("4") + "\n\n" + with("5") + "\r\n{broken\n", "application/x-ndjson", 2, 1},
      {"foreign_id,campaign,time\n6,summer,2026-01-02T00:00:00Z\n7,summer\n", "text/csv; charset=utf-8", 1, 1},
  };
  for (const auto& row : rows) {
    const auto answer = answer_of(server.post("/api/v1/clicks/import", row.body, row.type));
    EXPECT_EQ(answer.at("imported"), row.imported) << answer;
    EXPECT_EQ(answer.at("refused"), row.refused) << answer;
  }
  EXPECT_EQ(server.post("/api/v1/clicks/import", click, "text/plain").status, 415);
  for (const auto* const body : {"", "{}", "{\"clicks\":1}", "{\"clicks\":[]}"})
    EXPECT_EQ(server.post("/api/v1/clicks/import", body, "application/json").status, 400) << body;
}

TEST(Erasure, ForgetsThePersonNotTheConversion) {
  TestServer server;
  const auto token = server.example_catalog();
  const auto mine = server.click("cid=PERSON-1&zone=z1");
  const auto other = server.click("cid=PERSON-2&zone=z2");
  const auto postback = send(server, "token=" + token + "&click_id=" + mine + "&txid=A1&email=a@b.example");
  const json whom{{"external_id", "PERSON-1"}};
  auto dry = whom;
  dry["dry_run"] = true;
  EXPECT_EQ(answer_of(server.post("/api/v1/erasure", dry.dump(), "application/json")),
            json({{"dry_run", true}, {"clicks", 1}, {"postbacks", 1}, {"deliveries", 0}, {"next", nullptr}}));
  EXPECT_EQ(server.get_json("/api/v1/clicks/" + mine).at("external_id"), "PERSON-1");
  const auto erased = answer_of(server.post("/api/v1/erasure", whom.dump(), "application/json"));
  EXPECT_EQ(erased.at("clicks"), 1);
  const auto click = server.get_json("/api/v1/clicks/" + mine);
  EXPECT_EQ(click.at("external_id"), "");
  EXPECT_EQ(click.at("ip"), "");
  EXPECT_FALSE(click.contains("sub1"));
  EXPECT_EQ(click.at("campaign"), "summer");
  EXPECT_EQ(server.get_json("/api/v1/clicks/" + other).at("external_id"), "PERSON-2");
  const auto row = row_of(server, postback.at("postback_id"));
  EXPECT_EQ(row.at("target"), "/postback/acme");
  EXPECT_EQ(row.at("headers"), "");
  EXPECT_EQ(row.at("code"), "converted");
  EXPECT_EQ(conversions_of(server, mine).size(), 1U);
  EXPECT_EQ(send(server, "token=" + token + "&click_id=" + mine + "&txid=A2").at("code"), "converted");
  const auto audit = server.get_json("/api/v1/audit?action=erasure").at("items");
  ASSERT_EQ(audit.size(), 1U);
  EXPECT_EQ(audit.dump().find("PERSON-1"), std::string::npos) << audit;
  const auto replayed = replay(server, {{"ids", {postback.at("postback_id")}}});
  EXPECT_EQ(replayed.at("refused"), 1) << "what it said is gone";
}

TEST(Erasure, SaysWhatIsWrongWithARequest) {
  TestServer server;
  for (const auto* const body : {"{}", R"({"ip":""})", R"({"ip":"1","click_id":"x"})", R"({"click_id":"x"})",
                                 R"({"ip":"1","cursor":"x"})", R"({"who":"x"})"})
    EXPECT_EQ(server.post("/api/v1/erasure", body, "application/json").status, 400) << body;
}

}  // namespace
}  // namespace postback::testing
