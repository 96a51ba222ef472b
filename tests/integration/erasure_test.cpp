// Erasure over the wire: persons in every form that they are recorded in.
#include "support/test_server.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace postback::testing {
namespace {

using nlohmann::json;

json erase(const TestServer& server, const json& whom) {
  const auto answer = server.post("/api/v1/erasure", whom.dump(), "application/json");
  EXPECT_EQ(answer.status, 200) << answer.body;
  return json::parse(answer.body);
}

TestServer::Adjust recording(const char* ip) {
  return [ip](AppOptions& options) { options.visitors.ip = ip; };
}

TEST(ErasureByAddress, FindsItHoweverItIsRecorded) {
  for (const char* recorded : {"whole", "truncated", "hashed"}) {
    SCOPED_TRACE(recorded);
    TestServer server(recording(recorded));
    server.example_catalog();
    const auto click = server.click("cid=E1");
    const auto ip = server.get_json("/api/v1/clicks/" + click).at("ip").get<std::string>();
    EXPECT_EQ(ip == "127.0.0.1", std::string(recorded) == "whole") << ip;
    EXPECT_EQ(erase(server, {{"ip", "127.9.0.1"}, {"dry_run", true}}).at("clicks"), 0);
    EXPECT_EQ(erase(server, {{"ip", "::ffff:127.0.0.1"}}).at("clicks"), 1);
    EXPECT_EQ(server.get_json("/api/v1/clicks/" + click).at("ip"), "");
    EXPECT_EQ(server.get_json("/api/v1/clicks/" + click).at("external_id"), "");
  }
}

TEST(ErasureByClick, FindsRowsThatWereRefusedBeforeItsIdWasRead) {
  TestServer server;
  server.example_catalog();
  const auto click = server.click("cid=E1");
  server.exchange(request_text("GET", "/postback/acme?token=wrong&click_id=" + click));
  EXPECT_EQ(erase(server, {{"click_id", click}}).at("postbacks"), 1);
  const auto row = server.get_json("/api/v1/postbacks").at("items").at(0);
  EXPECT_EQ(row.at("code"), "token_wrong");
  EXPECT_EQ(row.at("target"), "/postback/acme");
}

}  // namespace
}  // namespace postback::testing
