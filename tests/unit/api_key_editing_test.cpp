// API keys over the API: created, shown once, changed, revoked; the last admin stays.
#include "support/api_world.hpp"

#include <gtest/gtest.h>

namespace postback::testing::api {
namespace {

using http::Method;
using nlohmann::json;

Sent with_key(std::string_view key, Sent sent) {
  sent.headers = {{"Authorization", "Bearer " + std::string(key)}};
  return sent;
}

json put_key(ApiWorld& world, const std::string& id, const std::string& body, int status) {
  const auto answer = world.put("/api/v1/keys/" + id, body);
  EXPECT_EQ(answer.status, status) << answer.body();
  return json::parse(answer.body());
}

CapturedAnswer revoke(ApiWorld& world, const std::string& id, std::string_view key = kKey) {
  return world.send(with_key(key, {.method = Method::delete_, .target = "/api/v1/keys/" + id}));
}

TEST(ApiKeyEditing, ANewKeyIsShownOnceAndWorks) {
  ApiWorld world;
  const auto created = world.put("/api/v1/keys/reports", R"({"name":"Reports","role":"viewer"})");
  ASSERT_EQ(created.status, 201) << created.body();
  EXPECT_EQ(created.header("Location"), "/api/v1/keys/reports");
  EXPECT_EQ(created.header("ETag"), "\"1\"");
  auto shown = json::parse(created.body());
  const auto secret = shown.at("key").get<std::string>();
  EXPECT_FALSE(is_damaged_api_key(secret));
  shown.erase("key");
  const json expected = {{"id", "reports"},
                         {"name", "Reports"},
                         {"role", "viewer"},
                         {"created", "2026-01-01T00:00:00.000Z"},
                         {"updated", "2026-01-01T00:00:00.000Z"},
                         {"expires", nullptr},
                         {"revoked", nullptr},
                         {"version", 1}};
  EXPECT_EQ(shown, expected);
  const auto read = world.get("/api/v1/keys/reports");
  EXPECT_EQ(read.header("ETag"), "\"1\"");
  EXPECT_EQ(json::parse(read.body()), expected);

  EXPECT_EQ(world.send(with_key(secret, {.target = "/api/v1/networks"})).status, 200);
  EXPECT_EQ(world.send(with_key(secret, {.target = "/api/v1/keys"})).status, 403);
  ASSERT_EQ(world.store.keys_written.size(), 1U);
  EXPECT_EQ(world.store.keys_written[0].sha256, hash_api_key(secret));
  ASSERT_EQ(world.store.audit.size(), 1U);
  EXPECT_EQ(world.store.audit[0].action, "key.create");
  EXPECT_EQ(world.store.audit[0].target, "keys/reports");
  EXPECT_EQ(world.store.audit[0].actor, "admin");
  EXPECT_EQ(world.store.audit[0].peer, "192.0.2.1");
  EXPECT_EQ(world.store.audit[0].detail, "role viewer, never expires");
}

TEST(ApiKeyEditing, APutOfWhatWasReadChangesAndKeepsTheSecret) {
  ApiWorld world;
  const auto secret = put_key(world, "r", R"({"name":"R","role":"viewer"})", 201).at("key").get<std::string>();
  auto object = json::parse(world.get("/api/v1/keys/r").body());
  object["role"] = "operator";
  object["expires"] = "2026-01-02T01:00:00+01:00";
  const auto changed = put_key(world, "r", object.dump(), 200);
  EXPECT_FALSE(changed.contains("key"));
  EXPECT_EQ(changed["version"], 2);
  EXPECT_EQ(changed["expires"], "2026-01-02T00:00:00.000Z");
  EXPECT_EQ(world.send(with_key(secret, {.target = "/api/v1/clicks"})).status, 200);
  EXPECT_EQ(world.store.audit.back().action, "key.update");
  EXPECT_EQ(world.store.audit.back().detail,
            "role viewer, never expires -> role operator, expires 2026-01-02T00:00:00.000Z");
}

TEST(ApiKeyEditing, RefusesFaultyDocumentsByField) {
  struct Row {
    Method method;
    std::string target;
    std::string body;
    std::string field;
  };
  const Row rows[] = {
      {Method::put, "/api/v1/keys/r", R"({"role":"viewer"})", "name"},
      {Method::put, "/api/v1/keys/r", R"({"name":"R"})", "role"},
      {Method::put, "/api/v1/keys/r", R"({"name":"R","role":"owner"})", "role"},
      {Method::put, "/api/v1/keys/r", R"({"name":"R","role":7})", "role"},
      {Method::put, "/api/v1/keys/r", R"({"name":"R","role":"viewer","expires":"tomorrow"})", "expires"},
      {Method::put, "/api/v1/keys/r", R"({"name":"R","role":"viewer","expires":"2025-12-31T00:00:00Z"})", "expires"},
      {Method::put, "/api/v1/keys/r", R"({"name":"R","role":"viewer","key":"pbk_mine"})", "key"},
      {Method::put, "/api/v1/keys/r", R"({"id":"s","name":"R","role":"viewer"})", "id"},
      {Method::put, "/api/v1/keys/A%20b", R"({"name":"R","role":"viewer"})", "id"},
      {Method::post, "/api/v1/keys", R"({"name":"R","role":"viewer"})", "id"},
      {Method::put, "/api/v1/keys/r", "[]", "(document)"},
  };
  ApiWorld world;
  for (const auto& row : rows) {
    const auto answer = world.send({.method = row.method, .target = row.target, .body = row.body});
    ASSERT_EQ(answer.status, 400) << row.body << answer.body();
    const auto problem = json::parse(answer.body());
    ASSERT_EQ(problem["errors"].size(), 1U) << answer.body();
    EXPECT_EQ(problem["errors"][0]["field"], row.field) << answer.body();
  }
  EXPECT_TRUE(world.store.keys_written.empty());
  EXPECT_TRUE(world.store.audit.empty());
}

TEST(ApiKeyEditing, PreconditionsAreOfTheVersion) {
  ApiWorld world;
  put_key(world, "r", R"({"name":"R","role":"viewer"})", 201);
  struct Row {
    const char* id;
    std::pair<std::string, std::string> header;
    int status;
  };
  const Row rows[] = {
      {"r", {"If-None-Match", "*"}, 412}, {"r", {"If-Match", "\"2\""}, 412}, {"new", {"If-Match", "*"}, 412},
      {"r", {"If-Match", "\"1\""}, 200},  {"r", {"If-Match", "\"1\""}, 412}, {"new", {"If-None-Match", "*"}, 201},
  };
  for (const auto& row : rows) {
    Sent sent{.method = Method::put, .target = std::string("/api/v1/keys/") + row.id};
    sent.body = R"({"name":"R","role":"viewer"})";
    sent.headers.push_back(row.header);
    EXPECT_EQ(world.send(sent).status, row.status) << row.id << row.header.first << row.header.second;
  }
  Sent known{.target = "/api/v1/keys/r"};
  known.headers.emplace_back("If-None-Match", "\"2\"");
  EXPECT_EQ(world.send(known).status, 304);
}

TEST(ApiKeyEditing, ARevokedKeyStaysAndItsIdIsTaken) {
  ApiWorld world;
  const auto secret = put_key(world, "r", R"({"name":"R","role":"viewer"})", 201).at("key").get<std::string>();
  const auto revoked = revoke(world, "r");
  ASSERT_EQ(revoked.status, 200) << revoked.body();
  EXPECT_EQ(json::parse(revoked.body())["revoked"], "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(world.store.audit.back().action, "key.revoke");
  const auto refused = world.send(with_key(secret, {.target = "/api/v1/networks"}));
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(json::parse(refused.body())["type"], "/problems/key-revoked");

  EXPECT_EQ(put_key(world, "r", R"({"name":"R","role":"viewer"})", 409)["type"], "/problems/archived");
  EXPECT_EQ(revoke(world, "r").status, 200) << "again";
  EXPECT_EQ(world.store.keys_written.size(), 2U);
  EXPECT_EQ(revoke(world, "nobody").status, 404);
  const auto ids = [&](const std::string& query) {
    std::string text;
    const auto page = json::parse(world.get("/api/v1/keys" + query).body());
    for (const auto& item : page["items"]) {
      text += item["id"].get<std::string>() + " ";
      EXPECT_FALSE(item.contains("key"));
    }
    return text;
  };
  EXPECT_EQ(ids(""), "admin clerk guest other ");
  EXPECT_EQ(ids("?archived=true"), "r ");
  EXPECT_EQ(ids("?archived=all&limit=2&cursor=guest"), "other r ");
  EXPECT_EQ(json::parse(world.get("/api/v1/keys?limit=2").body())["next"], "clerk");
}

TEST(ApiKeyEditing, TheLastAdminStays) {
  ApiWorld world;
  EXPECT_EQ(revoke(world, "admin").status, 200) << "even by itself, while there is another";
  const auto refused = revoke(world, "other", "k0");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(json::parse(refused.body())["type"], "/problems/last-admin");
  const auto put = [&](const std::string& body) {
    return world.send(with_key("k0", {.method = Method::put, .target = "/api/v1/keys/other", .body = body})).status;
  };
  EXPECT_EQ(put(R"({"name":"O","role":"operator"})"), 409);
  EXPECT_EQ(put(R"({"name":"O","role":"admin","expires":"2025-12-31T00:00:00Z"})"), 409);
  EXPECT_EQ(put(R"({"name":"O","role":"admin","expires":"2026-12-31T00:00:00Z"})"), 409) << "nobody would be left then";
  EXPECT_EQ(put(R"({"name":"O","role":"admin"})"), 200);
  // An admin key that ends does not count as another.
  world.clock.set_wall(kNow + std::chrono::hours{1});
  EXPECT_EQ(world
                .send(with_key("k0", {.method = Method::put,
                                      .target = "/api/v1/keys/short",
                                      .body = R"({"name":"S","role":"admin","expires":"2026-01-01T02:00:00Z"})"}))
                .status,
            201);
  world.clock.set_wall(kNow + std::chrono::hours{3});
  EXPECT_EQ(revoke(world, "other", "k0").status, 409);
}

TEST(ApiKeyEditing, ARefusingStoreChangesNothing) {
  ApiWorld world;
  world.store.failure = Error{ErrorCode::store_full, "secret inner detail"};
  EXPECT_EQ(put_key(world, "r", R"({"name":"R","role":"viewer"})", 503).contains("key"), false);
  EXPECT_EQ(revoke(world, "guest").status, 503);
  EXPECT_EQ(world.get("/api/v1/keys/r").status, 404);
  EXPECT_EQ(world.send(with_key("k-guest", {.target = "/api/v1/networks"})).status, 200);
}

TEST(ApiKeyEditing, NothingIsInForceBeforeItIsCommitted) {
  ApiWorld world;
  bool early = false;
  world.store.before_commit_returns = [&] { early = world.api_keys.current()->find("r") != nullptr; };
  put_key(world, "r", R"({"name":"R","role":"viewer"})", 201);
  EXPECT_FALSE(early);
}

}  // namespace
}  // namespace postback::testing::api
