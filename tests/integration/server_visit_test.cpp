// Clicks and impressions that a source's servers report, over the wire.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

constexpr const char* kForm = "Content-Type: application/x-www-form-urlencoded\r\n";
constexpr const char* kJson = "Content-Type: application/json\r\n";

class ServerVisits : public SharedServer<ServerVisits> {
 public:
  static void SetUpTestSuite() {
    SharedServer<ServerVisits>::SetUpTestSuite();
    const auto put =
        server().put("sources", "adnet",
                     R"({"name":"AdNet","params":{"external_id":"cid","cost":"bid","sub1":"zone"},"token":"new"})");
    EXPECT_EQ(put.status, 200) << put.body;
    source_token() = json::parse(put.body).at("token");
    EXPECT_EQ(server().put("campaigns", "open", R"({"name":"O","paths":[{"offers":[{"offer":"vpn"}]}]})").status, 201);
    EXPECT_EQ(server()
                  .put("campaigns", "paused",
                       R"({"name":"P","source":"adnet","state":"paused","paths":[{"offers":[{"offer":"vpn"}]}]})")
                  .status,
              201);
  }

 protected:
  static std::string& source_token() {
    static std::string token;
    return token;
  }
  static RawResponse send(const std::string& target, const std::string& lines = {}, const std::string& body = {}) {
    const auto answer = server().exchange(request_text("POST", target, lines, body));
    expect_well_formed(answer);
    return answer;
  }
  static std::string bearer() { return "Authorization: Bearer " + source_token() + "\r\n"; }
  /// A click that must be recorded.
  static json click_of(const RawResponse& answer) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto said = json::parse(answer.body);
    const auto id = said.at("click_id").get<std::string>();
    EXPECT_EQ(query_value(said.at("url").get<std::string>(), "sub1"), id);
    return server().get_json("/api/v1/clicks/" + id);
  }
};

TEST_F(ServerVisits, ComeAsJsonAsAFormOrInTheQuery) {
  const std::vector<RawResponse> answers{
      send("/s2s/click/summer", bearer() + kJson,
           R"({"cid":"E1","zone":"z 1","bid":"0.09","other":7,"ip":"203.0.113.9","user_agent":"UA/1",)"
           R"("referrer":"https://r/","language":"cs","country":"CZ"})"),
      send(
          "/s2s/click/summer", bearer() + kForm,
          "cid=E1&zone=z+1&bid=0.09&other=7&ip=203.0.113.9&user_agent=UA/1&referrer=https://r/&language=cs&country=CZ"),
      send("/s2s/click/summer?token=" + source_token() +
           "&cid=E1&zone=z+1&bid=0.09&other=7&ip=203.0.113.9&user_agent=UA/1&referrer=https://r/"
           "&language=cs&country=CZ")};
  for (const auto& answer : answers) {
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_FALSE(answer.header("Set-Cookie"));
    const auto click = click_of(answer);
    EXPECT_EQ(click.at("external_id"), "E1");
    EXPECT_EQ(click.at("sub1"), "z 1");
    EXPECT_EQ(click.at("cost"), "0.09");
    EXPECT_EQ(click.at("extra"), "bid=0.09&other=7") << "the token is not kept";
    EXPECT_EQ(click.at("ip"), "203.0.113.9");
    EXPECT_EQ(click.at("user_agent"), "UA/1");
    EXPECT_EQ(click.at("referrer"), "https://r/");
    EXPECT_EQ(click.at("language"), "cs");
    EXPECT_EQ(json::parse(answer.body).at("url").get<std::string>().substr(0, 22), "https://offer.example/");
  }
  const auto bare = click_of(send("/s2s/click/summer", bearer()));
  EXPECT_EQ(bare.at("ip"), "") << "the caller is not the visitor";
  EXPECT_EQ(bare.at("cost"), "0.05");
}

TEST_F(ServerVisits, WithoutAddressAndUserAgentAreNeitherFirstNorReturning) {
  for (int visits = 0; visits < 2; ++visits) {
    EXPECT_EQ(click_of(send("/s2s/click/summer", bearer())).at("unique"), nullptr);
  }
  const std::string known = "/s2s/click/summer?ip=198.51.100.7";
  EXPECT_EQ(click_of(send(known, bearer())).at("unique"), true);
  EXPECT_EQ(click_of(send(known, bearer())).at("unique"), false);
}

struct Refused {
  const char* name;
  std::string target;
  std::string lines;
  std::string body;
  int status;
  const char* type;
};

TEST_F(ServerVisits, AreRefusedInWords) {
  const std::string wrong = "Authorization: Bearer wrong-token\r\n";
  const std::string click = "/s2s/click/summer";
  const std::vector<Refused> rows{
      {"no token", click, "", "", 401, "token-missing"},
      {"empty token", click + "?token=", "", "", 401, "token-missing"},
      {"wrong token", click, wrong, "", 403, "token-wrong"},
      {"wrong token as a parameter", click + "?token=wrong-token", "", "", 403, "token-wrong"},
      {"the network's token", click + "?token=" + token(), "", "", 403, "token-wrong"},
      {"the API's key", click, std::string(TestServer::kKeyHeader), "", 403, "token-wrong"},
      {"a source without a token", "/s2s/click/open", bearer(), "", 403, "token-wrong"},
      {"no such campaign", "/s2s/click/nothing", bearer(), "", 404, "not-found"},
      {"paused", "/s2s/click/paused", bearer(), "", 409, "campaign-paused"},
      {"bad address", click + "?ip=300.1.1.1", bearer(), "", 400, "invalid-parameter"},
      {"bad country", click + "?country=Germany", bearer(), "", 400, "invalid-parameter"},
      {"broken JSON", click, bearer() + kJson, "{", 400, "invalid-document"},
      {"JSON that is no object", click, bearer() + kJson, "[]", 400, "invalid-document"},
      {"deep JSON", click, bearer() + kJson, std::string(10'000, '['), 400, "invalid-document"},
      {"another type", click, bearer() + "Content-Type: text/xml\r\n", "<a/>", 415, "unsupported-media-type"},
      {"too large", click, bearer() + kForm, std::string(70'000, 'a'), 413, "body-too-large"},
      {"impression without a token", "/s2s/impression/summer", "", "", 401, "token-missing"},
      {"impression with a wrong one", "/s2s/impression/summer", wrong, "", 403, "token-wrong"},
      {"impression of nothing", "/s2s/impression/nothing", bearer(), "", 404, "not-found"},
  };
  const auto committed = clicks_committed();
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto answer = send(row.target, row.lines, row.body);
    EXPECT_EQ(answer.status, row.status) << answer.body;
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    const auto problem = json::parse(answer.body);
    EXPECT_EQ(problem.at("type"), std::string("/problems/") + row.type);
    EXPECT_EQ(problem.at("status"), row.status);
    EXPECT_EQ(answer.body.find(source_token()), std::string::npos);
    EXPECT_EQ(answer.header("WWW-Authenticate").has_value(), row.status == 401);
  }
  EXPECT_EQ(clicks_committed(), committed);
  EXPECT_EQ(server().exchange(request_text("GET", click)).status, 405);
}

TEST_F(ServerVisits, AnImpressionIsCounted) {
  const auto& counted = server().app().recorder_figures().impressions_committed;
  const auto before = counted.load();
  const auto answer = send("/s2s/impression/summer", bearer());
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"counted":true})");
  EXPECT_EQ(counted.load(), before + 1);
}

TEST_F(ServerVisits, TheTokenIsForAdmins) {
  const auto made = server().put("keys", "reader", R"({"name":"R","role":"viewer"})");
  const auto lines = "Authorization: Bearer " + json::parse(made.body).at("key").get<std::string>() + "\r\n";
  for (const std::string target :
       {"/api/v1/sources/adnet", "/api/v1/sources", "/api/v1/revisions/5", "/api/v1/revisions/5/compare?with=1"}) {
    const auto shown = server().exchange(request_text("GET", target, lines));
    EXPECT_EQ(shown.status, 200) << target;
    EXPECT_EQ(shown.body.find(source_token()), std::string::npos) << target;
  }
  EXPECT_EQ(server().get_json("/api/v1/sources/adnet").at("token"), source_token());
}

}  // namespace
}  // namespace postback::testing
