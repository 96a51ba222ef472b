// Batches of postbacks over the wire, conversions by hand, corrections, and the end of holds.
#include "support/eventually.hpp"
#include "support/fake_clock.hpp"
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

class Batches : public ::testing::Test {
 protected:
  RawResponse batch(std::string_view body, std::string_view type, const std::string& query) {
    return server_.exchange(
        request_text("POST", "/postback/acme/batch" + query, "Content-Type: " + std::string(type) + "\r\n", body));
  }
  RawResponse batch(std::string_view body, std::string_view type = "application/json") {
    return batch(body, type, "?token=" + token_);
  }
  static std::vector<std::string> codes(const RawResponse& answer) {
    std::vector<std::string> all;
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto document = json::parse(answer.body);
    for (const auto& item : document.at("items")) {
      EXPECT_EQ(item.at("row"), all.size() + 1);
      all.push_back(item.at("code"));
    }
    return all;
  }
  json conversions_of(const std::string& click) {
    return server_.get_json("/api/v1/conversions?click_id=" + click).at("items");
  }
  RawResponse patch(const std::string& id, std::string_view body, const std::string& headers = {}) {
    return server_.exchange(
        request_text("PATCH", "/api/v1/conversions/" + id,
                     std::string(TestServer::kKeyHeader) + "Content-Type: application/json\r\n" + headers, body));
  }
  void put_network(json more) {
    more.update({{"name", "Acme"}, {"click_param", "sub1"}, {"currency", "USD"}, {"token", token_}});
    const auto answer = server_.put("networks", "acme", more.dump());
    ASSERT_EQ(answer.status, 200) << answer.body;
  }

  FakeClock clock_{std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())};
  TestServer server_{[](AppOptions& options) {
                       options.batch.rows = 5;
                       options.batch.bytes = 4096;
                     },
                     &clock_};
  std::string token_ = server_.example_catalog();
};

TEST_F(Batches, TwoPostbacksOfOneTransactionSeeEachOther) {
  const auto id = server_.click();
  const std::string row = R"({"click_id":")" + id + R"(","payout":12.50,"txid":"A1"})";
  const auto answer = batch("[" + row + "," + row + R"(, {"click_id":")" + id + R"(","txid":"A1","status":"refund"},)" +
                            row + R"(, {"click_id":"nonsense"}])");
  EXPECT_EQ(codes(answer),
            (std::vector<std::string>{"converted", "duplicate", "updated", "updated", "click_id_malformed"}));
  const auto items = json::parse(answer.body).at("items");
  EXPECT_EQ(items.at(3).at("conversion_id"), id + "-1");
  EXPECT_EQ(items.at(4).at("http_status"), 400);
  EXPECT_FALSE(items.at(4).contains("fix")) << "not for the caller";
  ASSERT_EQ(conversions_of(id).size(), 1U);
  EXPECT_EQ(conversions_of(id).at(0).at("payout"), "12.50");
  EXPECT_EQ(conversions_of(id).at(0).at("status"), "approved");
  const auto log = server_.get_json("/api/v1/postbacks?limit=10").at("items");
  ASSERT_EQ(log.size(), 5U);
  EXPECT_EQ(log.at(4).at("id"), items.at(0).at("postback_id"));
  EXPECT_EQ(log.at(4).at("target"), "/postback/acme?token=***");
  EXPECT_EQ(log.at(4).at("body"), row);
  EXPECT_EQ(log.at(4).at("auth"), "token");
  EXPECT_NE(log.at(4).at("headers").get<std::string>().find("Content-Type: application/json"), std::string::npos);
  const auto revisions = server_.get_json("/api/v1/conversions/" + id + "-1").at("revisions");
  ASSERT_EQ(revisions.size(), 3U);
  EXPECT_EQ(revisions.at(1).at("status"), "rejected");
  EXPECT_EQ(revisions.at(1).at("cause"), "postback");
  EXPECT_EQ(revisions.at(1).at("postback_id"), items.at(2).at("postback_id"));
}

TEST_F(Batches, LinesAndCsvAreTheSame) {
  const auto id = server_.click();
  EXPECT_EQ(
      codes(batch("{\"click_id\":\"" + id + "\",\"txid\":\"A\",\"payout\":\"1\"}\n\n{\"click_id\":\"" + id + "\"}\n",
                  "application/x-ndjson")),
      (std::vector<std::string>{"converted", "converted"}));
  EXPECT_EQ(codes(batch("click_id,txid,payout,reason\r\n" + id + ",B,\"2,50\",\"a \"\"b\"\"\"\r\n" + id + ",A,1,\r\n" +
                            id + "\r\n",
                        "text/csv")),
            (std::vector<std::string>{"converted", "duplicate", "unparseable"}));
  EXPECT_EQ(conversions_of(id).at(0).at("payout"), "2.50");
  EXPECT_EQ(conversions_of(id).at(0).at("reason"), "a \"b\"");
  EXPECT_EQ(codes(batch("[]")), std::vector<std::string>{});
}

TEST_F(Batches, AreRefusedAsAWhole) {
  const auto id = server_.click();
  const std::string row = R"({"click_id":")" + id + R"("})";
  const std::string with = "?token=" + token_;
  const std::string json_type = "application/json";
  struct Refusal {
    std::string body;
    std::string type;
    std::string query;
    int status;
    const char* code;
  };
  const std::string six = "[" + row + "," + row + "," + row + "," + row + "," + row + "," + row + "]";
  const Refusal refusals[] = {
      {"[" + row + "]", json_type, "", 401, "token_missing"},
      {"[" + row + "]", json_type, "?token=wrong", 403, "token_wrong"},
      {std::string(5000, ' '), json_type, "", 401, "token_missing"},
      {"[" + row, json_type, with, 400, "unparseable"},
      {row, "text/plain", with, 400, "unparseable"},
      {six, json_type, with, 413, "too_large"},
      {std::string(5000, ' '), json_type, with, 413, "too_large"},
  };
  for (const auto& refusal : refusals) {
    SCOPED_TRACE(refusal.code);
    const auto answer = batch(refusal.body, refusal.type, refusal.query);
    EXPECT_EQ(answer.status, refusal.status) << answer.body;
    EXPECT_EQ(json::parse(answer.body).at("code"), refusal.code);
    EXPECT_EQ(server_.get_json("/api/v1/postbacks?limit=1").at("items").at(0).at("code"), refusal.code);
  }
  EXPECT_TRUE(conversions_of(id).empty());
  EXPECT_EQ(server_.get_json("/api/v1/postbacks?limit=100").at("items").size(), std::size(refusals));
}

// Where a batch is signed the body decides, but much is wrong without it: such a body is not read.
TEST_F(Batches, OfSigningNetworksOnlyWhatCanBeRightIsRead) {
  const json hmac{{"secrets", {"first-secret"}}};
  const json webhook{{"secrets", {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}}};
  const std::string sign = "&ts=1&sign=" + std::string(64, 'a');
  const std::string headers = "webhook-id: 1\r\nwebhook-timestamp: 1\r\nwebhook-signature: v1,x\r\n";
  struct Row {
    json network;
    std::string query;
    std::string headers;
    const char* code;
    bool read = false;
  };
  const Row rows[] = {
      {{{"security", {{"hmac", hmac}}}}, "?token=" + token_ + sign, "", "signature_wrong", true},
      {{{"security", {{"hmac", hmac}}}}, "?token=" + token_, "", "signature_missing"},
      {{{"security", {{"hmac", hmac}}}}, "?token=wrong" + sign, "", "token_wrong"},
      {{{"security", {{"hmac", hmac}}}}, "?x=1" + sign, "", "token_missing"},
      {{{"security", {{"hmac", hmac}, {"https_only", true}}}}, "?token=" + token_ + sign, "", "https_required"},
      {{{"security", {{"hmac", hmac}, {"allow_ips", {"192.0.2.1"}}}}}, "?token=" + token_ + sign, "", "ip_not_allowed"},
      {{{"security", {{"hmac", hmac}}}, {"disabled", true}}, "?token=" + token_ + sign, "", "network_disabled"},
      {{{"security", {{"webhook", webhook}}}}, "?token=" + token_, headers, "signature_wrong", true},
      {{{"security", {{"webhook", webhook}}}}, "?token=" + token_, "", "signature_missing"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.code + row.query + row.headers + row.network.dump());
    put_network(row.network);
    auto client = server_.connect();
    // More than the server accepts: it answers without waiting for it, or says 413 once it has authenticated.
    client.send("POST /postback/acme/batch" + row.query + " HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n" +
                row.headers + "Content-Length: 4000\r\n\r\n");
    if (row.read) client.send(std::string(4000, ' '));
    const auto answer = client.read_response();
    EXPECT_EQ(json::parse(answer.body).at("code"), row.code);
  }
}

TEST_F(Batches, ConversionsByHandAreOfTheClicksNetwork) {
  const auto id = server_.click();
  const auto answer = server_.post("/api/v1/conversions",
                                   R"([{"click_id":")" + id + R"(","payout":"7","txid":"M1"},{"click_id":")" + id +
                                       R"(","payout":7,"txid":"M1"},{"click_id":"x"},{}])",
                                   "application/json");
  EXPECT_EQ(codes(answer),
            (std::vector<std::string>{"converted", "duplicate", "click_id_malformed", "click_id_missing"}));
  const auto row = server_.get_json("/api/v1/postbacks?code=converted").at("items").at(0);
  EXPECT_EQ(row.at("auth"), "key");
  EXPECT_EQ(row.at("network"), "acme");
  EXPECT_EQ(row.at("conversion_id"), id + "-1");
  EXPECT_EQ(row.at("headers").get<std::string>().find("k1"), std::string::npos);
  EXPECT_EQ(
      codes(server_.post("/api/v1/conversions", R"({"click_id":")" + id + R"(","txid":"M2"})", "application/json")),
      std::vector<std::string>{"converted"});
  EXPECT_EQ(codes(server_.post("/api/v1/conversions", "click_id,txid\n" + id + ",M3\n", "text/csv")),
            std::vector<std::string>{"converted"});
  EXPECT_EQ(server_.get_json("/api/v1/audit?action=conversion.create").at("items").size(), 3U);
  for (const auto& [body, type, status] : std::vector<std::tuple<std::string, std::string, int>>{
           {R"({"click_id":"x","pay_out":1})", "application/json", 400},
           {"click_id,sum\nx,1\n", "text/csv", 400},
           {"[", "application/json", 400},
           {"[]", "application/json", 400},
           {"{}\n{}\n{}\n{}\n{}\n{}\n", "application/x-ndjson", 413},
           {"x", "text/plain", 415}}) {
    EXPECT_EQ(server_.post("/api/v1/conversions", body, type).status, status) << body;
  }
}

TEST_F(Batches, CorrectionsAreRevisions) {
  const auto id = server_.click();
  ASSERT_EQ(codes(batch(R"([{"click_id":")" + id + R"(","payout":5}])")), std::vector<std::string>{"converted"});
  const auto corrected = patch(id + "-1", R"({"status":"rejected","payout":"6","amount":"60","reason":"agreed"})");
  ASSERT_EQ(corrected.status, 200) << corrected.body;
  EXPECT_EQ(corrected.header("ETag"), "\"2\"");
  const auto shown = json::parse(corrected.body);
  EXPECT_EQ(shown.at("status"), "rejected");
  EXPECT_EQ(shown.at("payout"), "6.00");
  EXPECT_EQ(shown.at("amount"), "60.00");
  EXPECT_EQ(shown.at("revisions").at(1).at("cause"), "correction");
  EXPECT_EQ(shown.at("revisions").at(1).at("postback_id"), nullptr);
  EXPECT_EQ(patch(id + "-1", R"({"status":"pending"})", "If-Match: \"1\"\r\n").status, 412);
  EXPECT_EQ(patch(id + "-1", R"({"status":"pending"})", "If-Match: \"2\"\r\n").status, 200);
  EXPECT_EQ(patch(id + "-2", R"({"status":"pending"})").status, 404);
  EXPECT_EQ(patch(id, R"({"status":"pending"})").status, 400);
  EXPECT_EQ(patch(id + "-1", R"({"status":"held"})").status, 400);
  EXPECT_EQ(patch(id + "-1", "{}").status, 400);
  EXPECT_EQ(server_.get_json("/api/v1/audit?action=conversion.correct").at("items").size(), 2U);
}

TEST_F(Batches, AHoldEndsByItself) {
  put_network({{"rules", {{{"name", "all"}, {"action", "hold"}, {"hold_s", 600}}}}});
  const auto id = server_.click();
  ASSERT_EQ(codes(batch(R"([{"click_id":")" + id + R"(","payout":5}])")), std::vector<std::string>{"converted"});
  auto shown = server_.get_json("/api/v1/conversions/" + id + "-1");
  EXPECT_EQ(shown.at("status"), "pending");
  EXPECT_EQ(shown.at("held"), true);
  EXPECT_NE(shown.at("held_until"), nullptr);
  clock_.step(std::chrono::minutes{10});
  eventually([&] { return (shown = server_.get_json("/api/v1/conversions/" + id + "-1")).at("status") != "pending"; });
  EXPECT_EQ(shown.at("status"), "approved");
  EXPECT_EQ(shown.at("held"), false);
  EXPECT_EQ(shown.at("revisions").at(1).at("cause"), "hold");
}

}  // namespace
}  // namespace postback::testing
