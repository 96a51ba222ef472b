// Postbacks over the wire: each verdict with its status, and what the log and the conversions hold afterwards.
#include "support/other_connection.hpp"
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

constexpr std::string_view kForm = "Content-Type: application/x-www-form-urlencoded\r\n";
constexpr std::string_view kJson = "Content-Type: application/json\r\n";

class PostbackOverHttp : public SharedServer<PostbackOverHttp> {
 protected:
  static RawResponse send(const std::string& query) {
    return server().exchange(request_text("GET", "/postback/acme?" + query));
  }
  static std::string with_token(const std::string& query) { return "token=" + token() + "&" + query; }
  /// The newest row of the log.
  static json newest() { return server().get_json("/api/v1/postbacks?limit=1").at("items").at(0); }
  static json conversions_of(const std::string& click) {
    return server().get_json("/api/v1/conversions?click_id=" + click).at("items");
  }
};

/// An answer's code, after checking what all verdicts have in common.
std::string code_of(const RawResponse& answer) {
  expect_well_formed(answer);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  const auto verdict = json::parse(answer.body);
  EXPECT_FALSE(verdict.at("message").get<std::string>().empty());
  EXPECT_TRUE(verdict.at("warnings").is_array());
  EXPECT_TRUE(verdict.contains("postback_id"));
  for (const auto* inner : {"evidence", "fix"}) EXPECT_FALSE(verdict.contains(inner)) << "not for the caller";
  return verdict.at("code").get<std::string>();
}

TEST_F(PostbackOverHttp, TheExampleOfTheSpecification) {
  const auto id = server().click("cid=EXT1");
  const auto answer = send(with_token("click_id=" + id + "&payout=12.50&currency=USD&txid=A1&event=sale"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto verdict = json::parse(answer.body);
  EXPECT_EQ(verdict.at("result"), "accepted");
  EXPECT_EQ(verdict.at("code"), "converted");
  EXPECT_EQ(verdict.at("conversion_id"), id + "-1");
  EXPECT_EQ(verdict.at("warnings"), json::array());
  const auto row = newest();
  EXPECT_EQ(row.at("id"), verdict.at("postback_id"));
  EXPECT_EQ(row.at("conversion_id"), id + "-1");
  EXPECT_EQ(row.at("network"), "acme");
  EXPECT_EQ(row.at("method"), "GET");
  EXPECT_EQ(row.at("http_status"), 200);
  EXPECT_EQ(row.at("auth"), "token");
  EXPECT_EQ(row.at("peer"), "127.0.0.1");
  EXPECT_EQ(row.at("event"), "sale");
  EXPECT_EQ(row.at("txid"), "A1");
  EXPECT_EQ(row.at("payout"), "12.50");
  EXPECT_EQ(row.at("currency"), "USD");
  const auto conversions = conversions_of(id);
  ASSERT_EQ(conversions.size(), 1U);
  EXPECT_EQ(conversions.at(0).at("status"), "approved");
}

struct Verdict {
  const char* name;
  std::string query;  ///< Behind the token; `$` stands for a fresh click's ID.
  int status;
  const char* code;
};

TEST_F(PostbackOverHttp, EveryInputHasItsVerdictAndIsLogged) {
  const std::vector<Verdict> rows = {
      {"click ID that cannot be decoded", "click_id=%zz", 400, "click_id_malformed"},
      {"no click ID", "txid=1", 400, "click_id_missing"},
      {"unreplaced macro", "click_id=%7Bclickid%7D", 400, "click_id_unreplaced"},
      {"unreplaced macro of another system", "click_id=%23s2%23", 400, "click_id_unreplaced"},
      {"word instead of an ID", "click_id=REPLACE_ME", 400, "click_id_unreplaced"},
      {"forged", "click_id=03ev4wssp02009rxt290s0r1y8", 400, "click_id_forged"},
      {"too short", "click_id=abc", 400, "click_id_malformed"},
      {"NUL within", "click_id=$%00x", 400, "click_id_malformed"},
      {"given twice, different", "click_id=$&click_id=abc", 400, "parameter_repeated"},
      {"given twice, equal", "click_id=$&click_id=$", 200, "converted"},
      {"capitals", "CLICK_ID=$", 200, "converted"},
      {"payout 1e308", "click_id=$&payout=1e308", 400, "payout_invalid"},
      {"payout of 20 digits", "click_id=$&payout=99999999999999999999", 400, "payout_invalid"},
      {"payout over 10^9", "click_id=$&payout=1000000000.01", 400, "payout_invalid"},
      {"payout of 10^9", "click_id=$&payout=1000000000", 200, "converted"},
      {"25 decimals", "click_id=$&payout=1.1234567890123456789012345", 200, "converted"},
      {"negative", "click_id=$&payout=-5", 400, "payout_invalid"},
      {"NaN", "click_id=$&payout=NaN", 400, "payout_invalid"},
      {"inf", "click_id=$&payout=inf", 400, "payout_invalid"},
      {"hex", "click_id=$&payout=0x10", 400, "payout_invalid"},
      {"two readings", "click_id=$&payout=1%2C234", 400, "payout_invalid"},
      {"exponent", "click_id=$&payout=1e3", 400, "payout_invalid"},
      {"underscore", "click_id=$&payout=1_0", 400, "payout_invalid"},
      {"Arabic digits", "click_id=$&payout=%D9%A1%D9%A2", 400, "payout_invalid"},
      {"comma", "click_id=$&payout=1%2C50", 200, "converted"},
      {"with currency", "click_id=$&payout=1.5+USD", 200, "converted"},
      {"with sign", "click_id=$&payout=%241.50", 200, "converted"},
      {"empty payout", "click_id=$&payout=", 200, "converted"},
      {"unreplaced payout", "click_id=$&payout=%7Bpayout%7D", 200, "converted"},
      {"currency in small letters", "click_id=$&payout=1&currency=usd", 200, "converted"},
      {"currency QQQ", "click_id=$&payout=1&currency=QQQ", 400, "currency_unknown"},
      {"currency US", "click_id=$&payout=1&currency=US", 400, "currency_unknown"},
      {"unknown status word", "click_id=$&status=glorious", 200, "converted"},
      {"time that cannot be", "click_id=$&time=yesterday", 200, "converted"},
      {"test", "click_id=%zz&test=1", 200, "click_id_malformed"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    auto query = row.query;
    std::string id;
    for (auto at = query.find('$'); at != std::string::npos; at = query.find('$')) {
      if (id.empty()) id = server().click();
      query.replace(at, 1, id);
    }
    const auto answer = send(with_token(query));
    EXPECT_EQ(answer.status, row.status) << answer.body;
    EXPECT_EQ(code_of(answer), row.code) << answer.body;
    const auto logged = newest();
    EXPECT_EQ(logged.at("code"), row.code);
    EXPECT_EQ(logged.at("http_status"), row.status);
    EXPECT_EQ(logged.at("id"), json::parse(answer.body).at("postback_id"));
    EXPECT_EQ(logged.dump().find(token()), std::string::npos) << "the token must be masked";
    if (row.status >= 400) {
      EXPECT_FALSE(logged.at("evidence").get<std::string>().empty());
      EXPECT_FALSE(logged.at("fix").get<std::string>().empty());
    }
  }
  expect_still_serving(server());
}

TEST_F(PostbackOverHttp, AuthenticationAndNetwork) {
  const auto id = server().click();
  EXPECT_EQ(code_of(send("click_id=" + id)), "token_missing");
  EXPECT_EQ(send("click_id=" + id).status, 401);
  EXPECT_EQ(code_of(send("token=wrong&click_id=" + id)), "token_wrong");
  EXPECT_EQ(send("token=wrong&click_id=" + id).status, 403);
  EXPECT_EQ(newest().dump().find("token=wrong"), std::string::npos) << "wrong tokens are masked as well";
  const auto unknown = server().exchange(request_text("GET", "/postback/nobody?click_id=" + id));
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(code_of(unknown), "network_unknown");
  const auto elsewhere = send("key=" + token() + "&click_id=" + id);
  EXPECT_EQ(code_of(elsewhere), "token_missing") << "a token under another name does not authenticate";
  EXPECT_EQ(newest().dump().find(token()), std::string::npos);
  EXPECT_EQ(conversions_of(id).size(), 0U);

  const auto other = server().put("networks", "other", R"({"name":"Other","profile":"generic","currency":"USD"})");
  ASSERT_EQ(other.status, 201);
  const auto their_token = json::parse(other.body).at("token").get<std::string>();
  const auto mismatch =
      server().exchange(request_text("GET", "/postback/other?token=" + their_token + "&click_id=" + id));
  EXPECT_EQ(mismatch.status, 404);
  EXPECT_EQ(code_of(mismatch), "network_mismatch");
  EXPECT_EQ(conversions_of(id).size(), 0U);
}

TEST_F(PostbackOverHttp, WhateverThePathItIsLogged) {
  struct Row {
    const char* path;
    int status;
    const char* code;
    const char* evidence_or_event;
  };
  const std::vector<Row> rows = {
      {"/postback", 200, "converted", "conversion"},
      {"/postback/", 200, "converted", "conversion"},
      {"/postback//sale", 404, "network_unknown", "The path names no network."},
      {"/postback/acme/sale/x", 404, "network_unknown", "`acme/sale/x`"},
      {"/postback/acme/sale/", 404, "network_unknown", "`acme/sale/`"},
      {"/postback/acme%2Fsale", 404, "network_unknown", "`acme/sale`"},
      {"/postback/acme", 200, "converted", "conversion"},
      {"/postback/acme/", 200, "converted", "conversion"},
      {"/postback/acm%65/s%61le", 200, "converted", "sale"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.path);
    const auto target = std::string(row.path) + "?" + with_token("click_id=" + server().click());
    const auto answer = server().exchange(request_text("GET", target));
    EXPECT_EQ(answer.status, row.status);
    EXPECT_EQ(code_of(answer), row.code);
    const auto logged = newest();
    EXPECT_EQ(logged.at("id"), json::parse(answer.body).at("postback_id"));
    EXPECT_TRUE(logged.at("target").get<std::string>().starts_with(std::string(row.path) + "?"));
    if (row.status == 200)
      EXPECT_EQ(logged.at("event"), row.evidence_or_event);
    else
      EXPECT_NE(logged.at("evidence").get<std::string>().find(row.evidence_or_event), std::string::npos) << logged;
  }
}

TEST_F(PostbackOverHttp, EveryFormOfRequestIsRead) {
  const auto expect_converted = [&](const char* name, const std::string& id, const std::string& bytes) {
    SCOPED_TRACE(name);
    const auto answer = server().exchange(bytes);
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(code_of(answer), "converted");
    const auto conversions = conversions_of(id);
    ASSERT_EQ(conversions.size(), 1U);
    EXPECT_EQ(conversions.at(0).at("txid"), "F1");
    EXPECT_EQ(conversions.at(0).at("payout"), "3.25");
    EXPECT_EQ(conversions.at(0).at("event"), "signup");
    EXPECT_EQ(newest().dump().find(token()), std::string::npos) << "the token must be masked";
  };
  auto id = server().click();
  expect_converted(
      "query", id,
      request_text("GET", "/postback/acme?event=signup&txid=F1&payout=3.25&click_id=" + id + "&token=" + token()));
  id = server().click();
  expect_converted(
      "event in the path", id,
      request_text("GET", "/postback/acme/signup?txid=F1&payout=3.25&click_id=" + id + "&token=" + token()));
  id = server().click();
  expect_converted("form", id,
                   request_text("POST", "/postback/acme", kForm,
                                "event=signup&txid=F1&payout=3.25&click_id=" + id + "&token=" + token()));
  id = server().click();
  expect_converted(
      "query and form", id,
      request_text("POST", "/postback/acme/signup?token=" + token(), kForm, "txid=F1&payout=3.25&click_id=" + id));
  id = server().click();
  expect_converted("JSON", id,
                   request_text("POST", "/postback/acme", kJson,
                                R"({"event":"signup","txid":"F1","payout":3.25,"click_id":")" + id + R"(","token":")" +
                                    token() + "\"}"));
  id = server().click();
  expect_converted("JSON with charset", id,
                   request_text("POST", "/postback/acme/signup?token=" + token(),
                                "Content-Type: application/json; charset=utf-8\r\n",
                                R"({"txid":"F1","payout":"3.25","click_id":")" + id + "\"}"));
  id = server().click();
  expect_converted("absolute form", id,
                   request_text("GET", "http://x.example/postback/acme/signup?txid=F1&payout=3.25&click_id=" + id +
                                           "&token=" + token()));
}

TEST_F(PostbackOverHttp, JsonThatIsNotOneSoundObjectIsRefused) {
  const auto id = server().click();
  const auto sound = R"({"click_id":")" + id + "\"}";
  const std::vector<std::pair<const char*, std::string>> rows = {
      {"depth of 10,000", std::string(10'000, '[') + std::string(10'000, ']')},
      {"depth of 33", R"({"click_id":")" + id + R"(","a":)" + std::string(33, '[') + std::string(33, ']') + "}"},
      {"something after it", sound + "x"},
      {"byte order mark", "\xEF\xBB\xBF" + sound},
      {"lone surrogate", R"({"a":"\ud800","click_id":")" + id + "\"}"},
      {"invalid UTF-8", "{\"a\":\"\xFF\",\"click_id\":\"" + id + "\"}"},
      {"cut off", sound.substr(0, sound.size() - 1)},
      {"array", "[" + sound + "]"},
      {"text", "\"x\""},
      {"comment", "/**/" + sound},
      {"NaN", R"({"payout":NaN,"click_id":")" + id + "\"}"},
  };
  for (const auto& [name, body] : rows) {
    SCOPED_TRACE(name);
    const auto answer = server().exchange(request_text("POST", "/postback/acme?token=" + token(), kJson, body));
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(code_of(answer), "unparseable");
    EXPECT_EQ(newest().at("code"), "unparseable");
  }
  const auto repeated = server().exchange(
      request_text("POST", "/postback/acme?token=" + token(), kJson, R"({"click_id":"x","click_id":")" + id + "\"}"));
  EXPECT_EQ(repeated.status, 400);
  EXPECT_EQ(code_of(repeated), "parameter_repeated");
  EXPECT_EQ(conversions_of(id).size(), 0U);
  const auto typed =
      server().exchange(request_text("POST", "/postback/acme?token=" + token(), "Content-Type: text/xml\r\n", "<a/>"));
  EXPECT_EQ(typed.status, 400);
  EXPECT_EQ(code_of(typed), "unparseable");
  expect_still_serving(server());
}

TEST_F(PostbackOverHttp, ABodyThatIsTooLargeIsLoggedAndRefused) {
  const auto answer =
      server().exchange(request_text("POST", "/postback/acme?token=" + token(), kForm, std::string(65'537, 'x')));
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(code_of(answer), "too_large");
  EXPECT_EQ(newest().at("code"), "too_large");
}

TEST_F(PostbackOverHttp, RepeatsAndChangesOfStatus) {
  const auto id = server().click();
  const auto say = [&](const std::string& more) { return send(with_token("click_id=" + id + "&payout=1&" + more)); };
  EXPECT_EQ(code_of(say("txid=T1&status=pending")), "converted");
  EXPECT_EQ(code_of(say("txid=T1&status=pending")), "duplicate");
  EXPECT_EQ(code_of(say("txid=T1&status=approved")), "updated");
  EXPECT_EQ(code_of(say("txid=T1&status=rejected")), "updated");
  const auto refused = say("txid=T1&status=pending");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(code_of(refused), "status_transition");
  EXPECT_EQ(code_of(say("txid=T2")), "converted");
  const auto conversions = conversions_of(id);
  ASSERT_EQ(conversions.size(), 2U);
  std::set<std::string> states;
  for (const auto& each : conversions)
    states.insert(each.at("txid").get<std::string>() + " " + each.at("status").get<std::string>());
  EXPECT_EQ(states, (std::set<std::string>{"T1 rejected", "T2 approved"}));
}

TEST_F(PostbackOverHttp, ATestChangesNothing) {
  const auto id = server().click();
  const auto answer = send(with_token("click_id=" + id + "&test=1"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(json::parse(answer.body).at("result"), "test");
  EXPECT_EQ(code_of(answer), "converted");
  EXPECT_EQ(conversions_of(id).size(), 0U);
}

TEST_F(PostbackOverHttp, MethodsThatPostbacksDoNotTake) {
  const auto id = server().click();
  const auto target = "/postback/acme?" + with_token("click_id=" + id);
  const auto head = server().exchange(request_text("HEAD", target), Asked::head);
  EXPECT_EQ(head.status, 405);
  EXPECT_EQ(head.header("Allow"), "GET, POST, OPTIONS");
  EXPECT_EQ(server().exchange(request_text("PUT", target)).status, 405);
  EXPECT_EQ(server().exchange(request_text("OPTIONS", target)).status, 204);
  EXPECT_EQ(conversions_of(id).size(), 0U);
}

TEST(PostbackRaces, AThousandRepeatsOverManyConnectionsAreOneConversion) {
  TestServer server([](AppOptions& options) { options.io_threads = 2; });
  const auto token = server.example_catalog();
  const auto id = server.click();
  const auto bytes = request_text("GET", "/postback/acme?txid=once&payout=2&token=" + token + "&click_id=" + id);
  std::string burst;
  constexpr int kThreads = 8;
  constexpr int kEach = 125;
  for (int i = 0; i < kEach; ++i) burst += bytes;
  std::vector<std::thread> threads;
  std::vector<std::string> failures(kThreads);
  std::vector<int> converted(kThreads);
  for (std::size_t i = 0; i < kThreads; ++i)
    threads.emplace_back([&, i] {
      try {
        auto client = server.connect();
        client.send(burst);
        for (int answers = 0; answers < kEach; ++answers) {
          const auto answer = client.read_response();
          const auto verdict = json::parse(answer.body);
          if (answer.status != 200) failures[i] += answer.body;
          if (verdict.at("code") == "converted") ++converted[i];
          if (verdict.at("conversion_id") != id + "-1") failures[i] += answer.body;
        }
      } catch (const std::exception& error) {
        failures[i] += error.what();
      }
    });
  for (auto& thread : threads) thread.join();
  int total = 0;
  for (std::size_t i = 0; i < kThreads; ++i) {
    EXPECT_EQ(failures[i], "");
    total += converted[i];
  }
  EXPECT_EQ(total, 1);
  EXPECT_EQ(server.get_json("/api/v1/conversions?click_id=" + id).at("items").size(), 1U);
  // A page has a time budget, so it may be short.
  std::size_t logged = 0;
  std::string cursor;
  do {
    const auto page = server.get_json("/api/v1/postbacks?limit=1000" + cursor);
    logged += page.at("items").size();
    cursor = page.at("next").is_null() ? "" : "&cursor=" + page.at("next").get<std::string>();
  } while (!cursor.empty());
  EXPECT_EQ(logged, 1000U);
}

TEST(PostbackWithoutClick, AValidIdWhoseClickIsNotStoredIs404) {
  TestServer server;
  const auto token = server.example_catalog();
  const auto id = server.click();
  ASSERT_TRUE(server.stop());
  OtherConnection(server.store_file()).execute("DELETE FROM click");
  server.restart();
  const auto answer = server.exchange(request_text("GET", "/postback/acme?token=" + token + "&click_id=" + id));
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(code_of(answer), "click_unknown");
  const auto logged = server.get_json("/api/v1/postbacks?code=click_unknown").at("items");
  ASSERT_EQ(logged.size(), 1U);
  EXPECT_EQ(logged.at(0).at("click_id"), id);
  EXPECT_EQ(server.get("/api/v1/clicks/" + id).status, 404);
}

}  // namespace
}  // namespace postback::testing
