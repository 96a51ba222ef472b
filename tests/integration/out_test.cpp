// A lander's CTA over the wire: by click ID, by cookie and without either, and what it does to conversions.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <string>

namespace postback::testing {
namespace {

using nlohmann::json;

class OutOverHttp : public SharedServer<OutOverHttp> {
 public:
  static void SetUpTestSuite() {
    SharedServer<OutOverHttp>::SetUpTestSuite();
    EXPECT_EQ(server().put("networks", "nova", R"({"name":"Nova","click_param":"s","token":"T0KEN-nova"})").status,
              201);
    EXPECT_EQ(
        server()
            .put("offers", "game",
                 R"({"name":"Game","network":"nova","url":"https://game.example/?s={clickid}&z={sub1}&e={external_id})"
                 R"(&q={query.utm}&zone={query.zone}","payout":"3","currency":"EUR"})")
            .status,
        201);
    EXPECT_EQ(server()
                  .put("campaigns", "lands",
                       R"({"name":"Lands","source":"adnet","fallback_url":"https://fallback.example/",)"
                       R"("paths":[{"offers":[{"offer":"vpn","weight":1000000},{"offer":"game","weight":1}]}]})")
                  .status,
              201);
  }

 protected:
  static RawResponse out(const std::string& path, std::string_view lines = {}, std::string_view method = "GET") {
    const auto answer =
        server().exchange(request_text(method, "/out" + path, lines), method == "HEAD" ? Asked::head : Asked::get);
    expect_well_formed(answer);
    return answer;
  }
  static RawResponse land(std::string_view lines = {}) {
    return server().exchange(request_text("GET", "/c/lands?cid=E%261&zone=z9&utm=a+b", lines));
  }
  static std::string location(const RawResponse& answer) { return answer.header("Location").value_or(""); }
  static std::string cookie_of(const RawResponse& answer) {
    const auto set = answer.header("Set-Cookie").value_or("");
    return set.substr(0, set.find(';'));
  }
  static json ctas(const std::string& id) { return server().get_json("/api/v1/clicks/" + id).at("ctas"); }
};

TEST_F(OutOverHttp, LeadsToTheClicksOfferAndIsRecorded) {
  const auto landed = land();
  const auto id = query_value(location(landed), "sub1");
  EXPECT_EQ(ctas(id), json::array());
  const auto answer = out("/" + id);
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(location(answer), "https://offer.example/lp?aff=42&sub1=" + id + "&src=z9");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  const auto second = out("/" + id + "/2");
  EXPECT_EQ(location(second), "https://game.example/?s=" + id + "&z=z9&e=E%261&q=a%20b&zone=z9");
  EXPECT_EQ(location(out("/" + id + "/7")), location(answer)) << "there is no seventh: as by weight";
  const auto recorded = ctas(id);
  ASSERT_EQ(recorded.size(), 3U);
  EXPECT_EQ(recorded[0].at("number"), 3);
  EXPECT_EQ(recorded[1].at("offer"), "game");
  EXPECT_EQ(recorded[2].at("offer"), "vpn");
}

TEST_F(OutOverHttp, AConversionBelongsToTheLastOffer) {
  const auto id = query_value(location(land()), "sub1");
  out("/" + id + "/2");
  const auto theirs = server().exchange(request_text("GET", "/postback/nova?token=T0KEN-nova&click_id=" + id));
  EXPECT_EQ(theirs.status, 200) << theirs.body;
  const auto conversion = server().get_json("/api/v1/conversions?offer=game&click_id=" + id).at("items").at(0);
  EXPECT_EQ(conversion.at("payout"), "3.00");
  EXPECT_EQ(conversion.at("offer"), "game");
}

TEST_F(OutOverHttp, AConversionBelongsToTheLastOfferOfTheNetworkThatCalls) {
  ASSERT_EQ(server().put("networks", "stranger", R"({"name":"S","click_param":"s","token":"T0KEN-stranger"})").status,
            201);
  const auto id = query_value(location(land()), "sub1");
  out("/" + id + "/1");
  out("/" + id + "/2");
  const auto send = [&](const std::string& target) {
    return json::parse(server().exchange(request_text("GET", target + "&payout=1")).body).at("code");
  };
  EXPECT_EQ(send("/postback/acme?token=" + token() + "&click_id=" + id), "converted") << "though a CTA led on to nova";
  EXPECT_EQ(send("/postback/nova?token=T0KEN-nova&event=lead&click_id=" + id), "converted");
  EXPECT_EQ(send("/postback/stranger?token=T0KEN-stranger&click_id=" + id), "network_mismatch");
  // Where the URL names no network, the token tells it.
  EXPECT_EQ(send("/postback?token=" + token() + "&et=install&cid=" + id), "converted");
  EXPECT_EQ(send("/postback?token=T0KEN-nova&et=trial&cid=" + id), "converted");
  const auto conversions = server().get_json("/api/v1/conversions?click_id=" + id).at("items");
  ASSERT_EQ(conversions.size(), 4U);
  EXPECT_EQ(conversions.at(0).at("offer"), "game");
  EXPECT_EQ(conversions.at(1).at("offer"), "vpn");
  EXPECT_EQ(conversions.at(2).at("offer"), "game");
  EXPECT_EQ(conversions.at(3).at("offer"), "vpn");
}

TEST_F(OutOverHttp, AKnownConversionStaysWithItsOffer) {
  const auto id = query_value(location(land()), "sub1");
  const std::string postback = "/postback/acme?token=" + token() + "&txid=A1&payout=5&click_id=" + id;
  EXPECT_EQ(server().exchange(request_text("GET", postback)).status, 200);
  out("/" + id + "/2");
  const auto reversed = server().exchange(request_text("GET", postback + "&status=rejected"));
  EXPECT_EQ(json::parse(reversed.body).at("code"), "updated") << reversed.body;
  const auto conversion = server().get_json("/api/v1/conversions?click_id=" + id).at("items").at(0);
  EXPECT_EQ(conversion.at("offer"), "vpn");
  EXPECT_EQ(conversion.at("status"), "rejected");
}

TEST_F(OutOverHttp, WithoutAnIdTheCookieTellsTheClick) {
  const auto landed = land();
  const auto id = query_value(location(landed), "sub1");
  const auto cookie = "Cookie: other=1; " + cookie_of(landed) + "\r\n";
  EXPECT_EQ(query_value(location(out("", cookie)), "sub1"), id);
  EXPECT_EQ(query_value(location(out("/2", cookie)), "s"), id);
  EXPECT_EQ(ctas(id).size(), 2U);
  const auto elsewhere = server().exchange(request_text("GET", "/c/summer", cookie));
  const auto both = "Cookie: " + cookie_of(elsewhere) + "\r\n";
  EXPECT_EQ(query_value(location(out("", both)), "sub1"), query_value(location(elsewhere), "sub1")) << "the newest";
  EXPECT_EQ(query_value(location(out("?campaign=lands", both)), "sub1"), id);
  EXPECT_EQ(out("", both + "Sec-GPC: 1\r\n").status, 404);
}

TEST_F(OutOverHttp, AnIdThatIsNotOursGoesToTheFallbackWhenTheCampaignIsKnown) {
  const auto landed = land();
  auto forged = query_value(location(landed), "sub1");
  forged.back() = forged.back() == '0' ? '1' : '0';
  const auto cookie = "Cookie: " + cookie_of(landed) + "\r\n";
  for (const auto& path : {"/" + forged, "/" + forged + "/2", std::string("/hello"), std::string("/%0d%0a"),
                           "/" + forged.substr(1), std::string("/..")}) {
    EXPECT_EQ(out(path).status, 404) << path;
    EXPECT_EQ(location(out(path + "?campaign=lands")), "https://fallback.example/") << path;
    EXPECT_EQ(location(out(path, cookie)), "https://fallback.example/") << path;
  }
  for (const std::string path : {"", "/1", "?campaign=nothing", "?campaign=summer", "/x/y", "/1/2/3", "//"}) {
    EXPECT_EQ(out(path).status, 404) << path;
  }
  EXPECT_EQ(location(out("?campaign=lands")), "https://fallback.example/");
  const auto id = query_value(location(landed), "sub1");
  for (const std::string number : {"0", "-1", "x", "10000", "99999999999999999999"}) {
    EXPECT_EQ(out("/" + id + "/" + number).status, 404) << number;
  }
  EXPECT_EQ(ctas(id), json::array());
}

TEST_F(OutOverHttp, LookingRecordsNothing) {
  const auto id = query_value(location(land()), "sub1");
  const auto head = out("/" + id + "/2", {}, "HEAD");
  EXPECT_EQ(head.status, 302);
  EXPECT_EQ(query_value(location(head), "s"), "");
  EXPECT_EQ(query_value(location(head), "z"), "z9");
  const auto prefetch = out("/" + id, "Sec-Purpose: prefetch\r\n");
  EXPECT_EQ(prefetch.status, 503);
  EXPECT_EQ(prefetch.header("Cache-Control"), "no-store");
  EXPECT_EQ(out("/" + id, {}, "OPTIONS").status, 204);
  EXPECT_EQ(out("/" + id, {}, "POST").status, 405);
  EXPECT_EQ(ctas(id), json::array());
}

TEST_F(OutOverHttp, ThePathMayHaveChangedSince) {
  TestServer own;
  own.example_catalog();
  const auto id = own.click("zone=z1");
  const auto where = [&own](const std::string& path) {
    return own.exchange(request_text("GET", "/out/" + path)).header("Location").value_or("");
  };
  ASSERT_EQ(
      own.put("offers", "new", R"({"name":"New","network":"acme","url":"https://new.example/?sub1={clickid}"})").status,
      201);
  ASSERT_EQ(
      own.put("campaigns", "summer", R"({"name":"Summer","source":"adnet","paths":[{"offers":[{"offer":"new"}]}]})")
          .status,
      200);
  EXPECT_TRUE(where(id).starts_with("https://offer.example/")) << "still the offer that was chosen";
  const auto gone = own.exchange(request_text("DELETE", "/api/v1/offers/vpn", TestServer::kKeyHeader));
  ASSERT_LT(gone.status, 300) << gone.body;
  EXPECT_EQ(where(id), "https://new.example/?sub1=" + id);
  EXPECT_EQ(where(id + "/1"), "https://new.example/?sub1=" + id);
}

TEST_F(OutOverHttp, RedirectsInTheCampaignsMode) {
  ASSERT_EQ(server()
                .put("campaigns", "quiet", R"({"name":"Q","redirect":"meta","paths":[{"offers":[{"offer":"vpn"}]}]})")
                .status,
            201);
  const auto landed = server().exchange(request_text("GET", "/c/quiet"));
  const auto answer = out("", "Cookie: " + cookie_of(landed) + "\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer");
  EXPECT_NE(answer.body.find("url=https://offer.example/lp?aff=42&amp;sub1="), std::string::npos) << answer.body;
}

TEST_F(OutOverHttp, NoRecordedValueActsOnTheRedirect) {
  for (const std::string value :
       {"//evil.com", "https://evil", "\\evil", "@evil", ".evil", "a&aff=1", "a#b", "\r\nSet-Cookie: a=b"}) {
    std::string sent;
    for (const char c : value) {
      char digits[4];
      std::snprintf(digits, sizeof digits, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
      sent += digits;
    }
    const auto id = server().click("zone=" + sent);
    const auto answer = out("/" + id);
    EXPECT_TRUE(location(answer).starts_with("https://offer.example/lp?aff=42&sub1=" + id + "&src=")) << value;
    EXPECT_FALSE(answer.header("Set-Cookie")) << value;
  }
}

}  // namespace
}  // namespace postback::testing
