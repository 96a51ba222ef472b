// Postbacks of other trackers' shapes over the wire, and what their networks are answered.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

constexpr std::string_view kPlain = "text/plain; charset=utf-8";

/// The example catalog, whose network acme also accepts the key e89bcbe.
class DropIn : public SharedServer<DropIn> {
 public:
  static void SetUpTestSuite() {
    SharedServer<DropIn>::SetUpTestSuite();
    configure({{"security", {{"tokens", {"e89bcbe"}}}}});
  }

 protected:
  static void configure(json more) {
    more.update({{"name", "Acme"}, {"click_param", "sub1"}, {"currency", "USD"}, {"token", token()}});
    ASSERT_EQ(server().put("networks", "acme", more.dump()).status, 200);
  }
  static RawResponse send(const std::string& target) { return server().exchange(request_text("GET", target)); }
  static json newest() { return server().get_json("/api/v1/postbacks?limit=1").at("items").at(0); }
  static json conversions_of(const std::string& click) {
    return server().get_json("/api/v1/conversions?click_id=" + click).at("items");
  }
};

std::string code_of(const RawResponse& answer) { return json::parse(answer.body).at("code").get<std::string>(); }

TEST_F(DropIn, EveryShapeConverts) {
  struct Row {
    std::string before;  ///< The click's ID stands behind it.
    std::string behind;
    const char* shape;
    const char* event;
    const char* txid;
    const char* status = "approved";
  };
  const std::string with_token = "&token=" + token();
  const std::vector<Row> rows{
      {"/postback?cid=", "&payout=2.50&txid=A1&et=install" + with_token, "voluum", "install", "A1"},
      {"/e89bcbe/postback?subid=", "&payout=2.50&tid=A1&status=hold&lead_status=hold", "keitaro", "conversion", "A1",
       "pending"},
      {"/click.php?cnv_id=", "&payout=2.50&cnv_currency=EUR&cnv_status=reject" + with_token, "binom", "conversion", "",
       "rejected"},
      {"/postback?click_id=", "&payout=2.50&event=sale&txid=A1" + with_token, "generic", "sale", "A1"},
      {"http://elsewhere.example/postback?cid=", "&payout=2.50" + with_token, "voluum", "conversion", ""},
      {"/%63lick%2ephp?cnv_id=", "&payout=2.50" + with_token, "binom", "conversion", ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.before);
    const auto id = server().click();
    const auto answer = send(row.before + id + row.behind);
    expect_well_formed(answer);
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(code_of(answer), "converted");
    const auto logged = newest();
    EXPECT_EQ(logged.at("shape"), row.shape);
    EXPECT_EQ(logged.at("network"), "acme");
    EXPECT_EQ(logged.at("auth"), "token");
    EXPECT_EQ(logged.dump().find(token()), std::string::npos);
    EXPECT_EQ(logged.dump().find("e89bcbe"), std::string::npos) << "the key is a secret";
    const auto conversions = conversions_of(id);
    ASSERT_EQ(conversions.size(), 1U);
    EXPECT_EQ(conversions.at(0).at("event"), row.event);
    EXPECT_EQ(conversions.at(0).at("txid"), row.txid);
    EXPECT_EQ(conversions.at(0).at("status"), row.status);
    EXPECT_EQ(conversions.at(0).at("payout"), "2.50");
    EXPECT_EQ(code_of(send(row.before + id + row.behind)), "duplicate");
  }
}

TEST_F(DropIn, EveryBadInputHasItsVerdictAndIsLogged) {
  struct Row {
    const char* what;
    std::string target;  ///< `$` stands for a fresh click's ID.
    int status;
    const char* code;
    const char* network = "";
  };
  const std::vector<Row> rows{
      {"no parameter of any shape", "/postback", 404, "network_unknown"},
      {"the name of another shape", "/postback?cnv_id=$", 404, "network_unknown"},
      {"no click ID", "/click.php", 400, "click_id_missing"},
      {"empty", "/postback?cid=", 400, "click_id_missing"},
      {"macro", "/e89bcbe/postback?subid=%7Bsub1%7D", 400, "click_id_unreplaced", "acme"},
      {"cannot be decoded", "/postback?cid=%zz", 400, "click_id_malformed"},
      {"zero byte", "/postback?cid=$%00", 400, "click_id_malformed"},
      {"forged", "/postback?cid=03ev4wssp02009rxt290s0r1y8", 400, "click_id_forged"},
      {"twice", "/e89bcbe/postback?subid=$&subid=abc", 400, "parameter_repeated", "acme"},
      {"no token", "/postback?cid=$", 401, "token_missing", "acme"},
      {"wrong token", "/click.php?cnv_id=$&token=wrong", 403, "token_wrong", "acme"},
      {"wrong key", "/0000000/postback?subid=$", 403, "token_wrong", "acme"},
      {"payout", "/e89bcbe/postback?subid=$&payout=1e308", 400, "payout_invalid", "acme"},
      {"test", "/click.php?test=1", 200, "click_id_missing"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    auto target = row.target;
    if (const auto at = target.find('$'); at != std::string::npos) target.replace(at, 1, server().click());
    const auto answer = send(target);
    expect_well_formed(answer);
    EXPECT_EQ(answer.status, row.status) << answer.body;
    EXPECT_EQ(code_of(answer), row.code);
    const auto logged = newest();
    EXPECT_EQ(logged.at("id"), json::parse(answer.body).at("postback_id"));
    EXPECT_EQ(logged.at("network"), row.network);
    EXPECT_EQ(logged.at("code"), row.code);
    EXPECT_FALSE(logged.at("fix").get<std::string>().empty());
  }
  expect_still_serving(server());
}

TEST_F(DropIn, OtherPathsAreNone) {
  for (const auto* target : {"//postback?cid=1", "/x/../postback?cid=1", "/click.php/?cnv_id=1",
                             "/x%2fpostback?subid=1", "/e89bcbe/postback/?subid=1", "/CLICK.PHP?cnv_id=1"}) {
    EXPECT_EQ(send(target).status, 404) << target;
  }
  for (const auto* target : {"/postback?cid=1", "/click.php?cnv_id=1", "/e89bcbe/postback?subid=1"}) {
    EXPECT_EQ(server().exchange(request_text("HEAD", target), Asked::head).status, 405) << target;
  }
}

/// `/{key}/postback` takes any first segment but those that other paths begin with (scripts/lint/openapi.mjs).
TEST_F(DropIn, ALiteralSegmentGoesBeforeAKey) {
  ASSERT_EQ(server()
                .put("campaigns", "postback",
                     R"({"name":"P","source":"adnet","paths":[{"offers":[{"offer":"vpn","weight":1}]}]})")
                .status,
            201);
  ASSERT_EQ(send("/postback").status, 404) << "so that the log has a newest row, whichever tests ran before";
  const auto before = newest();
  EXPECT_EQ(send("/c/postback?subid=1").status, 302) << "a click";
  EXPECT_EQ(send("/out/postback?subid=1").status, 404) << "a CTA whose ID is not ours";
  EXPECT_EQ(newest(), before) << "neither is a postback";
  EXPECT_EQ(send("/postback/postback?subid=1").status, 404);
  EXPECT_EQ(newest().at("shape"), "own");
  EXPECT_EQ(newest().at("code"), "network_unknown");
}

TEST_F(DropIn, AreExplained) {
  const auto id = server().click();
  const auto explain = [](const std::string& url) {
    const auto answer = server().post("/api/v1/postbacks/explain", json{{"url", url}}.dump(), "application/json");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::parse(answer.body);
  };
  EXPECT_EQ(explain("/e89bcbe/postback?subid=" + id + "&payout=1").at("code"), "converted");
  EXPECT_EQ(explain("https://t.example/click.php?cnv_id=" + id).at("code"), "token_missing");
  EXPECT_EQ(explain("/postback?cid=abc").at("code"), "click_id_malformed");
  EXPECT_EQ(conversions_of(id).size(), 0U);
}

TEST_F(DropIn, ClicksOfTheTrackerBeforeAreFound) {
  const json click{{"foreign_id", "1dad2cg1br22spja1"}, {"campaign", "summer"}, {"time", "2026-01-01T00:00:00Z"}};
  const auto late = send("/e89bcbe/postback?subid=1dad2cg1br22spja1&payout=3");
  EXPECT_EQ(code_of(late), "click_id_malformed");
  ASSERT_EQ(server().post("/api/v1/clicks/import", json{{"clicks", {click}}}.dump(), "application/json").status, 200);
  EXPECT_EQ(code_of(send("/e89bcbe/postback?subid=1dad2cg1br22spja1&payout=2.50&tid=A1")), "converted");
  EXPECT_EQ(newest().at("network"), "acme");
  const auto again = server().post(
      "/api/v1/postbacks/replay", json{{"ids", {json::parse(late.body).at("postback_id")}}}.dump(), "application/json");
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_NE(again.body.find("converted"), std::string::npos) << again.body;
}

TEST_F(DropIn, KeitarosReturnIsTheAnswerWhenItWasTaken) {
  const auto taken = send("/e89bcbe/postback?subid=" + server().click() + "&return=OK%0d%0aX:y");
  expect_well_formed(taken);
  EXPECT_EQ(taken.status, 200);
  EXPECT_EQ(taken.body, "OK\r\nX:y");
  EXPECT_EQ(taken.header("Content-Type"), kPlain);
  EXPECT_EQ(taken.header("X-Content-Type-Options"), "nosniff");
  const auto refused = send("/0000000/postback?subid=" + server().click() + "&return=OK");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(code_of(refused), "token_wrong");
}

TEST_F(DropIn, ANetworkIsAnsweredWhatItWants) {
  const std::string unknown = "/postback/acme?click_id=abc&token=" + token();
  configure({{"answer", {{"always_200", true}}}});
  auto answer = send(unknown);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(code_of(answer), "click_id_malformed");
  EXPECT_EQ(newest().at("http_status"), 200) << "the log has what was answered";
  configure({{"answer", {{"always_200", true}, {"body", "OK"}}}});
  answer = send(unknown);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "OK");
  EXPECT_EQ(answer.header("Content-Type"), kPlain);
  configure({{"answer", {{"body", "+"}}}});
  EXPECT_EQ(send(unknown).status, 400);
  EXPECT_EQ(send("/postback/acme?token=" + token() + "&click_id=" + server().click()).body, "+");
  configure({{"security", {{"tokens", {"e89bcbe"}}}}});
}

}  // namespace
}  // namespace postback::testing
