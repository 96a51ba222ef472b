// Pipelining: many requests in one segment are answered in order, and each answer is as good as alone.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace postback::testing {
namespace {

class Pipelining : public SharedServer<Pipelining> {};

TEST_F(Pipelining, FiftyClicksInOneSegmentAreAnsweredInOrderAndStored) {
  std::string bytes;
  for (int i = 0; i < 50; ++i) bytes += request_text("GET", "/c/summer?zone=p" + std::to_string(i));
  auto client = server().connect();
  client.send(bytes);
  std::set<std::string> ids;
  for (int i = 0; i < 50; ++i) {
    const auto answer = client.read_response();
    ASSERT_EQ(answer.status, 302);
    const auto location = answer.header("Location").value_or("");
    EXPECT_EQ(query_value(location, "src"), "p" + std::to_string(i));
    const auto id = query_value(location, "sub1");
    EXPECT_TRUE(ids.insert(id).second) << "an ID came twice";
    EXPECT_EQ(server().get_json("/api/v1/clicks/" + id).at("sub1"), "p" + std::to_string(i));
  }
  EXPECT_FALSE(client.has_input());
}

TEST_F(Pipelining, DifferentKindsKeepTheirOrder) {
  const auto id = server().click();
  auto client = server().connect();
  client.send(request_text("GET", "/healthz") + request_text("GET", "/api/v1/networks", TestServer::kKeyHeader) +
              request_text("HEAD", "/c/summer") + request_text("GET", "/nowhere") +
              request_text("GET", "/postback/acme?token=" + token() + "&click_id=" + id) +
              request_text("POST", "/nowhere", {}, "small body") + request_text("GET", "/c/summer"));
  EXPECT_EQ(client.read_response().body, R"({"status":"up"})");
  EXPECT_EQ(client.read_response().status, 200);
  EXPECT_EQ(client.read_response(Asked::head).status, 302);
  EXPECT_EQ(client.read_response().status, 404);
  EXPECT_NE(client.read_response().body.find("\"converted\""), std::string::npos);
  EXPECT_EQ(client.read_response().status, 404);
  EXPECT_EQ(client.read_response().status, 302);
}

TEST_F(Pipelining, BodiesOfBothKindsMayFollowEachOther) {
  std::string bytes;
  for (int i = 0; i < 20; ++i) {
    bytes +=
        "POST /postback/acme HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n7\r\ntoken=x\r\n0\r\n\r\n";
    bytes += request_text("POST", "/postback/acme", "Content-Type: application/x-www-form-urlencoded\r\n", "payout=1");
  }
  auto client = server().connect();
  client.send(bytes);
  for (int i = 0; i < 20; ++i) {
    EXPECT_NE(client.read_response().body.find("token_wrong"), std::string::npos);
    EXPECT_NE(client.read_response().body.find("token_missing"), std::string::npos);
  }
}

TEST_F(Pipelining, NothingIsReadAfterConnectionClose) {
  const auto committed = clicks_committed();
  auto client = server().connect();
  client.send(request_text("GET", "/c/summer", "Connection: close\r\n") + request_text("GET", "/c/summer"));
  EXPECT_EQ(split_responses(client.read_to_close()).size(), 1U);
  EXPECT_EQ(clicks_committed(), committed + 1);
}

TEST_F(Pipelining, AClientThatGoesAwayLeavesNothingBehind) {
  std::string bytes;
  for (int i = 0; i < 16; ++i) bytes += request_text("GET", "/c/summer");
  for (int i = 0; i < 20; ++i) {
    auto client = server().connect();
    client.send(bytes);
    if (i % 2 == 0) client.reset();
  }
  expect_still_serving(server());
}

TEST_F(Pipelining, AHalfClosedClientStillGetsItsAnswer) {
  auto client = server().connect();
  client.send(request_text("GET", "/c/summer"));
  client.end_sending();
  const auto answers = split_responses(client.read_to_close());
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].status, 302);
}

}  // namespace
}  // namespace postback::testing
