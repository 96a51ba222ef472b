// The visitor's cookie over the wire: who gets one, with which attributes, and how it is configured.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <string>

namespace postback::testing {
namespace {

class CookieOverHttp : public SharedServer<CookieOverHttp> {
 protected:
  static RawResponse click(std::string_view lines = {}, std::string_view method = "GET") {
    return server().exchange(request_text(method, "/c/summer", lines), method == "HEAD" ? Asked::head : Asked::get);
  }
};

TEST_F(CookieOverHttp, RemembersTheClick) {
  const auto answer = click();
  const auto id = query_value(answer.header("Location").value_or(""), "sub1");
  EXPECT_EQ(answer.header("Set-Cookie"), "postbackd=" + id + ".1; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax");
  EXPECT_EQ(answer.count("Set-Cookie"), 1U);
}

TEST_F(CookieOverHttp, IsNotGivenToWhomItMustNotBe) {
  EXPECT_FALSE(click("Sec-GPC: 1\r\n").header("Set-Cookie"));
  EXPECT_FALSE(click({}, "HEAD").header("Set-Cookie"));
  EXPECT_FALSE(click("Purpose: prefetch\r\n").header("Set-Cookie"));
}

TEST_F(CookieOverHttp, IsOffWhereTheCampaignSaysSo) {
  ASSERT_EQ(server()
                .put("campaigns", "bare", R"({"name":"Bare","cookies":"off","paths":[{"offers":[{"offer":"vpn"}]}]})")
                .status,
            201);
  const auto answer = server().exchange(request_text("GET", "/c/bare"));
  EXPECT_EQ(answer.status, 302);
  EXPECT_FALSE(answer.header("Set-Cookie"));
}

TEST_F(CookieOverHttp, TellsAReturningVisitorOfItsOwnCampaignsOnly) {
  ASSERT_EQ(server().put("campaigns", "other", R"({"name":"O","paths":[{"offers":[{"offer":"vpn"}]}]})").status, 201);
  struct Visit {
    nlohmann::json unique;
    std::string cookie;
  };
  const auto visit = [](const std::string& campaign, const std::string& agent, const std::string& cookie) {
    const auto answer = server().exchange(request_text(
        "GET", "/c/" + campaign, "User-Agent: " + agent + "\r\nCookie: a=b; postbackd=" + cookie + "\r\n"));
    const auto id = query_value(answer.header("Location").value_or(""), "sub1");
    const auto set = answer.header("Set-Cookie").value_or("");
    const auto begin = set.find('=') + 1;
    return Visit{server().get_json("/api/v1/clicks/" + id).at("unique"), set.substr(begin, set.find(';') - begin)};
  };
  const auto elsewhere = visit("other", "First/1", "");
  const auto here = visit("summer", "First/1", "");
  EXPECT_EQ(here.unique, true);
  EXPECT_EQ(visit("summer", "First/1", "garbage").unique, false) << "the memory knows the visitor";
  EXPECT_EQ(visit("summer", "First/1", elsewhere.cookie).unique, false) << "the cookie has another campaign";
  EXPECT_EQ(visit("summer", "First/2", elsewhere.cookie).unique, true) << "neither knows the visitor";
  EXPECT_EQ(visit("summer", "First/3", here.cookie).unique, false) << "the cookie knows the campaign";
}

TEST_F(CookieOverHttp, IsConfigured) {
  TestServer own([](AppOptions& options) {
    options.cookies.name = "seen";
    options.cookies.days = 1;
  });
  own.example_catalog();
  const auto set = own.exchange(request_text("GET", "/c/summer")).header("Set-Cookie").value_or("");
  EXPECT_TRUE(set.starts_with("seen=")) << set;
  EXPECT_NE(set.find("; Max-Age=86400;"), std::string::npos) << set;
}

TEST_F(CookieOverHttp, AStrangersCookieNeverComesBack) {
  const auto answer = click("Cookie: postbackd=x; Domain=evil.example, postbackd=<b>~\x7f\r\n");
  if (answer.status == 400) return;  // refused before it was read
  const auto set = answer.header("Set-Cookie").value_or("");
  EXPECT_EQ(set.find("evil"), std::string::npos) << set;
}

}  // namespace
}  // namespace postback::testing
