// A lander's CTA whose click has no row: it waits in memory while the store refuses, or it was lost.
#include "support/eventually.hpp"
#include "support/lost_click.hpp"
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace postback::testing {
namespace {

using nlohmann::json;

class OutWithoutRow : public ::testing::Test {
 protected:
  void SetUp() override {
    server_.example_catalog();
    put("landers", "page", R"({"name":"Page","url":"https://lander.example/?id={clickid}"})");
    put("offers", "game", R"({"name":"Game","network":"acme","url":"https://game.example/?s={clickid}&z={sub1}"})");
    put("campaigns", "lo",
        R"({"name":"LO","source":"adnet","rules":[{"name":"vip","when":{"field":"query.zone","op":"is","value":"vip"},)"
        R"("paths":[{"landers":[{"lander":"page"}],"offers":[{"offer":"game"}]}]}],)"
        R"("paths":[{"landers":[{"lander":"page"}],"offers":[{"offer":"vpn"}]}]})");
  }
  void put(const std::string& collection, const std::string& id, const std::string& document) {
    const auto answer = server_.put(collection, id, document);
    ASSERT_EQ(answer.status, 201) << answer.body;
  }
  RawResponse get(const std::string& target, std::string_view lines = {}) const {
    auto answer = server_.exchange(request_text("GET", target, lines));
    expect_well_formed(answer);
    return answer;
  }
  static std::string location(const RawResponse& answer) { return answer.header("Location").value_or(""); }
  static std::string cookie_of(const RawResponse& answer) {
    const auto set = answer.header("Set-Cookie").value_or("");
    return "Cookie: " + set.substr(0, set.find(';')) + "\r\n";
  }
  bool ready() const { return get("/readyz").status == 200; }
  json ctas(const std::string& id) const { return server_.get_json("/api/v1/clicks/" + id).at("ctas"); }

  bool looks_up_ = true;  ///< From the next start on.
  TestServer server_{[this](AppOptions& options) { options.lookup_queue = looks_up_ ? options.lookup_queue : 0; }};
};

TEST_F(OutWithoutRow, AClickThatWaitsInMemoryIsFollowedByItsOwnRoute) {
  std::optional<OtherConnection> locker(std::in_place, server_.store_file());
  locker->execute("BEGIN IMMEDIATE");
  const auto landed = get("/c/lo?zone=vip");
  const auto id = query_value(location(landed), "id");
  const auto cookie = cookie_of(landed);
  const auto rightly = "https://game.example/?s=" + id + "&z=vip";
  EXPECT_EQ(location(get("/out/" + id)), rightly) << "without a cookie";
  EXPECT_EQ(location(get("/out/" + id, cookie + "Sec-GPC: 1\r\n")), rightly) << "nothing of the cookie is read";
  EXPECT_EQ(location(get("/out/" + id, cookie)), rightly);
  EXPECT_EQ(location(get("/out", cookie)), rightly);
  EXPECT_EQ(location(get("/out/" + id + "/1?campaign=summer")), rightly);
  EXPECT_FALSE(ready());
  locker.reset();
  ASSERT_TRUE(eventually([&] { return ready(); }));
  const auto recorded = ctas(id);
  ASSERT_EQ(recorded.size(), 5U);
  for (const auto& cta : recorded) EXPECT_EQ(cta.at("offer"), "game");
  EXPECT_EQ(location(get("/out/" + id)), rightly) << "by its row";
}

TEST_F(OutWithoutRow, OneThatCannotBeLookedUpJustNowHasItsCtaRecorded) {
  const auto landed = get("/c/lo?zone=z9");
  const auto id = query_value(location(landed), "id");
  looks_up_ = false;
  server_.restart();
  EXPECT_TRUE(location(get("/out/" + id, cookie_of(landed))).starts_with("https://offer.example/"));
  const auto recorded = ctas(id);
  ASSERT_EQ(recorded.size(), 1U);
  EXPECT_EQ(recorded.at(0).at("offer"), "vpn");
}

TEST_F(OutWithoutRow, ALostClickLeadsByTheCampaignThatIsNamedAndIsNotGuessedInTheRecord) {
  const auto lost = to_string(lost_click(server_));
  EXPECT_EQ(get("/out/" + lost).status, 404);
  const auto cookie = cookie_of(get("/c/lo?zone=vip"));
  const auto by_choice = "https://offer.example/lp?aff=42&sub1=" + lost + "&src=";
  EXPECT_EQ(location(get("/out/" + lost + "?campaign=lo")), by_choice);
  EXPECT_EQ(location(get("/out/" + lost + "/1", cookie)), by_choice);
  EXPECT_EQ(server_.app().recorder_figures().ctas_committed, 0U);
  const auto page = server_.exchange(request_text("GET", "/metrics", TestServer::kKeyHeader)).body;
  EXPECT_NE(page.find("\npostbackd_ctas_unknown_total 3\n"), std::string::npos) << page;
  const json import{{"clicks", {import_row(lost_click(server_))}}};
  ASSERT_EQ(server_.post("/api/v1/clicks/import", import.dump(), "application/json").status, 200);
  EXPECT_EQ(ctas(lost), json::array());
}

}  // namespace
}  // namespace postback::testing
