// What networks may ask of their postbacks, over the wire: proxies that are trusted, limits of requests, and secrets
// that only admins see.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

std::string code_of(const RawResponse& answer) { return json::parse(answer.body).at("code").get<std::string>(); }
json rows_of(const TestServer& server, const std::string& filter) {
  return server.get_json("/api/v1/postbacks?" + filter).at("items");
}

void trust_this_machine(AppOptions& options) { options.trusted_proxies = {"127.0.0.0/8", "10.0.0.0/8"}; }

TEST(TrustedProxies, TheRightMostAddressThatIsNoneIsTheCallers) {
  const TestServer server(trust_this_machine);
  server.example_catalog();
  struct Row {
    const char* headers;
    const char* peer;
  };
  const std::vector<Row> rows{
      {"", "127.0.0.1"},
      {"X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1"},
      {"X-Forwarded-For: 203.0.113.9, 192.0.2.1\r\n", "192.0.2.1"},
      {"X-Forwarded-For: 203.0.113.9,192.0.2.1 , 10.1.2.3\r\n", "192.0.2.1"},
      {"X-Forwarded-For: 10.1.1.1, 10.1.2.3\r\n", "10.1.1.1"},
      {"x-forwarded-for: 192.0.2.1\r\nX-Forwarded-For: 10.1.2.3\r\n", "192.0.2.1"},
      {"X-Forwarded-For: 192.0.2.1, unknown\r\n", "127.0.0.1"},
      {"X-Forwarded-For: 192.0.2.1, unknown, 10.1.2.3\r\n", "10.1.2.3"},
      {"X-Forwarded-For: \r\n", "127.0.0.1"},
      {"X-Forwarded-For: 192.0.2.1:4711\r\n", "192.0.2.1"},
      {"X-Forwarded-For: [2001:db8::1]:4711\r\n", "2001:db8::1"},
      {"X-Forwarded-For: 2001:db8::1\r\n", "2001:db8::1"},
      {"X-Forwarded-For: 192.0.2.1<b>\r\n", "127.0.0.1"},
      {"X-Real-IP: 192.0.2.1\r\n", "127.0.0.1"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.headers);
    ASSERT_EQ(server.exchange(request_text("GET", "/postback/nobody", row.headers)).status, 404);
    EXPECT_EQ(rows_of(server, "limit=1").at(0).at("peer"), row.peer);
    const auto clicked = server.exchange(request_text("GET", "/c/summer", row.headers));
    const auto click = query_value(clicked.header("Location").value_or(""), "sub1");
    EXPECT_EQ(server.get_json("/api/v1/clicks/" + click).at("ip"), row.peer);
  }
}

TEST(TrustedProxies, NobodyElseIsBelieved) {
  const TestServer server([](AppOptions& options) { options.trusted_proxies = {"10.0.0.0/8"}; });
  server.exchange(request_text("GET", "/postback/nobody", "X-Forwarded-For: 192.0.2.1\r\n"));
  EXPECT_EQ(rows_of(server, "limit=1").at(0).at("peer"), "127.0.0.1");
}

TEST(TrustedProxies, CountBadKeysByTheCallersAddress) {
  const TestServer server(trust_this_machine);
  const auto ask = [&server](const std::string& address) {
    return server
        .exchange(request_text("GET", "/api/v1/networks",
                               "Authorization: Bearer wrong\r\nX-Forwarded-For: " + address + "\r\n"))
        .status;
  };
  for (int i = 0; i < 11; ++i) ask("192.0.2.1");
  EXPECT_EQ(ask("192.0.2.1"), 429);
  EXPECT_EQ(ask("192.0.2.2"), 401);
}

/// The example's network with more fields; what is missing has its default.
void configure(const TestServer& server, const std::string& token, json more) {
  more.update({{"name", "Acme"}, {"click_param", "sub1"}, {"currency", "USD"}, {"token", token}});
  ASSERT_EQ(server.put("networks", "acme", more.dump()).status, 200);
}

TEST(IncomingSecurity, EachCheckIsMendedAsItsFixSays) {
  const TestServer server(trust_this_machine);
  const auto token = server.example_catalog();
  const auto send = [&](const std::string& headers = {}) {
    return code_of(
        server.exchange(request_text("GET", "/postback/acme?token=" + token + "&click_id=" + server.click(), headers)));
  };
  configure(server, token, {{"disabled", true}});
  EXPECT_EQ(send(), "network_disabled");
  configure(server, token, {{"security", {{"https_only", true}}}});
  EXPECT_EQ(send(), "https_required");
  EXPECT_EQ(send("X-Forwarded-Proto: http\r\n"), "https_required");
  EXPECT_EQ(send("X-Forwarded-Proto: https\r\n"), "converted");
  EXPECT_EQ(send("X-Forwarded-Proto: https, http\r\n"), "https_required");
  EXPECT_EQ(send("X-Forwarded-Proto: http, https\r\n"), "converted");
  // Of several fields the last one is the nearest proxy's.
  EXPECT_EQ(send("X-Forwarded-Proto: https\r\nX-Forwarded-Proto: http\r\n"), "https_required");
  EXPECT_EQ(send("X-Forwarded-Proto: http\r\nx-forwarded-proto: https\r\n"), "converted");
  EXPECT_EQ(send("X-Forwarded-Proto: https\r\nX-Forwarded-Proto: \r\n"), "https_required");
  configure(server, token, {{"security", {{"allow_ips", {"192.0.2.0/24"}}}}});
  EXPECT_EQ(send(), "ip_not_allowed");
  EXPECT_EQ(send("X-Forwarded-For: 192.0.2.7\r\n"), "converted");
  EXPECT_EQ(send("X-Forwarded-For: 192.0.2.7, 198.51.100.1\r\n"), "ip_not_allowed");
  configure(server, token, {{"security", {{"hmac", {{"secrets", {"first-secret"}}}}}}});
  EXPECT_EQ(send(), "signature_missing");
  configure(server, token, {});
  EXPECT_EQ(send(), "converted");
}

TEST(IncomingSecurity, ASignedPostbackSentAgainIsADuplicate) {
  const TestServer server;
  const auto token = server.example_catalog();
  configure(server, token,
            {{"security", {{"token", false}, {"webhook", {{"secrets", {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}}}}}}});
  const auto answer = server.exchange(request_text(
      "POST", "/postback/acme",
      "Content-Type: application/json\r\nwebhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek\r\nwebhook-timestamp: 1614265330\r\n"
      "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=\r\n",
      R"({"test": 2432232314})"));
  EXPECT_EQ(code_of(answer), "signature_stale") << "the published vector verifies, but is years old";
  const auto logged = rows_of(server, "limit=1").at(0);
  EXPECT_EQ(logged.dump().find("g0hM9SsE"), std::string::npos) << "signatures are masked";
}

TEST(IncomingSecurity, OnlyAdminsSeeSecrets) {
  const TestServer server;
  const auto token = server.example_catalog();
  configure(server, token,
            {{"security",
              {{"tokens", {"e89bcbe", "older-token"}},
               {"hmac", {{"secrets", {"first-secret"}}}},
               {"webhook", {{"secrets", {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}}}}}}});
  const auto made = server.post("/api/v1/keys", R"({"id":"reader","name":"R","role":"viewer"})", "application/json");
  const auto key = json::parse(made.body).at("key").get<std::string>();
  for (const auto* target : {"/api/v1/networks/acme", "/api/v1/networks", "/api/v1/revisions/1/compare?with=6"}) {
    SCOPED_TRACE(target);
    const auto seen = server.exchange(request_text("GET", target, "Authorization: Bearer " + key + "\r\n")).body;
    for (const auto& secret : {token, std::string("e89bcbe"), std::string("older-token"), std::string("first-secret"),
                               std::string("MfKQ9r8")}) {
      EXPECT_EQ(seen.find(secret), std::string::npos) << seen;
    }
  }
  const auto shown = server.get_json("/api/v1/networks/acme").at("security");
  EXPECT_EQ(shown.at("tokens"), json({"e89bcbe", "older-token"}));
  EXPECT_EQ(shown.at("hmac"), json({{"secrets", {"first-secret"}}, {"skew_s", 300}}));
  server.exchange(request_text("GET", "/postback/acme/older-token?x=first-secret&y=e89bcbe", "X: older-token\r\n"));
  const auto logged = rows_of(server, "limit=1").at(0).dump();
  for (const auto* secret : {"older-token", "first-secret", "e89bcbe"}) {
    EXPECT_EQ(logged.find(secret), std::string::npos) << logged;
  }
}

TEST(RequestLimits, HoldUpWhoDoesNotAuthenticateAndNobodyElse) {
  const TestServer server([](AppOptions& options) {
    options.trusted_proxies = {"127.0.0.1"};
    options.postbacks = {
        .unauthenticated_per_peer = 5, .unauthenticated_in_all = 8, .logged_per_peer = 100, .logged_in_all = 100};
  });
  const auto token = server.example_catalog();
  const auto send = [&](const std::string& given, const std::string& address) {
    return server.exchange(request_text("GET", "/postback/acme?token=" + given + "&click_id=" + server.click(),
                                        "X-Forwarded-For: " + address + "\r\n"));
  };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(send("wrong", "192.0.2.1").status, 403);
  const auto held = send("wrong", "192.0.2.1");
  expect_well_formed(held);
  EXPECT_EQ(held.status, 429);
  EXPECT_EQ(code_of(held), "rate_limited");
  const auto wait = std::stoi(std::string(held.header("Retry-After").value_or("0")));
  EXPECT_GE(wait, 1);
  EXPECT_LE(wait, 60);
  EXPECT_EQ(send(token, "192.0.2.1").status, 200) << "the right token works from there all the same";
  EXPECT_EQ(send("wrong", "192.0.2.2").status, 403);
  EXPECT_EQ(send("wrong", "192.0.2.3").status, 403);
  EXPECT_EQ(send("wrong", "192.0.2.4").status, 429) << "the ninth in all";
  EXPECT_EQ(send(token, "192.0.2.4").status, 200);
  const auto logged = rows_of(server, "code=rate_limited");
  ASSERT_EQ(logged.size(), 2U);
  EXPECT_NE(logged.at(1).at("fix").get<std::string>().find("postbacks.unauthenticated_per_peer"), std::string::npos);
  EXPECT_NE(logged.at(1).at("evidence").get<std::string>().find("token_wrong"), std::string::npos);
}

TEST(RequestLimits, ATestIsAnswered200AndHasNothingToComeBackFor) {
  const TestServer server([](AppOptions& options) {
    options.postbacks = {
        .unauthenticated_per_peer = 1, .unauthenticated_in_all = 100, .logged_per_peer = 100, .logged_in_all = 100};
  });
  server.example_catalog();
  const std::string wrong = "?token=wrong";
  EXPECT_EQ(server.exchange(request_text("GET", "/postback/acme" + wrong)).status, 403);
  EXPECT_TRUE(server.exchange(request_text("GET", "/postback/acme" + wrong)).header("Retry-After"));
  for (const auto& tested : {server.exchange(request_text("GET", "/postback/acme" + wrong + "&test=1")),
                             server.exchange(request_text("POST", "/postback/acme/batch" + wrong + "&test=1",
                                                          "Content-Type: application/json\r\n", "[]"))}) {
    EXPECT_EQ(tested.status, 200);
    EXPECT_EQ(code_of(tested), "rate_limited");
    EXPECT_FALSE(tested.header("Retry-After"));
  }
}

TEST(RequestLimits, ANetworkMayLimitWhatAuthenticates) {
  const TestServer server;
  const auto token = server.example_catalog();
  configure(server, token, {{"security", {{"requests_per_minute", 2}}}});
  const auto send = [&](const std::string& given) {
    return server.exchange(request_text("GET", "/postback/acme?token=" + given + "&click_id=" + server.click()));
  };
  EXPECT_EQ(send("wrong").status, 403) << "does not count";
  EXPECT_EQ(send(token).status, 200);
  EXPECT_EQ(send(token).status, 200);
  const auto held = send(token);
  EXPECT_EQ(held.status, 429);
  EXPECT_TRUE(held.header("Retry-After"));
  const auto logged = rows_of(server, "code=rate_limited").at(0);
  EXPECT_EQ(logged.at("auth"), "token");
  EXPECT_NE(logged.at("fix").get<std::string>().find("requests_per_minute"), std::string::npos);
}

TEST(RequestLimits, RowsOfAStrangersBatchCountLikeRequests) {
  const TestServer server([](AppOptions& options) {
    options.batch.rows = 10;
    options.batch.bytes = 4096;
    options.postbacks = {
        .unauthenticated_per_peer = 0, .unauthenticated_in_all = 0, .logged_per_peer = 3, .logged_in_all = 100};
  });
  const auto token = server.example_catalog();
  configure(server, token, {{"security", {{"token", false}}}});
  const auto batch = [&](const std::string& body, const std::string& query = {}) {
    return server.exchange(
        request_text("POST", "/postback/acme/batch" + query, "Content-Type: application/json\r\n", body));
  };
  const auto row = [](const std::string& id) { return R"({"click_id":")" + id + R"("})"; };
  const std::string bad = row("nonsense");
  const auto answer =
      batch("[" + bad + "," + row(server.click()) + "," + bad + "," + bad + "," + bad + "," + bad + "]");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto items = json::parse(answer.body).at("items");
  ASSERT_EQ(items.size(), 6U) << "each row has its verdict, logged or not";
  for (std::size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(items.at(i).at("code"), i == 1 ? "converted" : "click_id_malformed") << i;
  }
  EXPECT_EQ(rows_of(server, "code=click_id_malformed").size(), 3U);
  EXPECT_EQ(rows_of(server, "code=converted").size(), 1U) << "what counts is logged whatever came";
  // A batch that is refused as a whole is one more of them.
  EXPECT_EQ(batch(std::string(5000, ' ')).status, 413);
  EXPECT_EQ(batch("[" + bad).status, 400);
  EXPECT_EQ(rows_of(server, "").size(), 4U);
  // Who authenticates is not held up.
  configure(server, token, {});
  ASSERT_EQ(batch("[" + bad + "," + bad + "]", "?token=" + token).status, 200);
  EXPECT_EQ(rows_of(server, "").size(), 6U);
}

TEST(RequestLimits, AStrangersBatchIsHeldUpRowByRow) {
  const TestServer server([](AppOptions& options) {
    options.batch.rows = 10;
    options.postbacks = {
        .unauthenticated_per_peer = 2, .unauthenticated_in_all = 100, .logged_per_peer = 100, .logged_in_all = 100};
  });
  configure(server, server.example_catalog(), {{"security", {{"token", false}}}});
  const auto answer = server.exchange(
      request_text("POST", "/postback/acme/batch", "Content-Type: application/json\r\n",
                   R"([{"click_id":"x"},{"click_id":"x"},{"click_id":"x"},{"click_id":")" + server.click() + R"("}])"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto items = json::parse(answer.body).at("items");
  EXPECT_EQ(items.at(1).at("code"), "click_id_malformed");
  EXPECT_EQ(items.at(2).at("code"), "rate_limited");
  EXPECT_EQ(items.at(3).at("code"), "converted") << "a click ID of ours is right";
}

TEST(RequestLimits, AFloodIsOneRowPerMinuteAndCode) {
  TestServer server([](AppOptions& options) {
    options.postbacks = {
        .unauthenticated_per_peer = 0, .unauthenticated_in_all = 0, .logged_per_peer = 3, .logged_in_all = 100};
  });
  server.example_catalog();
  const auto send = [&](const std::string& target) { return server.exchange(request_text("GET", target)); };
  for (int i = 0; i < 10; ++i) {
    const auto answer = send("/postback/nobody?n=" + std::to_string(i));
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(json::parse(answer.body).contains("postback_id"), i < 3);
  }
  for (int i = 0; i < 4; ++i) EXPECT_EQ(send("/postback/acme?token=wrong").status, 403);
  EXPECT_EQ(rows_of(server, "").size(), 3U);
  server.restart();
  const auto unknown = rows_of(server, "code=network_unknown");
  ASSERT_EQ(unknown.size(), 4U);
  EXPECT_EQ(unknown.at(0).at("repeats"), 6) << "the row stands for the fourth and for these";
  EXPECT_EQ(unknown.at(0).at("target"), "/postback/nobody?n=3");
  EXPECT_EQ(unknown.at(1).at("repeats"), 0);
  const auto wrong = rows_of(server, "code=token_wrong");
  ASSERT_EQ(wrong.size(), 1U);
  EXPECT_EQ(wrong.at(0).at("repeats"), 3);
  EXPECT_EQ(wrong.at(0).at("peer"), "127.0.0.1");
}

}  // namespace
}  // namespace postback::testing
