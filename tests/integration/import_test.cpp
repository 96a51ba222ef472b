// Import over the wire: what imported clicks say of their visitors.
#include "support/lost_click.hpp"
#include "support/test_server.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace postback::testing {
namespace {

using nlohmann::json;

/// What an imported row's click has as its address.
std::string address_of(const TestServer& server, const json& row) {
  return server.get_json("/api/v1/clicks/" + row.at("click_id").get<std::string>()).at("ip").get<std::string>();
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

TEST(Import, AddressesAreKeptAsThoseOfVisitorsAre) {
  const json clicks = {
      {"clicks",
       {{{"foreign_id", "w1"}, {"campaign", "summer"}, {"time", "2026-01-02T00:00:00Z"}, {"ip", "203.0.113.77"}},
        {{"foreign_id", "w2"}, {"campaign", "summer"}, {"time", "2026-01-02T00:00:00Z"}, {"ip", "not an address"}}}}};
  for (const auto& [kept, shown] : {std::pair{"whole", "203.0.113.77|not an address"}, {"truncated", "203.0.113.0|"}}) {
    TestServer server([kept = std::string(kept)](AppOptions& options) { options.visitors.ip = kept; });
    server.example_catalog();
    const auto answer = server.post("/api/v1/clicks/import", clicks.dump(), "application/json");
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto items = json::parse(answer.body).at("items");
    EXPECT_EQ(address_of(server, items.at(0)) + "|" + address_of(server, items.at(1)), shown);
  }
}

TEST(Import, AHashedAddressOfAnOwnClickIsNotHashedAgain) {
  TestServer server([](AppOptions& options) { options.visitors.ip = "hashed"; });
  server.example_catalog();
  const std::string hash = "00112233445566778899aabbccddeeff";
  auto own = import_row(lost_click(server));
  own["ip"] = hash;
  const json foreign{{"foreign_id", "w1"}, {"campaign", "summer"}, {"time", "2026-01-02T00:00:00Z"}, {"ip", hash}};
  const json clicks{{"clicks", {own, foreign}}};
  const auto answer = server.post("/api/v1/clicks/import", clicks.dump(), "application/json");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto items = json::parse(answer.body).at("items");
  EXPECT_EQ(address_of(server, items.at(0)), hash) << "as its export had it";
  EXPECT_EQ(address_of(server, items.at(1)), "") << "no address, in what another tracker exported";
}

}  // namespace
}  // namespace postback::testing
