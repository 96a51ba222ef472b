// Erasure and import over the wire: persons in every form that they are recorded in, and what imported clicks say.
#include "support/fake_clock.hpp"
#include "support/test_server.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <nlohmann/json.hpp>

#include <string>

namespace postback::testing {
namespace {

using nlohmann::json;

json erase(const TestServer& server, const json& whom) {
  const auto answer = server.post("/api/v1/erasure", whom.dump(), "application/json");
  EXPECT_EQ(answer.status, 200) << answer.body;
  return json::parse(answer.body);
}

TestServer::Adjust recording(const char* ip) {
  return [ip](AppOptions& options) { options.visitors.ip = ip; };
}

TEST(ErasureByAddress, FindsItHoweverItIsRecorded) {
  for (const char* recorded : {"whole", "truncated", "hashed"}) {
    SCOPED_TRACE(recorded);
    TestServer server(recording(recorded));
    server.example_catalog();
    const auto click = server.click("cid=E1");
    const auto ip = server.get_json("/api/v1/clicks/" + click).at("ip").get<std::string>();
    EXPECT_EQ(ip == "127.0.0.1", std::string(recorded) == "whole") << ip;
    EXPECT_EQ(erase(server, {{"ip", "127.9.0.1"}, {"dry_run", true}}).at("clicks"), 0);
    EXPECT_EQ(erase(server, {{"ip", "::ffff:127.0.0.1"}}).at("clicks"), 1);
    EXPECT_EQ(server.get_json("/api/v1/clicks/" + click).at("ip"), "");
    EXPECT_EQ(server.get_json("/api/v1/clicks/" + click).at("external_id"), "");
  }
}

TEST(ErasureByClick, FindsRowsThatWereRefusedBeforeItsIdWasRead) {
  TestServer server;
  server.example_catalog();
  const auto click = server.click("cid=E1");
  server.exchange(request_text("GET", "/postback/acme?token=wrong&click_id=" + click));
  EXPECT_EQ(erase(server, {{"click_id", click}}).at("postbacks"), 1);
  const auto row = server.get_json("/api/v1/postbacks").at("items").at(0);
  EXPECT_EQ(row.at("code"), "token_wrong");
  EXPECT_EQ(row.at("target"), "/postback/acme");
}

TEST(Import, UserAgentsAreRead) {
  TestServer server;
  server.example_catalog();
  const json clicks = {{"clicks",
                        {{{"foreign_id", "w1"},
                          {"campaign", "summer"},
                          {"time", "2026-01-02T00:00:00Z"},
                          {"user_agent",
                           "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
                           "Gecko) Version/18.1 Mobile/15E148 Safari/604.1"}},
                         {{"foreign_id", "w2"},
                          {"campaign", "summer"},
                          {"time", "2026-01-02T00:00:00Z"},
                          {"user_agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}},
                         {{"foreign_id", "w3"}, {"campaign", "summer"}, {"time", "2026-01-02T00:00:00Z"}}}}};
  const auto answer = server.post("/api/v1/clicks/import", clicks.dump(), "application/json");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto items = json::parse(answer.body).at("items");
  const auto facts = [&](std::size_t row) {
    const auto click = server.get_json("/api/v1/clicks/" + items.at(row).at("click_id").get<std::string>());
    return click.at("device").get<std::string>() + "|" + click.at("os").get<std::string>() + "|" +
           click.at("browser").get<std::string>() + "|" + click.at("bot").dump();
  };
  EXPECT_EQ(facts(0), "mobile|iOS|Mobile Safari|false");
  EXPECT_EQ(facts(1), "bot|Other|Googlebot|true");
  EXPECT_EQ(facts(2), "|||false");
}

std::string row_of(const TestServer& server, const char* sql) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open_v2(server.store_file().c_str(), &database, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  std::string text;
  const auto take = [](void* to, int columns, char** values, char**) {
    for (int i = 0; i < columns; ++i) static_cast<std::string*>(to)->append(values[i] ? values[i] : "").append("|");
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(database, sql, take, &text, nullptr), SQLITE_OK);
  sqlite3_close(database);
  return text;
}

TEST(Impressions, OfBotsAreCountedApart) {
  const FakeClock clock;  // all of it in one quarter of an hour
  TestServer server({}, &clock);
  server.example_catalog();
  const auto show = [&](const std::string& agent) {
    EXPECT_EQ(server.exchange(request_text("GET", "/i/summer.gif", "User-Agent: " + agent + "\r\n")).status, 200);
  };
  show(
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "
      "Safari/537.36");
  show("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)");
  show("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)");
  const auto source =
      server.put("sources", "adnet",
                 R"({"name":"AdNet","params":{"external_id":"cid","cost":"bid","sub1":"zone"},"token":"new"})");
  const auto bearer = "Authorization: Bearer " + json::parse(source.body).at("token").get<std::string>() + "\r\n";
  const auto report = [&](const std::string& query) {
    EXPECT_EQ(server.exchange(request_text("POST", "/s2s/impression/summer" + query, bearer)).status, 200);
  };
  report("");
  report("?user_agent=Googlebot/2.1");
  EXPECT_EQ(row_of(server, "SELECT impressions, bots FROM impression"), "2|3|");
}

}  // namespace
}  // namespace postback::testing
