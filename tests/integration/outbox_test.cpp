// What visitors, servers and networks do is told to destinations, over the wire: the outbox of the server's store.
//
// Whether it was planned already does not matter here: an occurrence leads to one delivery, and both tell of the same.
#include "support/other_connection.hpp"
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

constexpr const char* kJson = "Content-Type: application/json\r\n";

/// A paused destination: what it is told is written down and waits.
void put_destination(const TestServer& server, const std::string& id, const std::string& trigger) {
  const auto put = server.put("destinations", id,
                              R"({"name":"CRM","state":"paused","trigger":")" + trigger +
                                  R"(","when":{},"method":"GET","url":"https://crm.example/in"})");
  ASSERT_EQ(put.status, 201) << put.body;
}

struct Told {
  std::string trigger;
  std::string detail;
};

/// What was told since the server began, in order.
std::vector<Told> told(const TestServer& server) {
  std::vector<Told> found;
  for (const auto& row : OtherConnection(server.store_file())
                             .rows("SELECT kind, detail, id FROM occurrence UNION ALL "
                                   "SELECT trigger, detail, id FROM delivery ORDER BY 3")) {
    found.push_back({std::string(to_string(static_cast<Trigger>(std::stoi(row[0])))), row[1]});
  }
  return found;
}

/// The triggers, sorted.
std::string triggers(const TestServer& server) {
  std::vector<std::string> names;
  for (const auto& each : told(server)) names.push_back(each.trigger);
  std::ranges::sort(names);
  std::string text;
  for (const auto& name : names) text += name + " ";
  return text;
}

/// A visit in every way there is.
void visit(const TestServer& server, const std::string& source_token) {
  const auto click = server.click("cid=E1&zone=z1");
  EXPECT_EQ(server.exchange(request_text("GET", "/out/" + click)).status, 302);
  EXPECT_EQ(
      server.exchange(request_text("GET", "/i/summer.gif?cid=E9&zone=z%209&bid=0.01", "User-Agent: UA/9\r\n")).status,
      200);
  const auto bearer = "Authorization: Bearer " + source_token + "\r\n";
  EXPECT_EQ(server.exchange(request_text("POST", "/s2s/click/summer", bearer + kJson, R"({"cid":"E2"})")).status, 200);
  EXPECT_EQ(server
                .exchange(request_text("POST", "/s2s/impression/summer", bearer + kJson,
                                       R"({"cid":"E3","ip":"203.0.113.9","other":"x"})"))
                .status,
            200);
  // What records nothing is not told either.
  EXPECT_EQ(server.exchange(request_text("HEAD", "/c/summer"), Asked::head).status, 302);
  EXPECT_EQ(server.exchange(request_text("HEAD", "/out/" + click), Asked::head).status, 302);
  EXPECT_EQ(server.exchange(request_text("HEAD", "/i/summer.gif"), Asked::head).status, 200);
}

std::string source_token(const TestServer& server) {
  const auto put =
      server.put("sources", "adnet",
                 R"({"name":"AdNet","params":{"external_id":"cid","cost":"bid","sub1":"zone"},"token":"new"})");
  EXPECT_EQ(put.status, 200) << put.body;
  return json::parse(put.body).at("token");
}

TEST(Outbox, VisitsAreToldWhereADestinationListens) {
  TestServer server;
  server.example_catalog();
  const auto token = source_token(server);
  visit(server, token);
  EXPECT_EQ(triggers(server), "") << "without a destination nothing is written";
  put_destination(server, "clicks", "click");
  visit(server, token);
  EXPECT_EQ(triggers(server), "click click ");
  put_destination(server, "ctas", "cta");
  put_destination(server, "impressions", "impression");
  visit(server, token);
  EXPECT_EQ(triggers(server), "click click click click cta impression impression ");
}

TEST(Outbox, AnImpressionSaysWhoSawIt) {
  TestServer server;
  server.example_catalog();
  const auto token = source_token(server);
  put_destination(server, "impressions", "impression");
  visit(server, token);
  const auto found = told(server);
  ASSERT_EQ(found.size(), 2U);
  const auto pixel = json::parse(found[0].detail);
  EXPECT_EQ(pixel.at("external_id"), "E9");
  EXPECT_EQ(pixel.at("sub1"), "z 9");
  EXPECT_EQ(pixel.at("cost"), "0.01");
  EXPECT_EQ(pixel.at("user_agent"), "UA/9");
  EXPECT_EQ(pixel.at("ip"), "127.0.0.1");
  const auto reported = json::parse(found[1].detail);
  EXPECT_EQ(reported.at("external_id"), "E3");
  EXPECT_EQ(reported.at("ip"), "203.0.113.9");
  EXPECT_EQ(reported.at("extra"), "other=x");
  EXPECT_EQ(reported.dump().find(token), std::string::npos);
}

TEST(Outbox, AConversionIsToldAndARepeatIsNot) {
  TestServer server;
  const auto token = server.example_catalog();
  put_destination(server, "crm", "conversion");
  put_destination(server, "changes", "status_change");
  const auto postback = "/postback/acme?token=" + token + "&click_id=" + server.click() + "&payout=3&txid=A1";
  for (const char* more : {"", "", "&test=1", "&status=refund", "&status=refund"})
    EXPECT_EQ(server.exchange(request_text("GET", postback + more)).status, 200);
  EXPECT_EQ(triggers(server), "conversion status_change ");
}

TEST(Outbox, AReplayTellsNobodyUnlessAsked) {
  TestServer server;
  const auto token = server.example_catalog();
  put_destination(server, "crm", "conversion");
  std::vector<std::string> ids;
  for (int i = 0; i < 2; ++i) {
    const auto refused = server.exchange(
        request_text("GET", "/postback/acme?token=" + token + "&cid=" + server.click() + "&payout=3&txid=A1"));
    EXPECT_EQ(refused.status, 400);
    ids.push_back(json::parse(refused.body).at("postback_id"));
  }
  EXPECT_EQ(server
                .put("networks", "acme",
                     R"({"name":"Acme","click_param":"sub1","currency":"USD","params":{"click_id":"cid"},"token":")" +
                         token + "\"}")
                .status,
            200);
  const auto replay = [&](const json& wish) {
    const auto answer = server.post("/api/v1/postbacks/replay", wish.dump(), "application/json");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::parse(answer.body).at("changed");
  };
  EXPECT_EQ(replay({{"ids", {ids[1]}}, {"fire", true}, {"dry_run", true}}), 1);
  EXPECT_EQ(replay({{"ids", {ids[0]}}}), 1);
  EXPECT_EQ(triggers(server), "");
  EXPECT_EQ(replay({{"ids", ids}, {"fire", true}}), 1);
  EXPECT_EQ(triggers(server), "conversion ");
  EXPECT_EQ(server.post("/api/v1/postbacks/replay", R"({"ids":["1"],"fire":"yes"})", "application/json").status, 400);
  const auto audit = server.get_json("/api/v1/audit?action=postbacks.replay").at("items");
  ASSERT_EQ(audit.size(), 2U);
  EXPECT_NE(audit[0].at("detail").get<std::string>().find("fired"), std::string::npos);
}

}  // namespace
}  // namespace postback::testing
