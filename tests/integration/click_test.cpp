// Clicks over the wire: whatever a visitor's link carries, the redirect is right and what was answered is stored.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postback::testing {
namespace {

using namespace std::string_literals;

class ClickOverHttp : public SharedServer<ClickOverHttp> {
 protected:
  struct Recorded {
    std::string location;
    nlohmann::json click;
  };
  /// A click that must be redirected and stored.
  static Recorded click_on(const std::string& target, std::string_view lines = {}) {
    const auto answer = server().exchange(request_text("GET", target, lines));
    EXPECT_EQ(answer.status, 302) << answer.head << answer.body;
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.body, "");
    expect_well_formed(answer);
    Recorded recorded{answer.header("Location").value_or(""), {}};
    recorded.click = server().get_json("/api/v1/clicks/" + query_value(recorded.location, "sub1"));
    return recorded;
  }
};

TEST_F(ClickOverHttp, TheExampleOfTheSpecification) {
  const auto [location, click] = click_on("/c/summer?cid=EXT1&zone=z9&bid=0.07",
                                          "User-Agent: Browser/1\r\nReferer: http://r/\r\n"
                                          "Accept-Language: cs-CZ,cs;q=0.9\r\n");
  const auto id = query_value(location, "sub1");
  EXPECT_EQ(location, "https://offer.example/lp?aff=42&sub1=" + id + "&src=z9");
  EXPECT_EQ(id.size(), 26U);
  EXPECT_EQ(click.at("id"), id);
  EXPECT_EQ(click.at("campaign"), "summer");
  EXPECT_EQ(click.at("offer"), "vpn");
  EXPECT_EQ(click.at("source"), "adnet");
  EXPECT_EQ(click.at("external_id"), "EXT1");
  EXPECT_EQ(click.at("sub1"), "z9");
  EXPECT_EQ(click.at("cost"), "0.07");
  EXPECT_EQ(click.at("cost_currency"), "USD");
  EXPECT_EQ(click.at("ip"), "127.0.0.1");
  EXPECT_EQ(click.at("user_agent"), "Browser/1");
  EXPECT_EQ(click.at("referrer"), "http://r/");
  EXPECT_EQ(click.at("language"), "cs-CZ");
}

struct Value {
  const char* name;
  std::string sent;     ///< The query after `/c/summer?`.
  std::string sent_on;  ///< The value of `src` in Location.
  std::string stored;   ///< sub1 as the API shows it.
};

TEST_F(ClickOverHttp, NobodyIsLostForABadSubId) {
  const std::string four_kib(4096, 'k');
  const std::vector<Value> rows = {
      {"%zz", "zone=%zz", "%25zz", "%zz"},
      {"lone %", "zone=%", "%25", "%"},
      {"%4", "zone=%4", "%254", "%4"},
      {"first of two wins", "zone=a&zone=b", "a", "a"},
      {"%00", "zone=a%00b", "a%00b", "a\0b"s},
      {"invalid UTF-8", "zone=%ff%fe", "%FF%FE", "\uFFFD\uFFFD"},
      {"UTF-8", "zone=%C3%A9", "%C3%A9", "\u00E9"},
      {"header injection", "zone=%0d%0aSet-Cookie:x=1", "%0D%0ASet-Cookie%3Ax%3D1", "\r\nSet-Cookie:x=1"},
      {"//evil.com", "zone=//evil.com", "%2F%2Fevil.com", "//evil.com"},
      {"https://evil", "zone=https://evil", "https%3A%2F%2Fevil", "https://evil"},
      {"backslash", "zone=%5cevil", "%5Cevil", "\\evil"},
      {"@evil", "zone=@evil", "%40evil", "@evil"},
      {".evil", "zone=.evil", ".evil", ".evil"},
      {"fragment and parameter", "zone=%23%26aff%3D1", "%23%26aff%3D1", "#&aff=1"},
      {"plus is a space", "zone=a+b", "a%20b", "a b"},
      {"a token is only text", "zone=%7Bclickid%7D", "%7Bclickid%7D", "{clickid}"},
      {"markup", "zone=%3Cimg%20onerror%3Dx%3E", "%3Cimg%20onerror%3Dx%3E", "<img onerror=x>"},
      {"no query", "", "", ""},
      {"only separators", "&&=&=x&", "", ""},
      {"4 KiB", "zone=" + four_kib, four_kib, four_kib},
      {"4 KiB + 1", "zone=" + four_kib + "k", four_kib, four_kib},
      {"cut within a character", "zone=" + four_kib.substr(1) + "%C3%A9", four_kib.substr(1), four_kib.substr(1)},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto [location, click] = click_on("/c/summer?" + row.sent);
    EXPECT_TRUE(location.starts_with("https://offer.example/lp?aff=42&sub1=")) << location;
    EXPECT_EQ(query_value(location, "src"), row.sent_on);
    EXPECT_EQ(click.value("sub1", ""), row.stored);
  }
}

TEST_F(ClickOverHttp, ALongLocationKeepsTheClickIdOnly) {
  constexpr std::size_t kAround = 68;  // everything in the example's Location but the value of src
  std::string value;
  while (value.size() < 8192 - kAround) value += "%3F";
  ASSERT_EQ(value.size(), 8192 - kAround);
  const auto whole = server().exchange(request_text("GET", "/c/summer?zone=" + value));
  ASSERT_EQ(whole.status, 302);
  EXPECT_EQ(query_value(whole.header("Location").value_or(""), "src"), value);
  const auto one_more = server().exchange(request_text("GET", "/c/summer?zone=" + value + "x"));
  ASSERT_EQ(one_more.status, 302);
  EXPECT_EQ(query_value(one_more.header("Location").value_or(""), "src"), "");

  const auto quoted = server().exchange(request_text("GET", "/c/summer?zone=" + std::string(3500, '?')));
  ASSERT_EQ(quoted.status, 302);
  const auto bare = quoted.header("Location").value_or("");
  EXPECT_EQ(query_value(bare, "src"), "");
  const auto id = query_value(bare, "sub1");
  EXPECT_EQ(server().get_json("/api/v1/clicks/" + id).at("sub1"), std::string(3500, '?'))
      << "stored whole all the same";
}

TEST_F(ClickOverHttp, ParametersThatTheSourceDoesNotMapAreKept) {
  const auto [location, click] = click_on("/c/summer?utm_source=x%26y&zone=z&zone_2=a+b&bid=cheap");
  EXPECT_EQ(click.at("extra"), "utm_source=x%26y&zone_2=a%20b&bid=cheap");
  EXPECT_EQ(click.at("cost"), "0.05") << "a cost that is no sum leaves the campaign's";
}

TEST_F(ClickOverHttp, ACostMayNameItsCurrency) {
  struct Row {
    const char* sent;
    const char* cost;
    const char* currency;
    const char* extra;
  };
  for (const auto& row : std::vector<Row>{{"0.07", "0.07", "USD", "bid=0.07"},
                                          {"0.07+EUR", "0.07", "EUR", "bid=0.07%20EUR"},
                                          {"%E2%82%AC0.07", "0.07", "EUR", "bid=%E2%82%AC0.07"},
                                          {"$0.07", "0.07", "USD", "bid=%240.07"},
                                          {"0.07+XXX", "0.05", "USD", "bid=0.07%20XXX"}}) {
    SCOPED_TRACE(row.sent);
    const auto [location, click] = click_on("/c/summer?bid=" + std::string(row.sent));
    EXPECT_EQ(click.at("cost"), row.cost);
    EXPECT_EQ(click.at("cost_currency"), row.currency);
    EXPECT_EQ(click.at("extra"), row.extra);
  }
}

TEST_F(ClickOverHttp, OfSeveralExternalIdsTheFirstFilledCountsAndAllAreKept) {
  ASSERT_EQ(server()
                .put("sources", "many", R"({"name":"M","params":{"external_id":["gclid","gbraid"],"sub1":"zone"}})")
                .status,
            201);
  ASSERT_EQ(server()
                .put("campaigns", "many", R"({"name":"M","source":"many","paths":[{"offers":[{"offer":"vpn"}]}]})")
                .status,
            201);
  struct Row {
    const char* query;
    const char* external_id;
    const char* extra;
  };
  for (const auto& row : std::vector<Row>{{"gclid=G&gbraid=B", "G", "gbraid=B"},
                                          {"gbraid=B&gclid=G", "G", "gbraid=B"},
                                          {"gbraid=B&gclid=", "B", "gclid="},
                                          {"gclid=%7Bgclid%7D&gbraid=B", "B", "gclid=%7Bgclid%7D"},
                                          {"gclid=%7Bgclid%7D", "{gclid}", ""},
                                          {"gclid=G&gclid=H&zone=1&zone=2", "G", "gclid=H&zone=2"}}) {
    SCOPED_TRACE(row.query);
    const auto [location, click] = click_on("/c/many?" + std::string(row.query));
    EXPECT_EQ(click.at("external_id"), row.external_id);
    EXPECT_EQ(click.at("extra"), row.extra);
  }
}

struct Path {
  const char* name;
  std::string target;
  int status;
};

TEST_F(ClickOverHttp, APathMatchesExactlyOrNotAtAll) {
  const std::vector<Path> rows = {
      {"encoded letter", "/%63/summer", 302},
      {"encoded slug", "/c/s%75mmer", 302},
      {"unknown campaign", "/c/winter", 404},
      {"other case", "/c/Summer", 404},
      {"encoded slash", "/c%2fsummer", 404},
      {"encoded slash behind", "/c/summer%2f", 404},
      {"slash behind", "/c/summer/", 404},
      {"two slashes", "//c/summer", 404},
      {"two slashes within", "/c//summer", 404},
      {"dots", "/c/../c/summer", 404},
      {"encoded dots", "/c/%2e%2e/c/summer", 404},
      {"dots to the API", "/c/../api/v1/networks", 404},
      {"NUL behind", "/c/summer%00", 404},
      {"encoded twice", "/%2563/summer", 404},
      {"no campaign", "/c/", 404},
      {"no campaign, no slash", "/c", 404},
      {"parameter in the path", "/c/summer;a=b", 404},
      {"root", "/", 404},
      {"fragment", "/c/summer#x", 404},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto committed = clicks_committed();
    const auto answer = server().exchange(request_text("GET", row.target));
    EXPECT_EQ(answer.status, row.status) << answer.head;
    EXPECT_EQ(clicks_committed() - committed, row.status == 302 ? 1U : 0U);
    EXPECT_EQ(answer.body.find("winter"), std::string::npos) << "input must not be echoed";
    expect_well_formed(answer);
  }
}

TEST_F(ClickOverHttp, LookingIsNotClicking) {
  const auto committed = clicks_committed();
  auto client = server().connect();
  client.send(request_text("HEAD", "/c/summer?zone=h"));
  const auto head = client.read_response(Asked::head);
  EXPECT_EQ(head.status, 302);
  EXPECT_EQ(head.header("Location"), "https://offer.example/lp?aff=42&sub1=&src=h");
  for (const auto* line : {"Sec-Purpose: prefetch\r\n", "Sec-Purpose: prefetch;prerender\r\n", "Purpose: prefetch\r\n",
                           "purpose: prefetch\r\n"}) {
    SCOPED_TRACE(line);
    client.send(request_text("GET", "/c/summer", line));
    const auto prefetch = client.read_response();
    EXPECT_EQ(prefetch.status, 503);
    EXPECT_EQ(prefetch.header("Cache-Control"), "no-store");
    EXPECT_EQ(prefetch.count("Location"), 0U);
    expect_well_formed(prefetch);
  }
  EXPECT_EQ(clicks_committed(), committed);
  expect_still_serving(server());
}

TEST_F(ClickOverHttp, OtherMethods) {
  for (const auto* method : {"PUT", "POST", "DELETE", "PATCH"}) {
    SCOPED_TRACE(method);
    const auto answer = server().exchange(request_text(method, "/c/summer"));
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(answer.header("Allow"), "GET, HEAD, OPTIONS");
    expect_well_formed(answer);
  }
  const auto options = server().exchange(request_text("OPTIONS", "/c/summer"));
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.header("Allow"), "GET, HEAD, OPTIONS");
  expect_well_formed(options);
  EXPECT_EQ(server().exchange(request_text("OPTIONS", "/nowhere")).status, 404);
  EXPECT_EQ(server().exchange(request_text("HEAD", "/nowhere"), Asked::head).status, 404);
}

TEST_F(ClickOverHttp, APausedCampaignGoesToItsFallbackOrNowhere) {
  const auto campaign = [](std::string_view more) {
    return R"({"name":"P","source":"adnet","state":"paused",)" + std::string(more) +
           R"("paths":[{"weight":1,"landers":[],"offers":[{"offer":"vpn","weight":1}]}]})";
  };
  ASSERT_EQ(server().put("campaigns", "resting", campaign("")).status, 201);
  ASSERT_EQ(server().put("campaigns", "moved", campaign(R"("fallback_url":"https://other.example/x",)")).status, 201);
  const auto committed = clicks_committed();
  EXPECT_EQ(server().exchange(request_text("GET", "/c/resting?zone=a")).status, 404);
  const auto moved = server().exchange(request_text("GET", "/c/moved?zone=a"));
  EXPECT_EQ(moved.status, 302);
  EXPECT_EQ(moved.header("Location"), "https://other.example/x");
  EXPECT_EQ(clicks_committed(), committed);
}

TEST_F(ClickOverHttp, HeadersOfAVisitorAreBoundedAndHarmless) {
  const auto long_agent = std::string(2000, 'u');
  const auto [location, click] = click_on("/c/summer", "User-Agent: " + long_agent +
                                                           "\r\nReferer: \xFF\"<>\r\n"
                                                           "X-Forwarded-For: 1.2.3.4\r\nAccept-Language: " +
                                                           std::string(100, 'l') + "\r\n");
  EXPECT_EQ(click.at("user_agent"), std::string(1024, 'u'));
  EXPECT_EQ(click.at("referrer"), "\uFFFD\"<>");
  EXPECT_EQ(click.at("language"), std::string(35, 'l'));
  EXPECT_EQ(click.at("ip"), "127.0.0.1") << "nobody configured a trusted proxy";
}

}  // namespace
}  // namespace postback::testing
