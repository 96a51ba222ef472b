// Flows over the wire: rules, landers, redirect modes and caps, from the campaign to the record.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postback::testing {
namespace {

class FlowOverHttp : public SharedServer<FlowOverHttp> {
 protected:
  static void put(const std::string& collection, const std::string& id, const std::string& json) {
    const auto answer = server().put(collection, id, json);
    ASSERT_TRUE(answer.status == 200 || answer.status == 201) << answer.body;
  }
  static RawResponse visit(const std::string& target, std::string_view lines = {}) {
    auto answer = server().exchange(request_text("GET", target, lines));
    expect_well_formed(answer);
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    return answer;
  }
  static nlohmann::json click(const std::string& id) { return server().get_json("/api/v1/clicks/" + id); }
  static std::string location(const RawResponse& answer) { return answer.header("Location").value_or(""); }
};

TEST_F(FlowOverHttp, RulesSendVisitorsTheirWay) {
  put("landers", "long", R"({"name":"Long","url":"https://lander.example/long?c={country}&l={lander}&o={offer}"})");
  put("offers", "dating", R"({"name":"D","network":"acme","url":"https://dating.example/?s={clickid}"})");
  put("campaigns", "flow",
      R"({"name":"F","source":"adnet","rules":[)"
      R"({"name":"app","when":{"all":[{"field":"header.X-App","op":"is","value":"news"},)"
      R"({"field":"query.zone","op":"in","value":["z1","z2"]}]},"paths":[{"offers":[{"offer":"dating"}]}]},)"
      R"({"name":"czech","when":{"field":"language","op":"contains","value":"cs"},)"
      R"("paths":[{"landers":[{"lander":"long"}],"offers":[{"offer":"vpn"}]}]}],)"
      R"("paths":[{"offers":[{"offer":"vpn"}]}]})");

  const auto first = location(visit("/c/flow?zone=z2&free=1", "X-App: News\r\nAccept-Language: cs\r\n"));
  ASSERT_TRUE(first.starts_with("https://dating.example/?s=")) << first;
  const auto ruled = click(query_value(first, "s"));
  EXPECT_EQ(ruled.at("rule"), 1);
  EXPECT_EQ(ruled.at("lander"), "");
  EXPECT_EQ(ruled.at("route").at("recomputed"), true);

  const auto second = location(visit("/c/flow?zone=z2", "Accept-Language: cs-CZ,cs;q=0.9\r\n"));
  ASSERT_TRUE(second.starts_with("https://lander.example/long?c=&l=long&o=vpn&clickid=")) << second;
  const auto landed = click(query_value(second, "clickid"));
  EXPECT_EQ(landed.at("rule"), 2);
  EXPECT_EQ(landed.at("lander"), "long");
  EXPECT_EQ(landed.at("offer"), "vpn");
  const auto& rules = landed.at("route").at("rules");
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0].at("why"), R"(does not hold: header.X-App is "news": there was none)");
  EXPECT_EQ(rules[1].at("matched"), true);
  EXPECT_EQ(landed.at("route").at("lander").at("id"), "long");

  const auto third = location(visit("/c/flow"));
  EXPECT_TRUE(third.starts_with("https://offer.example/lp")) << third;

  // The campaign changes; the old click is still explained by the rules of its time.
  put("campaigns", "flow", R"({"name":"F","source":"adnet","paths":[{"offers":[{"offer":"dating"}]}]})");
  const auto later = click(query_value(second, "clickid"));
  EXPECT_EQ(later.at("route").at("recomputed"), true) << later.dump(1);
  EXPECT_EQ(later.at("route").at("rules").size(), 2U);
}

TEST(FlowAccount, TellsTheRecordWhereFactsAreKeptInPart) {
  TestServer server([](AppOptions& options) { options.visitors.ip = "truncated"; });
  server.example_catalog();
  ASSERT_EQ(server
                .put("campaigns", "near",
                     R"({"name":"N","source":"adnet","rules":[{"name":"me","when":{"all":[)"
                     R"({"field":"ip","op":"is","value":"127.0.0.1"},{"field":"query.bid","op":"is","value":"0.5"}]},)"
                     R"("paths":[{"offers":[{"offer":"vpn"}]}]}],"paths":[{"offers":[{"offer":"vpn"}]}]})")
                .status,
            201);
  const auto where = server.exchange(request_text("GET", "/c/near?bid=0.5")).header("Location").value_or("");
  const auto route = server.get_json("/api/v1/clicks/" + query_value(where, "sub1")).at("route");
  EXPECT_EQ(route.at("recomputed"), false);
  const auto summary = route.at("summary").get<std::string>();
  EXPECT_NE(summary.find("only a part is kept: Rule 1 \"me\" matched; path 1 was chosen"), std::string::npos)
      << summary;
  EXPECT_EQ(route.at("offer").at("id"), "vpn");
}

TEST_F(FlowOverHttp, RedirectsAsTheCampaignSays) {
  for (const auto& [mode, status] : {std::pair{"302", 302}, std::pair{"303", 303}, std::pair{"307", 307}}) {
    put("campaigns", "mode",
        std::string(R"({"name":"M","redirect":")") + mode + R"(","paths":[{"offers":[{"offer":"vpn"}]}]})");
    const auto answer = visit("/c/mode");
    EXPECT_EQ(answer.status, status);
    EXPECT_TRUE(location(answer).starts_with("https://offer.example/lp")) << answer.head;
    EXPECT_EQ(answer.body, "");
  }
}

TEST_F(FlowOverHttp, MetaRefreshHidesWhereTheVisitorCameFrom) {
  put("offers", "quotes",
      R"({"name":"Q","network":"acme","url":"https://q.example/?s={clickid}&q='\"<>&z={query.z}"})");
  put("campaigns", "meta", R"({"name":"M","redirect":"meta","paths":[{"offers":[{"offer":"quotes"}]}]})");
  const auto answer = visit("/c/meta?z=%22%3E%3Cscript%3E");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(answer.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(answer.count("Location"), 0U);
  EXPECT_EQ(answer.body.find("<script"), std::string::npos);
  EXPECT_NE(answer.body.find("&amp;q=&#39;&quot;&lt;&gt;&amp;z=%22%3E%3Cscript%3E\""), std::string::npos)
      << answer.body;
  EXPECT_NE(answer.body.find("http-equiv=\"refresh\" content=\"0;url=https://q.example/?s="), std::string::npos);
  const auto head = server().exchange(request_text("HEAD", "/c/meta"));
  EXPECT_EQ(head.status, 302);
}

TEST_F(FlowOverHttp, AFullOfferGivesWayToItsFallback) {
  put("offers", "spare", R"({"name":"S","network":"acme","url":"https://spare.example/?s={clickid}"})");
  put("offers", "scarce",
      R"({"name":"C","network":"acme","url":"https://scarce.example/?s={clickid}","fallback":"spare",)"
      R"("caps":{"day":1}})");
  put("campaigns", "capped", R"({"name":"C","paths":[{"offers":[{"offer":"scarce"}]}]})");
  const auto first = location(visit("/c/capped"));
  const auto second = location(visit("/c/capped"));
  ASSERT_TRUE(second.starts_with("https://scarce.example/")) << second;
  const auto convert = [&](const std::string& url) {
    return server().exchange(
        request_text("GET", "/postback/acme?token=" + token() + "&payout=1&click_id=" + query_value(url, "s")));
  };
  EXPECT_EQ(convert(first).status, 200);
  const auto third = location(visit("/c/capped"));
  EXPECT_TRUE(third.starts_with("https://spare.example/")) << third;
  const auto routed = click(query_value(third, "s"));
  EXPECT_EQ(routed.at("offer"), "spare");
  EXPECT_NE(routed.at("route").at("summary").get<std::string>().find("went to its fallback \"spare\""),
            std::string::npos);
  const auto over = convert(second);
  EXPECT_EQ(over.status, 200);
  EXPECT_NE(over.body.find("\"converted\""), std::string::npos) << over.body;
  EXPECT_NE(over.body.find("cap `day`"), std::string::npos) << over.body;
}

}  // namespace
}  // namespace postback::testing
