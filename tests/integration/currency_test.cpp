// A currency that the catalog declares, over the wire: from its declaration to its end.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <string>

namespace postback::testing {
namespace {

using nlohmann::json;

constexpr const char* kSource = R"({"name":"AdNet","params":{"external_id":"cid","cost":"bid","sub1":"zone"}})";

std::string spend_in(const std::string& currency) {
  return R"({"campaign":"summer","from":"2026-01-01T00:00:00Z","to":"2026-02-01T00:00:00Z","amount":"5","currency":")" +
         currency + "\"}";
}

TEST(Currencies, AreDeclaredUsedAndArchived) {
  TestServer server;
  const auto token = server.example_catalog();
  const auto postback = [&](const std::string& click, const std::string& more) {
    return json::parse(
        server.exchange(request_text("GET", "/postback/acme?token=" + token + "&click_id=" + click + more)).body);
  };
  const auto click = server.click("cid=E1&bid=0.5+USDT");
  EXPECT_EQ(server.get_json("/api/v1/clicks/" + click).at("cost"), "0.05") << "the campaign's cost";
  EXPECT_EQ(postback(click, "&payout=3&currency=USDT").at("code"), "currency_unknown");
  EXPECT_EQ(server.post("/api/v1/spend", spend_in("USDT"), "application/json").status, 400);

  const auto declared = server.put("currencies", "usdt", R"({"name":"Tether USD"})");
  ASSERT_EQ(declared.status, 201) << declared.body;
  EXPECT_EQ(server.put("currencies", "usd", R"({"name":"Dollar"})").status, 400);
  const auto paid = server.click("cid=E2&bid=0.5+USDT");
  const auto seen = server.get_json("/api/v1/clicks/" + paid);
  EXPECT_EQ(seen.at("cost"), "0.50");
  EXPECT_EQ(seen.at("cost_currency"), "USDT");
  const auto converted = postback(paid, "&payout=3&currency=usdt");
  EXPECT_EQ(converted.at("code"), "converted");
  EXPECT_EQ(server.get_json("/api/v1/conversions?currency=USDT").at("items").at(0).at("payout"), "3.00");
  EXPECT_EQ(server.post("/api/v1/spend", spend_in("USDT"), "application/json").status, 201);
  const auto by_hand =
      server.post("/api/v1/conversions", R"({"click_id":")" + paid + R"(","payout":"2","currency":"USDT","txid":"H"})",
                  "application/json");
  EXPECT_EQ(json::parse(by_hand.body).at("items").at(0).at("code"), "converted");
  const auto imported =
      server.post("/api/v1/clicks/import",
                  R"({"clicks":[{"foreign_id":"w1","campaign":"summer","time":"2026-01-02T00:00:00Z",)"
                  R"("cost":"1","currency":"USDT"}]})",
                  "application/json");
  EXPECT_EQ(json::parse(imported.body).at("imported"), 1);

  const auto exported = server.get_json("/api/v1/catalog");
  EXPECT_EQ(exported.at("currencies"), json::array({{{"id", "usdt"}, {"name", "Tether USD"}}}));
  ASSERT_EQ(server.put("sources", "adnet", kSource).status, 200);
  const auto drop = [&] {
    return server.exchange(request_text("DELETE", "/api/v1/currencies/usdt", TestServer::kKeyHeader));
  };
  auto source = json::parse(kSource);
  source["cost"] = {{"model", "cpm"}, {"amount", "1"}, {"currency", "USDT"}};
  ASSERT_EQ(server.put("sources", "adnet", source.dump()).status, 200);
  EXPECT_EQ(drop().status, 409) << "the source names it";
  ASSERT_EQ(server.put("sources", "adnet", kSource).status, 200);
  ASSERT_EQ(drop().status, 200);
  EXPECT_EQ(server.put("sources", "adnet", source.dump()).status, 400) << "nothing new may name it";
  EXPECT_EQ(server.post("/api/v1/spend", spend_in("USDT"), "application/json").status, 400);
  EXPECT_EQ(server.get_json("/api/v1/currencies?archived=all").at("items").at(0).at("archived"), true);
  EXPECT_EQ(server.get_json("/api/v1/conversions?currency=USDT").at("items").size(), 2U) << "what is there stays";
  const auto late = postback(click, "&payout=3&currency=USDT&txid=late");
  EXPECT_EQ(late.at("code"), "converted") << "the network pays, whether it is in use or not";
  EXPECT_NE(late.at("warnings").dump().find("archived"), std::string::npos);
}

TEST(Currencies, ACostIsNeverWithoutOne) {
  TestServer server;
  server.example_catalog();
  const std::string network = R"({"name":"Acme","click_param":"sub1","currency":)";
  const std::string offer =
      R"({"name":"VPN","network":"acme","url":"https://offer.example/?sub1={clickid}","currency":)";
  const auto put = [&](const char* collection, const char* id, const std::string& body) {
    const auto answer = server.put(collection, id, body);
    ASSERT_EQ(answer.status, 200) << answer.body;
  };
  const auto cost_of = [&](const std::string& query) {
    const auto click = server.get_json("/api/v1/clicks/" + server.click(query));
    return json{click.at("cost"), click.at("cost_currency"), click.at("extra")};
  };
  put("campaigns", "summer",
      R"({"name":"Summer","source":"adnet","paths":[{"weight":1,"offers":[{"offer":"vpn","weight":1}]}]})");
  put("offers", "vpn", offer + R"("EUR"})");
  EXPECT_EQ(cost_of("bid=0.5&x=1"), (json{"0.50", "EUR", "bid=0.5&x=1"})) << "the offer's";
  EXPECT_EQ(cost_of("bid=0.5+USD"), (json{"0.50", "USD", "bid=0.5%20USD"})) << "its own";
  put("offers", "vpn", offer + "null}");
  EXPECT_EQ(cost_of("bid=0.5"), (json{"0.50", "USD", "bid=0.5"})) << "the network's";
  put("networks", "acme", network + "null}");
  EXPECT_EQ(cost_of("bid=0.5&x=1"), (json{nullptr, "", "bid=0.5&x=1"})) << "a number that is no money";
  EXPECT_EQ(cost_of("bid=0.5+USD"), (json{"0.50", "USD", "bid=0.5%20USD"}));
}

}  // namespace
}  // namespace postback::testing
