// Clicks that a page's script reports, over the wire: the CORS protocol, and the script itself.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

constexpr const char* kOrigin = "Origin: https://shop.example\r\n";
constexpr const char* kText = "Content-Type: text/plain;charset=UTF-8\r\n";

class PageVisits : public SharedServer<PageVisits> {
 public:
  static void SetUpTestSuite() {
    SharedServer<PageVisits>::SetUpTestSuite();
    EXPECT_EQ(server()
                  .put("campaigns", "direct",
                       R"({"name":"D","source":"adnet","origins":["https://shop.example","http://localhost:3000"],)"
                       R"("paths":[{"offers":[{"offer":"vpn"}]}]})")
                  .status,
              201);
    EXPECT_EQ(server()
                  .put("campaigns", "resting",
                       R"({"name":"D","state":"paused","origins":["https://shop.example"],)"
                       R"("paths":[{"offers":[{"offer":"vpn"}]}]})")
                  .status,
              201);
  }

 protected:
  static RawResponse send(const std::string& lines, const std::string& body, std::string_view method = "POST") {
    const auto answer = server().exchange(request_text(method, "/click", lines, body));
    expect_well_formed(answer);
    return answer;
  }
};

TEST_F(PageVisits, AreRecordedForAListedOrigin) {
  for (const std::string type : {kText, "Content-Type: application/json\r\n"}) {
    const auto answer =
        send(kOrigin + type + "User-Agent: UA/2\r\nReferer: https://shop.example/p\r\nAccept-Language: de-AT,de\r\n",
             R"({"campaign":"direct","query":"?cid=E%262&zone=z+3&utm=x","referrer":"https://search.example/?q=a"})");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "https://shop.example");
    EXPECT_EQ(answer.header("Vary"), "Origin");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_FALSE(answer.header("Set-Cookie"));
    EXPECT_FALSE(answer.header("Access-Control-Allow-Credentials"));
    const auto said = json::parse(answer.body);
    EXPECT_EQ(said.size(), 1U);
    const auto click = server().get_json("/api/v1/clicks/" + said.at("click_id").get<std::string>());
    EXPECT_EQ(click.at("campaign"), "direct");
    EXPECT_EQ(click.at("external_id"), "E&2");
    EXPECT_EQ(click.at("sub1"), "z 3");
    EXPECT_EQ(click.at("extra"), "utm=x");
    EXPECT_EQ(click.at("referrer"), "https://search.example/?q=a");
    EXPECT_EQ(click.at("user_agent"), "UA/2");
    EXPECT_EQ(click.at("language"), "de-AT");
    EXPECT_EQ(click.at("ip"), "127.0.0.1");
  }
  EXPECT_EQ(send("Origin: http://localhost:3000\r\n", R"({"campaign":"direct"})").status, 200);
}

struct Refused {
  const char* name;
  std::string lines;
  std::string body;
  int status;
  const char* type;
};

TEST_F(PageVisits, AreRefusedFromElsewhere) {
  const std::string good = R"({"campaign":"direct"})";
  const std::vector<Refused> rows{
      {"no origin", "", good, 403, "origin-not-allowed"},
      {"another origin", "Origin: https://evil.example\r\n", good, 403, "origin-not-allowed"},
      {"another scheme", "Origin: http://shop.example\r\n", good, 403, "origin-not-allowed"},
      {"another port", "Origin: https://shop.example:8443\r\n", good, 403, "origin-not-allowed"},
      {"a longer host", "Origin: https://shop.example.evil.example\r\n", good, 403, "origin-not-allowed"},
      {"null", "Origin: null\r\n", good, 403, "origin-not-allowed"},
      {"a campaign that lists none", kOrigin, R"({"campaign":"summer"})", 403, "origin-not-allowed"},
      {"no such campaign", kOrigin, R"({"campaign":"nothing"})", 404, "not-found"},
      {"paused", kOrigin, R"({"campaign":"resting"})", 409, "campaign-paused"},
      {"no campaign", kOrigin, "{}", 400, "invalid-document"},
      {"no body", kOrigin, "", 400, "invalid-document"},
      {"an unknown member", kOrigin, R"({"campaign":"direct","ip":"1.2.3.4"})", 400, "invalid-document"},
      {"a number", kOrigin, R"({"campaign":"direct","query":1})", 400, "invalid-document"},
      {"a form", std::string(kOrigin) + "Content-Type: application/x-www-form-urlencoded\r\n", "campaign=direct", 415,
       "unsupported-media-type"},
      {"too large", kOrigin, std::string(70'000, ' '), 413, "body-too-large"},
  };
  const auto committed = clicks_committed();
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto answer = send(row.lines, row.body);
    EXPECT_EQ(answer.status, row.status) << answer.body;
    EXPECT_EQ(json::parse(answer.body).at("type"), std::string("/problems/") + row.type);
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin").has_value(), row.status == 409);
  }
  EXPECT_EQ(clicks_committed(), committed);
}

TEST_F(PageVisits, ThePreflightIsAnsweredForOriginsThatAreListedSomewhere) {
  const auto listed = send(
      std::string(kOrigin) + "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n",
      "", "OPTIONS");
  EXPECT_EQ(listed.status, 204);
  EXPECT_EQ(listed.header("Allow"), "POST, OPTIONS");
  EXPECT_EQ(listed.header("Access-Control-Allow-Origin"), "https://shop.example");
  EXPECT_EQ(listed.header("Access-Control-Allow-Methods"), "POST");
  EXPECT_EQ(listed.header("Access-Control-Allow-Headers"), "Content-Type");
  EXPECT_EQ(listed.header("Vary"), "Origin");
  for (const std::string lines : {"", "Origin: https://evil.example\r\n", "Origin: *\r\n"}) {
    const auto other = send(lines, "", "OPTIONS");
    EXPECT_EQ(other.status, 204);
    EXPECT_EQ(other.header("Allow"), "POST, OPTIONS");
    EXPECT_FALSE(other.header("Access-Control-Allow-Origin")) << lines;
  }
  EXPECT_EQ(send(kOrigin, "", "PUT").status, 405);
  EXPECT_EQ(send(kOrigin, "", "PUT").header("Allow"), "POST, OPTIONS");
}

TEST_F(PageVisits, TheScriptIsServed) {
  const auto script = server().exchange(request_text("GET", "/t.js"));
  EXPECT_EQ(script.status, 200);
  EXPECT_EQ(script.header("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(script.header("Cross-Origin-Resource-Policy"), "cross-origin");
  EXPECT_EQ(script.header("Cache-Control"), "public, max-age=3600");
  EXPECT_LT(script.body.size(), 4'096U);
  EXPECT_NE(script.body.find("window.postback"), std::string::npos);
}

}  // namespace
}  // namespace postback::testing
