// API keys over the wire: a key's life, bodies that nobody may send, links that work.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <string>

namespace postback::testing {
namespace {

using nlohmann::json;

RawResponse send(const TestServer& server, std::string_view method, std::string_view target, std::string_view key,
                 std::string_view body = {}) {
  const auto lines = "Authorization: Bearer " + std::string(key) + "\r\nContent-Type: application/json\r\n";
  return server.exchange(request_text(method, target, lines, body));
}

std::string problem_type(const RawResponse& answer) { return json::parse(answer.body).value("type", ""); }

TEST(ApiKeysOverHttp, AKeyIsMadeUsedKeptAndRevoked) {
  TestServer server;
  const auto made = send(server, "PUT", "/api/v1/keys/reports", "k1", R"({"name":"Reports","role":"operator"})");
  ASSERT_EQ(made.status, 201) << made.body;
  const auto key = json::parse(made.body).at("key").get<std::string>();
  EXPECT_EQ(send(server, "GET", "/api/v1/clicks", key).status, 200);
  EXPECT_EQ(send(server, "GET", "/api/v1/keys", key).status, 403);

  server.restart();
  EXPECT_EQ(send(server, "GET", "/api/v1/clicks", key).status, 200);
  EXPECT_EQ(send(server, "PUT", "/api/v1/keys/reports", "k1", R"({"name":"Reports","role":"viewer"})").status, 200);
  EXPECT_EQ(send(server, "GET", "/api/v1/clicks", key).status, 403);
  EXPECT_EQ(send(server, "DELETE", "/api/v1/keys/reports", "k1").status, 200);
  EXPECT_EQ(problem_type(send(server, "GET", "/api/v1/networks", key)), "/problems/key-revoked");
  EXPECT_EQ(send(server, "DELETE", "/api/v1/keys/admin", "k1").status, 409);

  server.restart();
  EXPECT_EQ(problem_type(send(server, "GET", "/api/v1/networks", key)), "/problems/key-revoked");
  EXPECT_EQ(send(server, "PUT", "/api/v1/keys/reports", "k1", R"({"name":"R","role":"viewer"})").status, 409);
  EXPECT_EQ(server.get_json("/api/v1/keys/reports").at("version"), 3);
  std::string actions;
  const auto log = server.get_json("/api/v1/audit");
  for (const auto& entry : log.at("items")) {
    actions += entry.at("action").get<std::string>() + " " + entry.at("target").get<std::string>() + "\n";
    EXPECT_EQ(entry.at("peer"), entry.at("target") == "keys/reports" ? "127.0.0.1" : "");
  }
  EXPECT_EQ(actions,
            "key.revoke keys/reports\nkey.update keys/reports\nkey.create keys/reports\nkey.create keys/admin\n");
  const auto page = server.get_json("/api/v1/audit?limit=1");
  const auto second = server.get_json("/api/v1/audit?limit=1&cursor=" + page.at("next").get<std::string>());
  EXPECT_EQ(second.at("items").at(0).at("action"), "key.update");
}

TEST(ApiKeysOverHttp, ABodyThatNobodyMaySendIsNotWaitedFor) {
  TestServer server;
  const auto guest =
      json::parse(send(server, "PUT", "/api/v1/keys/guest", "k1", R"({"name":"Guest","role":"viewer"})").body)
          .at("key")
          .get<std::string>();
  const std::string start = "POST /api/v1/networks HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n";
  struct Row {
    const char* name;
    std::string lines;
    int status;
  };
  const Row rows[] = {
      {"no key", "Content-Length: 1048576\r\n", 401},
      {"no key, expecting", "Content-Length: 1048576\r\nExpect: 100-continue\r\n", 401},
      {"no key, chunked", "Transfer-Encoding: chunked\r\n", 401},
      {"bad key", "Content-Length: 1048576\r\nAuthorization: Bearer k2\r\n", 401},
      {"low role", "Content-Length: 1048576\r\nAuthorization: Bearer " + guest + "\r\n", 403},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    auto client = server.connect();
    client.send(start + row.lines + "\r\n");  // and nothing of the body
    const auto answer = client.read_response();
    EXPECT_EQ(answer.status, row.status);
    EXPECT_EQ(answer.header("Connection").value_or(""), "close");
  }
  auto sender = server.connect();
  sender.send(start + "Content-Length: 1048576\r\n\r\n" + std::string(1 << 20, ' '));
  EXPECT_EQ(sender.read_response().status, 401);
  auto allowed = server.connect();
  allowed.send(start + "Content-Length: 2\r\nExpect: 100-continue\r\n" + std::string(TestServer::kKeyHeader) + "\r\n");
  EXPECT_EQ(allowed.read_response().status, 100);
  allowed.send("{}");
  EXPECT_EQ(allowed.read_response().status, 400);
}

TEST(ApiKeysOverHttp, TriedKeysAreBraked) {
  TestServer server;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(send(server, "GET", "/api/v1/networks", "bad").status, 401);
  const auto answer = send(server, "GET", "/api/v1/networks", "bad");
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.count("Retry-After"), 1U);
  expect_well_formed(answer);
  EXPECT_EQ(server.get("/api/v1/networks").status, 200);
}

TEST(ApiKeysOverHttp, LinksLeadFromAClickToATestedPostback) {
  TestServer server;
  server.example_catalog();
  const auto answer = send(server, "POST", "/api/v1/links", "k1", R"({"campaign":"summer","event":"sale"})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto links = json::parse(answer.body);
  EXPECT_TRUE(links.at("missing").empty()) << answer.body;
  EXPECT_NE(links.at("notes").at(0).get<std::string>().find("Host header"), std::string::npos);
  const auto path_of = [](const json& url) {
    const auto text = url.get<std::string>();
    return text.substr(text.find('/', text.find("://") + 3));
  };
  const auto click = server.exchange(request_text("GET", path_of(links.at("test_link"))));
  ASSERT_EQ(click.status, 302);
  const auto id = query_value(click.header("Location").value_or(""), "sub1");
  auto target = path_of(links.at("test_postback"));
  const std::string placeholder = "REPLACE_WITH_CLICK_ID_OF_TEST_LINK";
  target.replace(target.find(placeholder), placeholder.size(), id);
  const auto tested = json::parse(server.exchange(request_text("GET", target)).body);
  EXPECT_EQ(tested.at("result"), "test") << tested;
  EXPECT_EQ(tested.at("code"), "converted") << tested;
  // The postback as configured, with nothing replaced, is refused and says why.
  const auto unfilled = json::parse(server.exchange(request_text("GET", path_of(links.at("postback_url")))).body);
  EXPECT_EQ(unfilled.at("result"), "refused") << unfilled;
}

TEST(ApiKeysOverHttp, LinksHideTokensFromOperators) {
  TestServer server;
  const auto token = server.example_catalog();
  const auto made = send(server, "PUT", "/api/v1/keys/clerk", "k1", R"({"name":"Clerk","role":"operator"})");
  const auto clerk = json::parse(made.body).at("key").get<std::string>();
  const auto body = R"({"campaign":"summer"})";
  EXPECT_NE(send(server, "POST", "/api/v1/links", "k1", body).body.find(token), std::string::npos);
  const auto masked = send(server, "POST", "/api/v1/links", clerk, body);
  EXPECT_EQ(masked.status, 200);
  EXPECT_EQ(masked.body.find(token), std::string::npos);
  EXPECT_EQ(send(server, "POST", "/api/v1/links", "k1", R"({"campaign":"nothing"})").status, 400);
}

}  // namespace
}  // namespace postback::testing
