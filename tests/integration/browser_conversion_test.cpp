// Conversions that browsers report, over the wire: only where the offer takes them, and never an open redirect.
#include "support/eventually.hpp"
#include "support/other_connection.hpp"
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

class BrowserConversions : public SharedServer<BrowserConversions> {
 public:
  static void SetUpTestSuite() {
    SharedServer<BrowserConversions>::SetUpTestSuite();
    const std::string offer =
        R"({"name":"Shop","network":"acme","url":"https://shop.example/?sub1={clickid}","payout":"4","currency":"USD",)"
        R"("hosts":["shop.example",".wide.example"],"browser_conversions":)";
    EXPECT_EQ(server().put("offers", "shop", offer + "{}}").status, 201);
    EXPECT_EQ(server().put("offers", "sure", offer + R"({"status":"approved"}})").status, 201);
    for (const std::string id : {"shop", "sure"}) {
      EXPECT_EQ(
          server().put("campaigns", id, R"({"name":"C","paths":[{"offers":[{"offer":")" + id + R"("}]}]})").status,
          201);
    }
  }

 protected:
  static RawResponse ask(const std::string& target, std::string_view lines = {}, std::string_view method = "GET") {
    const auto answer =
        server().exchange(request_text(method, target, lines), method == "HEAD" ? Asked::head : Asked::get);
    expect_well_formed(answer);
    return answer;
  }
  struct Clicked {
    std::string id;
    std::string cookie;
  };
  static Clicked click(const std::string& campaign) {
    const auto answer = server().exchange(request_text("GET", "/c/" + campaign));
    const auto set = answer.header("Set-Cookie").value_or("");
    return {query_value(answer.header("Location").value_or(""), "sub1"),
            "Cookie: " + set.substr(0, set.find(';')) + "\r\n"};
  }
  static json conversions(const std::string& id) {
    return server().get_json("/api/v1/conversions?click_id=" + id).at("items");
  }
  static json newest_postback() { return server().get_json("/api/v1/postbacks?limit=1").at("items").at(0); }
};

TEST_F(BrowserConversions, CountAsPendingForTheClicksNetwork) {
  const auto [id, cookie] = click("shop");
  const auto answer = ask("/pixel.gif?click_id=" + id + "&txid=B1&event=sale&status=approved&amount=30");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "image/gif");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(answer.body.size(), 43U);
  const auto found = conversions(id);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].at("status"), "pending") << "nobody believes a browser that";
  EXPECT_EQ(found[0].at("payout"), "4.00");
  EXPECT_EQ(found[0].at("event"), "sale");
  EXPECT_EQ(found[0].at("network"), "acme");
  EXPECT_EQ(newest_postback().at("auth"), "browser");
  const auto sure = server().exchange(
      request_text("GET", "/postback/acme?token=" + token() + "&click_id=" + id + "&txid=B1&event=sale&payout=4"));
  EXPECT_EQ(json::parse(sure.body).at("code"), "updated") << sure.body;
  EXPECT_EQ(conversions(id)[0].at("status"), "approved");
}

TEST_F(BrowserConversions, TheCookieTellsTheClick) {
  const auto [id, cookie] = click("sure");
  const auto answer = ask("/pixel.js?txid=B2", cookie);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "text/javascript; charset=utf-8");
  ASSERT_EQ(conversions(id).size(), 1U);
  EXPECT_EQ(conversions(id)[0].at("status"), "approved") << "as this offer says";
  ask("/pixel.gif?txid=B3", cookie + "Sec-GPC: 1\r\n");
  EXPECT_EQ(conversions(id).size(), 1U);
  EXPECT_EQ(newest_postback().at("code"), "click_id_missing");
}

TEST_F(BrowserConversions, APixelThatNamesItsCampaignCountsForThatCampaignsClick) {
  const auto first = click("shop");
  const auto landed = server().exchange(request_text("GET", "/c/sure", first.cookie));
  const auto newest = query_value(landed.header("Location").value_or(""), "sub1");
  const auto set = landed.header("Set-Cookie").value_or("");
  const auto both = "Cookie: " + set.substr(0, set.find(';')) + "\r\n";
  ask("/pixel.gif?txid=N1&campaign=shop", both);
  ask("/pixel.js?campaign=shop&txid=N2", both);
  const auto led = ask("/convert?campaign=shop&txid=N3&to=https%3A%2F%2Fshop.example%2F", both);
  EXPECT_EQ(led.status, 302);
  EXPECT_EQ(conversions(first.id).size(), 3U);
  EXPECT_EQ(conversions(newest).size(), 0U);
  ask("/pixel.gif?txid=N4", both);
  EXPECT_EQ(conversions(newest).size(), 1U) << "that of none is the newest's";
  for (const std::string campaign : {"summer", "nothing"}) {
    ask("/pixel.gif?txid=N5&campaign=" + campaign, both);
    EXPECT_EQ(newest_postback().at("code"), "click_id_missing") << campaign;
  }
  ask("/pixel.gif?txid=N5&campaign=", both);
  EXPECT_EQ(conversions(newest).size(), 2U) << "an empty one names none";
  ask("/pixel.gif?txid=N6&campaign=sure&click_id=" + first.id, both);
  EXPECT_EQ(conversions(first.id).size(), 4U) << "an ID beats the cookie";
  EXPECT_EQ(conversions(newest).size(), 2U);
}

TEST_F(BrowserConversions, AreOffUnlessTheOfferTakesThem) {
  const auto id = server().click();
  EXPECT_EQ(ask("/pixel.gif?click_id=" + id).status, 200) << "a page shows no broken picture";
  EXPECT_EQ(conversions(id).size(), 0U);
  const auto refused = newest_postback();
  EXPECT_EQ(refused.at("code"), "token_missing");
  EXPECT_EQ(refused.at("auth"), "none");
  EXPECT_NE(refused.at("fix").get<std::string>().find("browser_conversions"), std::string::npos);
  EXPECT_EQ(ask("/pixel.gif?click_id=" + id + "&token=" + token()).status, 200);
  EXPECT_EQ(conversions(id).size(), 0U) << "a token in a page opens nothing";
}

TEST_F(BrowserConversions, AReplayDoesNotBelieveThemTheirStatus) {
  const auto id = server().click();
  ask("/pixel.gif?click_id=" + id + "&txid=R1&status=approved");
  const std::string refused = newest_postback().at("id");
  const auto replay =
      server().post("/api/v1/postbacks/replay", R"({"ids":[")" + refused + R"("]})", "application/json");
  EXPECT_EQ(json::parse(replay.body).at("changed"), 1) << replay.body;
  const auto found = conversions(id);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].at("status"), "pending") << "the admin vouches for the conversion, not for what the page says";
  EXPECT_EQ(found[0].at("original_status"), "");
}

TEST_F(BrowserConversions, ABadIdIsLogged) {
  auto forged = click("shop").id;
  forged.back() = forged.back() == '0' ? '1' : '0';
  for (const auto& [query, code] :
       std::vector<std::pair<std::string, const char*>>{{"", "click_id_missing"},
                                                        {"?click_id=" + forged, "click_id_forged"},
                                                        {"?click_id=hello", "click_id_malformed"}}) {
    EXPECT_EQ(ask("/pixel.gif" + query).status, 200) << query;
    EXPECT_EQ(newest_postback().at("code"), code) << query;
  }
  EXPECT_EQ(ask("/pixel.gif", {}, "HEAD").status, 405);
  EXPECT_EQ(ask("/pixel.gif", "Sec-Purpose: prefetch\r\n").status, 503);
}

struct To {
  const char* sent;
  const char* location;  ///< Empty: 204.
};

TEST_F(BrowserConversions, ConvertLeadsToTheOffersHostsOnly) {
  const auto id = click("shop").id;
  int number = 0;
  for (const auto& row : std::vector<To>{{"https://shop.example/thanks?a=b#c", "https://shop.example/thanks?a=b#c"},
                                         {"HTTPS://SHOP.example/", "HTTPS://SHOP.example/"},
                                         {"https://shop.example:443/x", "https://shop.example:443/x"},
                                         {"https://a.wide.example/", "https://a.wide.example/"},
                                         {"//evil.example", ""},
                                         {"/\\evil.example", ""},
                                         {"\\\\evil.example", ""},
                                         {"https:\\\\evil.example", ""},
                                         {"https://evil.example", ""},
                                         {"https://user@shop.example/", ""},
                                         {"https://shop.example@evil.example/", ""},
                                         {"https://shop.example\\@evil.example/", ""},
                                         {"https://shop.example:8443/", ""},
                                         {"https://shop.example.evil.example/", ""},
                                         {"http://shop.example/", ""},
                                         {"javascript:alert(1)", ""},
                                         {"https://shop.example/\r\nSet-Cookie: a=b", ""},
                                         {"/thanks", ""},
                                         {"", ""}}) {
    std::string to;
    for (const char c : std::string(row.sent)) {
      char digits[4];
      std::snprintf(digits, sizeof digits, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
      to += digits;
    }
    const auto answer = ask("/convert?click_id=" + id + "&txid=C" + std::to_string(++number) + "&to=" + to);
    EXPECT_EQ(answer.status, *row.location == 0 ? 204 : 302) << row.sent;
    EXPECT_EQ(answer.header("Location").value_or(""), row.location) << row.sent;
    EXPECT_FALSE(answer.header("Set-Cookie"));
  }
  EXPECT_EQ(conversions(id).size(), static_cast<std::size_t>(number)) << "each is counted, wherever it leads";
  EXPECT_EQ(ask("/convert?to=https://shop.example/").status, 204) << "without a click there is no offer";
}

/// The click waits in memory and its conversion behind it: whichever the store takes first, they find each other.
TEST(BrowserConversionsOfSpooledClicks, AreCountedWhenTheStoreIsBack) {
  TestServer server([](AppOptions& options) { options.recorder.busy_wait = kPatience; });
  server.example_catalog();
  ASSERT_EQ(server
                .put("offers", "vpn",
                     R"({"name":"VPN","network":"acme","url":"https://offer.example/?sub1={clickid}","payout":"4",)"
                     R"("currency":"USD","browser_conversions":{}})")
                .status,
            200);
  std::optional<OtherConnection> locker(std::in_place, server.store_file());
  locker->execute("BEGIN IMMEDIATE");
  const auto id =
      query_value(server.exchange(request_text("GET", "/c/summer")).header("Location").value_or(""), "sub1");
  auto page = server.connect();
  page.send(request_text("GET", "/pixel.gif?click_id=" + id + "&txid=S1"));
  const auto queued = [&] {
    return json::parse(server.exchange(request_text("GET", "/readyz")).body).at("queue") == 1;
  };
  EXPECT_TRUE(eventually(queued));
  locker.reset();
  EXPECT_EQ(page.read_response().status, 200);
  const auto conversions = [&] { return server.get_json("/api/v1/conversions?click_id=" + id).at("items").size(); };
  EXPECT_TRUE(eventually([&] { return conversions() == 1; }));
}

}  // namespace
}  // namespace postback::testing
