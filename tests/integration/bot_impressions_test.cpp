// Impressions that bots saw, over the wire.
#include "support/fake_clock.hpp"
#include "support/other_connection.hpp"
#include "support/test_server.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace postback::testing {
namespace {

using nlohmann::json;

std::string row_of(const TestServer& server, const char* sql) {
  std::string text;
  for (const auto& row : OtherConnection(server.store_file()).rows(sql)) {
    for (const auto& column : row) text += column + "|";
  }
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
