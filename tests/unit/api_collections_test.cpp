// The catalog's collections over the API.
#include "support/api_world.hpp"

#include <gtest/gtest.h>

namespace postback::testing::api {
namespace {

using http::Method;
using nlohmann::json;

constexpr const char* kAcme = R"({"name":"Acme","profile":"generic","click_param":"sub1","currency":"USD"})";

TEST(ApiCollections, PutCreatesThenReplacesAndPublishes) {
  ApiWorld world;
  const auto created = world.put("/api/v1/networks/acme", kAcme);
  ASSERT_EQ(created.status, 201) << created.body();
  EXPECT_EQ(created.header("Content-Type"), "application/json");
  EXPECT_EQ(created.header("Location"), "/api/v1/networks/acme");
  const auto first = json::parse(created.body());
  EXPECT_EQ(first["id"], "acme");
  EXPECT_EQ(first["name"], "Acme");
  EXPECT_EQ(first["click_param"], "sub1");
  EXPECT_EQ(first["revision"], 1);
  EXPECT_EQ(first["updated"], "2026-01-01T00:00:00.000Z");
  EXPECT_FALSE(first.value("token", "").empty());
  ASSERT_NE(world.slot.current()->network("acme"), nullptr);
  ASSERT_EQ(world.store.audit.size(), 1U);
  EXPECT_EQ(world.store.audit[0].actor, "admin");
  EXPECT_EQ(world.store.audit[0].target, "networks/acme");

  const auto replaced = world.put("/api/v1/networks/acme", R"({"name":"Acme 2","click_param":"sub1"})");
  ASSERT_EQ(replaced.status, 200) << replaced.body();
  EXPECT_EQ(replaced.header("Location"), "");
  const auto second = json::parse(replaced.body());
  EXPECT_EQ(second["revision"], 2);
  EXPECT_EQ(second["token"], first["token"]);
  EXPECT_EQ(json::parse(world.get("/api/v1/networks/acme").body()), second);
}

TEST(ApiCollections, WhatWasReadCanBePutBack) {
  ApiWorld world;
  ASSERT_EQ(world.put("/api/v1/networks/acme", kAcme).status, 201);
  const auto read = world.get("/api/v1/networks/acme").body();
  const auto put = world.put("/api/v1/networks/acme", read);
  EXPECT_EQ(put.status, 200) << put.body();
  auto expected = json::parse(read);
  expected["revision"] = 2;
  EXPECT_EQ(json::parse(put.body()), expected);
}

TEST(ApiCollections, PostTakesTheIdFromTheBody) {
  ApiWorld world;
  const auto answer =
      world.send({.method = Method::post, .target = "/api/v1/networks", .body = R"({"id":"acme","name":"Acme"})"});
  EXPECT_EQ(answer.status, 201) << answer.body();
  EXPECT_EQ(json::parse(answer.body())["id"], "acme");
  EXPECT_NE(world.slot.current()->network("acme"), nullptr);
}

TEST(ApiCollections, NothingIsPublishedBeforeItIsCommitted) {
  ApiWorld world;
  bool early = false;
  world.store.before_commit_returns = [&] { early = world.slot.current()->network("acme") != nullptr; };
  EXPECT_EQ(world.put("/api/v1/networks/acme", kAcme).status, 201);
  EXPECT_FALSE(early);
}

TEST(ApiCollections, ARefusingStoreChangesNothing) {
  ApiWorld world;
  world.store.failure = Error{ErrorCode::store_full, "secret inner detail"};
  const auto answer = world.put("/api/v1/networks/acme", kAcme);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("Retry-After"), "5");
  EXPECT_EQ(answer.body().find("secret"), std::string::npos);
  EXPECT_EQ(world.slot.current()->network("acme"), nullptr);
  EXPECT_EQ(world.get("/api/v1/networks/acme").status, 404);
}

TEST(ApiCollections, RefusesFaultyDocumentsByField) {
  struct Row {
    Method method;
    std::string target;
    std::string body;
    std::string field;
  };
  const std::string deep = R"({"name":)" + std::string(10'000, '[') + std::string(10'000, ']') + "}";
  const Row rows[] = {
      {Method::put, "/api/v1/networks/acme", R"({"name":"Acme","nme":"x"})", "nme"},
      {Method::put, "/api/v1/offers/vpn", R"({"name":"V","network":"acme","url":"https://a.example/?c={clickid}"})",
       "network"},
      {Method::put, "/api/v1/networks/acme", R"({"id":"other","name":"Acme"})", "id"},
      {Method::put, "/api/v1/networks/acme", R"({"id":7,"name":"Acme"})", "id"},
      {Method::post, "/api/v1/networks", R"({"name":"Acme"})", "id"},
      {Method::post, "/api/v1/networks", R"({"id":"No Slug","name":"Acme"})", "id"},
      {Method::put, "/api/v1/networks/acme", "", "(document)"},
      {Method::put, "/api/v1/networks/acme", "{", "(document)"},
      {Method::put, "/api/v1/networks/acme", "[]", "(document)"},
      {Method::put, "/api/v1/networks/acme", "{} x", "(document)"},
      {Method::put, "/api/v1/networks/acme", "\xEF\xBB\xBF{}", "(document)"},
      {Method::put, "/api/v1/networks/acme", R"({"name":"\ud800"})", "(document)"},
      {Method::put, "/api/v1/networks/acme", "{\"name\":\"\xff\"}", "(document)"},
      {Method::put, "/api/v1/networks/acme", deep, "(document)"},
      {Method::post, "/api/v1/networks", deep, "(document)"},
      {Method::put, "/api/v1/networks/acme", R"({"id":"acme","name":"a","name":"b"})", "(document)"},
  };
  ApiWorld world;
  for (const auto& row : rows) {
    const auto answer = world.send({.method = row.method, .target = row.target, .body = row.body});
    const auto name = row.target + " " + row.body.substr(0, 60);
    ASSERT_EQ(answer.status, 400) << name << answer.body();
    const auto body = json::parse(answer.body());
    EXPECT_EQ(body["type"], "/problems/invalid-document") << name;
    ASSERT_EQ(body["errors"].size(), 1U) << answer.body();
    EXPECT_EQ(body["errors"][0]["field"], row.field) << answer.body();
    EXPECT_FALSE(body["errors"][0]["problem"].get<std::string>().empty());
  }
  EXPECT_EQ(world.slot.current()->revision(), 0U);
  EXPECT_TRUE(world.store.audit.empty());
}

TEST(ApiCollections, RefusesAnIdThatIsNoSlug) {
  ApiWorld world;
  const auto answer = world.put("/api/v1/networks/A%20b", R"({"name":"Acme"})");
  EXPECT_EQ(answer.status, 400) << answer.body();
}

TEST(ApiCollections, TakesJsonOnly) {
  struct Row {
    std::string content_type;  ///< Empty: none.
    int status;
  };
  const Row rows[] = {
      {"", 201},
      {"application/json", 201},
      {"text/plain", 415},
      {"Application/JSON ; charset=utf-8", 201},
      {"application/jsonx", 415},
      {"application/x-www-form-urlencoded", 415},
  };
  for (const auto& row : rows) {
    ApiWorld world;
    Sent sent{.method = Method::put, .target = "/api/v1/networks/acme", .body = kAcme};
    if (!row.content_type.empty()) sent.headers.emplace_back("Content-Type", row.content_type);
    const auto answer = world.send(sent);
    EXPECT_EQ(answer.status, row.status) << row.content_type;
    EXPECT_EQ(answer.header("Accept"), row.status == 415 ? "application/json" : "");
  }
}

TEST(ApiCollections, ListsPageById) {
  ApiWorld world;
  for (const auto* id : {"c", "a", "e", "b", "d"}) {
    ASSERT_EQ(world.put("/api/v1/networks/" + std::string(id), R"({"name":"n"})").status, 201);
  }
  struct Row {
    std::string query;
    std::string ids;
    json next;
  };
  const Row rows[] = {
      {"", "abcde", nullptr},           {"?limit=2", "ab", "b"},
      {"?limit=2&cursor=b", "cd", "d"}, {"?limit=2&cursor=d", "e", nullptr},
      {"?limit=5", "abcde", nullptr},   {"?limit=1000&cursor=bb", "cde", nullptr},
      {"?cursor=e", "", nullptr},
  };
  for (const auto& row : rows) {
    const auto body = json::parse(world.get("/api/v1/networks" + row.query).body());
    std::string ids;
    for (const auto& item : body["items"]) ids += item["id"].get<std::string>();
    EXPECT_EQ(ids, row.ids) << row.query;
    EXPECT_EQ(body["next"], row.next) << row.query;
  }
  EXPECT_EQ(world.get("/api/v1/offers").body(), R"({"items":[],"next":null})");
}

}  // namespace
}  // namespace postback::testing::api
