// Refused keys told apart, roles, and what is answered to those who try keys in numbers.
#include "api/call.hpp"
#include "support/api_world.hpp"
#include "support/source_tree.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <set>

namespace postback::testing::api {
namespace {

using http::Method;
using nlohmann::json;

Sent asking(std::string_view key, std::string peer = "192.0.2.1") {
  return {.target = "/api/v1/networks",
          .headers = {{"Authorization", "Bearer " + std::string(key)}},
          .peer = std::move(peer)};
}

TEST(ApiAuthentication, SaysWhatIsWrongWithAKey) {
  ApiWorld world;
  const auto made =
      world.put("/api/v1/keys/short", R"({"name":"S","role":"viewer","expires":"2026-01-01T00:01:00Z"})").body();
  const auto secret = json::parse(made).at("key").get<std::string>();
  EXPECT_EQ(world.send(asking(secret)).status, 200);
  world.clock.advance(std::chrono::minutes{1});
  struct Row {
    std::string key;
    std::string type;
    std::string words;
  };
  const Row rows[] = {
      {secret, "/problems/key-expired", "expired at 2026-01-01T00:01:00.000Z"},
      {secret.substr(0, 70), "/problems/key-unknown", "not copied whole"},
      {"k2", "/problems/key-unknown", "not one of this server's"},
  };
  for (const auto& row : rows) {
    const auto answer = world.send(asking(row.key));
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.header("WWW-Authenticate"), "Bearer realm=\"postbackd\", error=\"invalid_token\"");
    EXPECT_EQ(json::parse(answer.body())["type"], row.type);
    EXPECT_NE(answer.body().find(row.words), std::string::npos) << answer.body();
    EXPECT_EQ(answer.body().find(row.key), std::string::npos) << "a key is never echoed";
  }
}

TEST(ApiAuthentication, WhoTriesKeysInNumbersLearnsNothing) {
  ApiWorld world;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(world.send(asking("bad" + std::to_string(i))).status, 401);
  const auto answer = world.send(asking("bad"));
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.header("Retry-After"), "60");
  EXPECT_EQ(json::parse(answer.body())["type"], "/problems/too-many-bad-keys");
  EXPECT_EQ(world.send(asking(kKey)).status, 200) << "a good key works from there";
  EXPECT_EQ(world.send(asking("bad", "192.0.2.2")).status, 401) << "others are not touched";
  EXPECT_EQ(world.send({.target = "/api/v1/networks", .headers = {}}).status, 401) << "no key is no guess";
  world.clock.advance(std::chrono::milliseconds{500});
  EXPECT_EQ(world.send(asking("bad")).header("Retry-After"), "60");
  world.clock.advance(std::chrono::milliseconds{59'500});
  EXPECT_EQ(world.send(asking("bad")).status, 401);
}

TEST(ApiAuthentication, NeitherGoodKeysNorMissingOnesCount) {
  ApiWorld world;
  for (int i = 0; i < 20; ++i) {
    world.send(asking(kKey));
    world.send({.target = "/api/v1/networks", .headers = {}});
  }
  EXPECT_EQ(world.send(asking("bad")).status, 401);
}

TEST(ApiAuthentication, ABodyIsReadOnlyOfThoseWhoMaySendIt) {
  ApiWorld world;
  std::size_t with_body = 0;
  for (const auto& route : world.router.routes()) {
    if (route.body_limit == 0 || !route.pattern.starts_with("/api/v1/")) continue;
    ++with_body;
    ASSERT_TRUE(route.may_send_body) << route.pattern;
    const auto least = postback::api::least_role(route);
    ASSERT_TRUE(least) << route.pattern;
    const auto may = [&](std::string_view key) {
      http::Request head;
      const auto line = "Bearer " + std::string(key);
      if (!key.empty()) head.headers.push_back({"Authorization", line});
      return route.may_send_body(head);
    };
    EXPECT_FALSE(may("")) << route.pattern;
    EXPECT_FALSE(may("bad")) << route.pattern;
    EXPECT_EQ(may("k-guest"), *least == Role::viewer) << route.pattern;
    EXPECT_EQ(may("k-clerk"), *least <= Role::operator_) << route.pattern;
    EXPECT_TRUE(may(kKey)) << route.pattern;
  }
  EXPECT_GE(with_body, 10U);
}

/// The rows "| `METHOD /path` | role |" of docs/security.md against the routes.
TEST(ApiAuthentication, TheDocumentedRolesAreTheRoutes) {
  ApiWorld world;
  std::set<std::string> expected;
  for (const auto& route : world.router.routes()) {
    if (!route.pattern.starts_with("/api/v1/") || route.pattern == "/api/v1/openapi.json") continue;
    const auto least = postback::api::least_role(route);
    ASSERT_TRUE(least) << route.pattern;
    expected.insert("| `" + std::string(http::to_string(route.method)) + " " + route.pattern + "` | " +
                    std::string(to_string(*least)) + " |");
  }
  std::set<std::string> documented;
  for (const auto& file : tidy::read_tree(POSTBACK_SOURCE_DIR)) {
    if (file.path != "docs/security.md") continue;
    std::size_t start = 0;
    while ((start = file.text.find("\n| `", start)) != std::string::npos) {
      const auto end = file.text.find('\n', ++start);
      documented.insert(file.text.substr(start, end - start));
    }
  }
  EXPECT_EQ(documented, expected);
}

}  // namespace
}  // namespace postback::testing::api
