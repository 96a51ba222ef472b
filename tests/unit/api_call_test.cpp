// What all API routes share: the key, the fences, the bounds, the form of problems.
#include "support/api_world.hpp"

#include <gtest/gtest.h>

namespace postback::testing::api {
namespace {

using http::Method;
using nlohmann::json;

TEST(ApiCall, AsksForAKey) {
  struct Row {
    std::vector<std::pair<std::string, std::string>> headers;
    std::string target;
    int status;
    std::string type;
    std::string challenge;
  };
  const std::string plain = "Bearer realm=\"postbackd\"";
  const std::string wrong = plain + ", error=\"invalid_token\"";
  const Row rows[] = {
      {{{"Authorization", "Bearer k1"}}, "/api/v1/networks", 200, "", ""},
      {{{"authorization", "bearer   k1"}}, "/api/v1/networks", 200, "", ""},
      {{}, "/api/v1/networks", 401, "/problems/key-missing", plain},
      {{}, "/api/v1/networks?key=k1", 401, "/problems/key-missing", plain},
      {{{"Authorization", "k1"}}, "/api/v1/networks", 401, "/problems/key-missing", plain},
      {{{"Authorization", "Basic k1"}}, "/api/v1/networks", 401, "/problems/key-missing", plain},
      {{{"Authorization", "Bearer "}}, "/api/v1/networks", 401, "/problems/key-missing", plain},
      {{{"Authorization", "Bearerk1"}}, "/api/v1/networks", 401, "/problems/key-missing", plain},
      {{{"Authorization", "Bearer k2"}}, "/api/v1/networks", 401, "/problems/key-unknown", wrong},
      {{{"Authorization", "Bearer k1 k1"}}, "/api/v1/networks", 401, "/problems/key-unknown", wrong},
  };
  ApiWorld world;
  for (const auto& row : rows) {
    const auto answer = world.send({.target = row.target, .headers = row.headers});
    const auto name = row.target + " " + (row.headers.empty() ? "" : row.headers[0].second);
    EXPECT_EQ(answer.status, row.status) << name;
    EXPECT_EQ(answer.header("WWW-Authenticate"), row.challenge) << name;
    EXPECT_EQ(json::parse(answer.body()).value("type", ""), row.type) << name;
  }
}

TEST(ApiCall, EveryApiRouteIsBehindTheKeyAndNoOtherIs) {
  ApiWorld world;
  for (const auto& route : world.router.routes()) {
    auto target = route.pattern;
    if (const auto hole = target.find("{}"); hole != std::string::npos) target.replace(hole, 2, "x");
    const auto answer = world.send({.method = route.method, .target = target, .headers = {}});
    // What the API is like is no secret.
    const bool api = target.starts_with("/api/v1/") && target != "/api/v1/openapi.json";
    // A feed has a password of its own.
    const bool feed = target.starts_with("/feeds/");
    EXPECT_EQ(answer.status, api || feed ? 401 : 200) << target;
    EXPECT_EQ(answer.header("Cache-Control"), "no-store") << target;
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff") << target;
  }
}

TEST(ApiCall, RefusesParametersByName) {
  struct Row {
    std::string target;
    std::string field;
    std::string expected;  ///< Part of it.
  };
  ApiWorld world;
  const auto foreign = to_string(ClickId{make_snowflake(kNow, 1, 1), 42});
  const Row rows[] = {
      {"/api/v1/networks?limt=5", "limt", "limit, cursor"},
      {"/api/v1/networks?limit=5&limit=6", "limit", "one value"},
      {"/api/v1/networks?limit=", "limit", "from 1 to 1000"},
      {"/api/v1/networks?limit=0", "limit", "from 1 to 1000"},
      {"/api/v1/networks?limit=1001", "limit", "from 1 to 1000"},
      {"/api/v1/networks?limit=-1", "limit", "from 1 to 1000"},
      {"/api/v1/networks?limit=5x", "limit", "from 1 to 1000"},
      {"/api/v1/networks?limit=99999999999999999999", "limit", "from 1 to 1000"},
      {"/api/v1/networks?cursor=%00", "cursor", "next"},
      {"/api/v1/networks?code=converted", "code", "limit, cursor"},
      {"/api/v1/networks/acme?limit=5", "limit", "no parameter"},
      {"/api/v1/clicks?code=converted", "code", "limit, cursor, format, from, to, click_id, id, time"},
      {"/api/v1/conversions?code=converted", "code", "conversion_id, id, click_id"},
      {"/api/v1/conversions?cursor=0", "cursor", "next"},
      {"/api/v1/conversions?cursor=abc", "cursor", "next"},
      {"/api/v1/conversions?cursor=9223372036854775808", "cursor", "next"},
      {"/api/v1/postbacks?code=nonsense", "code", "click_unknown"},
      {"/api/v1/postbacks?click_id=abc", "click_id", "26 letters and digits"},
      {"/api/v1/postbacks?click_id=" + foreign, "click_id", "of this server"},
      {"/api/v1/postbacks?from=yesterday", "from", "RFC 3339"},
      {"/api/v1/postbacks?to=2026-13-01T00:00:00Z", "to", "RFC 3339"},
      {"/api/v1/postbacks?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "to", "after from"},
      {"/api/v1/clicks/abc", "id", "26 letters and digits"},
      {"/api/v1/clicks/" + foreign, "id", "of this server"},
      {"/api/v1/clicks/" + world.click_text(1) + "?x=1", "x", "no parameter"},
  };
  for (const auto& row : rows) {
    const auto answer = world.get(row.target);
    ASSERT_EQ(answer.status, 400) << row.target;
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    const auto body = json::parse(answer.body());
    EXPECT_EQ(body["type"], "/problems/invalid-parameter");
    ASSERT_EQ(body["errors"].size(), 1U) << row.target << answer.body();
    EXPECT_EQ(body["errors"][0]["field"], row.field) << row.target;
    const auto expected = body["errors"][0]["expected"].get<std::string>();
    EXPECT_NE(expected.find(row.expected), std::string::npos) << row.target << ": " << expected;
  }
}

TEST(ApiCall, ReportsAllFaultsAtOnceAndStaysValidJson) {
  ApiWorld world;
  const auto answer = world.get("/api/v1/postbacks?limit=0&%ff%22%3C=1&code=%ff");
  ASSERT_EQ(answer.status, 400);
  const auto body = json::parse(answer.body());
  ASSERT_EQ(body["errors"].size(), 3U);
  EXPECT_EQ(body["errors"][0]["field"], "\uFFFD\"<");
  EXPECT_EQ(answer.body().find('<'), std::string::npos);
}

TEST(ApiCall, ProblemsHaveTheFormOfRfc9457) {
  ApiWorld world;
  const auto answer = world.get("/api/v1/networks/nobody");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
  const auto expected = json::parse(R"({
    "type": "/problems/not-found", "title": "There is no such object", "status": 404,
    "detail": "There is no network with the ID \"nobody\". The list is at /api/v1/networks."})");
  EXPECT_EQ(json::parse(answer.body()), expected);
}

TEST(ApiCall, AnswersHeadWithoutBody) {
  ApiWorld world;
  const auto answer = world.send({.method = Method::head, .target = "/api/v1/networks"});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body(), "");
  EXPECT_NE(answer.header("Content-Length"), "0");
}

TEST(ApiCall, RefusesBodiesOverTheLimit) {
  ApiWorld world;
  const Sent rows[] = {
      {.method = Method::put, .target = "/api/v1/networks/acme", .body = std::string(1024 * 1024 + 1, ' ')},
      {.method = Method::post, .target = "/api/v1/networks", .body = std::string(1024 * 1024 + 1, ' ')},
      {.method = Method::get, .target = "/api/v1/networks", .body = "x"},
  };
  for (const auto& row : rows) {
    const auto answer = world.send(row);
    EXPECT_EQ(answer.status, 413) << row.target;
    EXPECT_EQ(json::parse(answer.body())["type"], "/problems/body-too-large");
  }
}

TEST(ApiCall, SaysSoWhenTooManyWait) {
  ApiWorld world(0);
  const auto answer = world.get("/api/v1/networks");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("Retry-After"), "1");
  EXPECT_EQ(json::parse(answer.body())["type"], "/problems/overloaded");
}

TEST(ApiCall, ExceptionsAndStoreErrorsTellNothingOfTheInside) {
  struct Row {
    std::optional<ErrorCode> error;  ///< Empty: the reader throws.
    int status;
    std::string retry_after;
  };
  const Row rows[] = {
      {std::nullopt, 500, ""},           {ErrorCode::store_corrupt, 500, ""}, {ErrorCode::deadline_exceeded, 503, "1"},
      {ErrorCode::store_busy, 503, "5"}, {ErrorCode::io_failed, 503, "5"},
  };
  for (const auto& row : rows) {
    ApiWorld world;
    world.shelf.throws = !row.error;
    if (row.error) world.shelf.clicks = Error{*row.error, "secret inner detail"};
    const auto answer = world.get("/api/v1/clicks");
    EXPECT_EQ(answer.status, row.status);
    EXPECT_EQ(answer.header("Retry-After"), row.retry_after);
    EXPECT_EQ(answer.body().find("secret"), std::string::npos) << answer.body();
  }
}

}  // namespace
}  // namespace postback::testing::api
