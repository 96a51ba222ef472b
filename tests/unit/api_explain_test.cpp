// Explaining a postback: every verdict that needs no store, the form of the answer, and descriptions that are wrong.
#include "support/api_world.hpp"
#include "support/example_catalog.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postback::testing::api {
namespace {

using nlohmann::json;

constexpr SnowflakeId kClick = make_snowflake(kNow - std::chrono::minutes{5}, 1, 7);
constexpr std::string_view kExplain = "/api/v1/postbacks/explain";

class ApiExplain : public ::testing::Test {
 protected:
  ApiExplain() {
    world_.slot.publish(example_catalog());
    world_.shelf.facts = Facts{.click = ClickFacts{kClick, 1, 1, 1}, .conversion = {}, .conversions_of_click = 0};
  }
  CapturedAnswer send(const json& description) {
    return world_.send({.method = http::Method::post, .target = std::string(kExplain), .body = description.dump()});
  }
  json explain(const json& description) {
    const auto answer = send(description);
    EXPECT_EQ(answer.status, 200) << answer.body();
    return json::parse(answer.body());
  }
  json explain_url(const std::string& rest) { return explain({{"url", "/postback/acme?token=T0KEN-acme" + rest}}); }
  std::string click() const { return world_.click_text(kClick); }

  ApiWorld world_;
};

TEST_F(ApiExplain, SaysAllOfAVerdictAndItsEffect) {
  const auto expected =
      json{{"result", "accepted"},
           {"code", "converted"},
           {"http_status", 200},
           {"message", "A new conversion was counted as pending."},
           {"fix", ""},
           {"warnings", json::array()},
           {"click_id", click()},
           {"conversion_id", click() + "-1"},
           {"event", "sale"},
           {"txid", "A1"},
           {"payout", "2.50"},
           {"amount", "10.00"},
           {"currency", "EUR"},
           {"status", "pending"},
           {"original_status", "hold"},
           {"would", "It would count a new conversion, " + click() + "-1, as pending with a payout of 2.50 EUR."}};
  for (const auto* before : {"https://track.example:8443/postback/acme/sale?", "/postback/acme/sale?",
                             "http://track.example/postback/acme/sale?event=lead&"}) {
    auto explained = explain({{"url", before + std::string("token=T0KEN-acme&click_id=") + click() +
                                          "&payout=2.5&amount=10&currency=EUR&txid=A1&status=hold#fragment"}});
    const auto evidence = explained["evidence"].get<std::string>();
    EXPECT_NE(evidence.find("token=***"), std::string::npos) << evidence;
    EXPECT_EQ(explained.dump().find("T0KEN"), std::string::npos) << "secrets are masked";
    explained.erase("evidence");
    if (std::string(before).find("event=lead") != std::string::npos) explained["warnings"] = json::array();
    if (!explained["fix"].get<std::string>().empty()) explained["fix"] = "";
    EXPECT_EQ(explained, expected) << before;
  }
}

TEST_F(ApiExplain, EveryVerdictThatNeedsNoStore) {
  const std::string foreign = to_string(ClickId{kClick, 42});
  struct Row {
    const char* code;
    int status;
    json description;
  };
  const auto url = [](const std::string& text) { return json{{"url", text}}; };
  const std::string with_token = "/postback/acme?token=T0KEN-acme&click_id=";
  const Row rows[] = {
      {"network_unknown", 404, url("/postback/nobody?click_id=x")},
      {"network_unknown", 404, url("/postback")},
      {"network_unknown", 404, url("/postback/acme/sale/more")},
      {"token_missing", 401, url("/postback/acme?click_id=" + click())},
      {"token_wrong", 403, url("/postback/acme?token=no&click_id=" + click())},
      {"click_id_missing", 400, url("/postback/acme?token=T0KEN-acme")},
      {"click_id_unreplaced", 400, url(with_token + "{clickid}")},
      {"click_id_malformed", 400, url(with_token + "abc")},
      {"click_id_forged", 400, url(with_token + foreign)},
      {"parameter_repeated", 400, url(with_token + click() + "&txid=a&txid=b")},
      {"currency_unknown", 400, url(with_token + click() + "&payout=1&currency=ZZZ")},
      {"payout_invalid", 400, url(with_token + click() + "&payout=1e3")},
      {"unparseable",
       400,
       {{"method", "POST"},
        {"target", "/postback/acme?token=T0KEN-acme"},
        {"headers", {{"content-type", "application/json"}}},
        {"body", "{"}}},
      {"too_large",
       413,
       {{"method", "POST"}, {"target", "/postback/acme?token=T0KEN-acme"}, {"body", std::string(65'537, 'x')}}},
  };
  for (const auto& row : rows) {
    const auto explained = explain(row.description);
    EXPECT_EQ(explained["code"], row.code) << explained.dump();
    EXPECT_EQ(explained["result"], "refused") << row.code;
    EXPECT_EQ(explained["http_status"], row.status) << row.code;
    EXPECT_EQ(explained["would"], "It would be refused with HTTP status " + std::to_string(row.status) +
                                      " and logged, and have no other effect.");
    EXPECT_NE(explained["fix"], "") << row.code;
  }
}

TEST_F(ApiExplain, VerdictsThatNeedTheStore) {
  world_.shelf.facts = Facts{};
  EXPECT_EQ(explain_url("&click_id=" + click())["code"], "click_unknown");
  auto facts = Facts{.click = ClickFacts{kClick, 1, 1, 1}, .conversion = {}, .conversions_of_click = 0};
  world_.shelf.facts = facts;
  const auto test = explain_url("&test=1&click_id=" + click());
  EXPECT_EQ(test["result"], "test");
  EXPECT_EQ(test["http_status"], 200);
  EXPECT_EQ(test["would"], "It would be logged as a test and have no other effect.");
  world_.shelf.facts = Error{ErrorCode::store_busy, ""};
  EXPECT_EQ(send({{"url", "/postback/acme?token=T0KEN-acme&click_id=" + click()}}).status, 503);
}

TEST_F(ApiExplain, ReadsABodyAsTheServerWould) {
  const auto form = explain(
      {{"method", "POST"}, {"target", "/postback/acme"}, {"body", "token=T0KEN-acme&payout=3&click_id=" + click()}});
  EXPECT_EQ(form["code"], "converted");
  EXPECT_EQ(form["payout"], "3.00");
}

TEST_F(ApiExplain, NamesWhatIsWrongWithADescription) {
  struct Row {
    std::string body;
    std::string field;
    std::string text;  ///< Part of the problem or of what is expected.
  };
  const Row rows[] = {
      {"", "(document)", "JSON"},
      {"[]", "(document)", "object"},
      {"{}", "url", "missing"},
      {R"({"url":7})", "url", "a text"},
      {R"({"url":"/c/summer"})", "url", "/postback/{network}"},
      {R"({"url":"https://a.example"})", "url", "/postback/{network}"},
      {R"({"url":"postback/acme"})", "url", "/postback/{network}"},
      {R"({"url":"/postbacks/acme"})", "url", "/postback/{network}"},
      {R"({"url":"/postback/acme?a=b c"})", "url", "position 19"},
      {R"({"target":"/x"})", "target", "/postback/{network}"},
      {R"({"url":"/postback/acme","body":"x"})", "body", "stands beside url"},
      {R"({"target":"/postback/acme","method":"PUT"})", "method", "GET or POST"},
      {R"({"target":"/postback/acme","headers":[]})", "headers", "object of texts"},
      {R"({"target":"/postback/acme","headers":{"a b":"x"}})", "headers.a b", "header's name"},
      {R"({"target":"/postback/acme","headers":{"a":"x\r\ny"}})", "headers.a", "header's value"},
      {R"({"target":"/postback/acme","colour":1})", "colour", "is not a member"},
  };
  for (const auto& row : rows) {
    const auto answer = world_.send({.method = http::Method::post, .target = std::string(kExplain), .body = row.body});
    EXPECT_EQ(answer.status, 400) << row.body;
    const auto errors = json::parse(answer.body())["errors"];
    ASSERT_EQ(errors.size(), 1U) << answer.body();
    EXPECT_EQ(errors[0]["field"], row.field) << row.body;
    EXPECT_NE(errors[0].dump().find(row.text), std::string::npos) << errors[0];
  }
  EXPECT_EQ(world_
                .send({.method = http::Method::post,
                       .target = std::string(kExplain),
                       .body = "{}",
                       .headers = {{"Authorization", "Bearer k1"}, {"Content-Type", "text/plain"}}})
                .status,
            415);
}

}  // namespace
}  // namespace postback::testing::api
