// The JSON API over the wire: keys, bodies, methods and addresses that are wrong.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

class ApiOverHttp : public SharedServer<ApiOverHttp> {};

/// Checks the form of RFC 9457 and returns the document.
json problem_of(const RawResponse& answer) {
  expect_well_formed(answer);
  EXPECT_EQ(answer.header("Content-Type"), "application/problem+json") << answer.head;
  const auto problem = json::parse(answer.body);
  EXPECT_EQ(problem.at("status"), answer.status);
  EXPECT_FALSE(problem.at("title").get<std::string>().empty());
  EXPECT_FALSE(problem.at("detail").get<std::string>().empty());
  return problem;
}

TEST_F(ApiOverHttp, AKeyIsRequiredInTheHeader) {
  struct Row {
    const char* name;
    std::string lines;
    int status;
  };
  const std::vector<Row> rows = {
      {"none", "", 401},
      {"wrong", "Authorization: Bearer k2\r\n", 401},
      {"longer", "Authorization: Bearer k1x\r\n", 401},
      {"empty", "Authorization: Bearer \r\n", 401},
      {"other scheme", "Authorization: Basic azE6\r\n", 401},
      {"right", "Authorization: Bearer k1\r\n", 200},
      {"scheme in small letters", "authorization: bearer k1\r\n", 200},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    for (const auto* target : {"/api/v1/networks", "/api/v1/postbacks", "/%61pi/v1/clicks"}) {
      const auto answer = server().exchange(request_text("GET", target, row.lines));
      EXPECT_EQ(answer.status, row.status) << target;
      if (row.status == 401) {
        problem_of(answer);
        EXPECT_EQ(answer.count("WWW-Authenticate"), 1U);
      }
    }
  }
  EXPECT_EQ(server().exchange(request_text("GET", "/api/v1/networks?key=k1&token=k1")).status, 401);
}

TEST_F(ApiOverHttp, FaultyDocumentsAreRefusedAndNothingChanges) {
  const auto before = server().get_json("/api/v1/networks");
  const std::vector<std::pair<const char*, std::string>> rows = {
      {"depth of 10,000", std::string(10'000, '[') + std::string(10'000, ']')},
      {"objects of depth 10,000",
       [] {
         std::string text;
         for (int i = 0; i < 10'000; ++i) text += "{\"a\":";
         return text;
       }()},
      {"string of 1 MB", "\"" + std::string(1'000'000, 'x') + "\""},
      {"repeated key", R"({"name":"a","name":"b"})"},
      {"something after it", R"({"name":"a"}})"},
      {"byte order mark", "\xEF\xBB\xBF{\"name\":\"a\"}"},
      {"lone surrogate", R"({"name":"\ud800"})"},
      {"invalid UTF-8", "{\"name\":\"\xFF\"}"},
      {"not an object", "[]"},
      {"unknown field", R"({"name":"a","nam":"b"})"},
      {"wrong type", R"({"name":7})"},
      {"other ID within", R"({"id":"another","name":"a"})"},
      {"nothing", ""},
  };
  for (const auto& [name, body] : rows) {
    SCOPED_TRACE(name);
    const auto answer = server().put("networks", "faulty", body);
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_FALSE(problem_of(answer).at("errors").empty());
  }
  EXPECT_EQ(server().get_json("/api/v1/networks"), before);
  expect_still_serving(server());
}

TEST_F(ApiOverHttp, ATokenMayNotStandInAUrlsHost) {
  for (const auto* url :
       {"https://{sub1}/", "https://{sub1}.example/", "{sub1}://a.example/", "https://a.example:{sub1}/",
        "https://{sub1}@a.example/", "javascript:alert(1)", "//a.example/{clickid}"}) {
    SCOPED_TRACE(url);
    const auto answer = server().put("offers", "bad", json{{"name", "B"}, {"network", "acme"}, {"url", url}}.dump());
    EXPECT_EQ(answer.status, 400) << answer.body;
    bool named = false;
    const auto problem = problem_of(answer);
    for (const auto& error : problem.at("errors"))
      named = named || error.at("field").get<std::string>().ends_with("url");
    EXPECT_TRUE(named) << answer.body;
  }
}

TEST_F(ApiOverHttp, EveryFaultIsNamedAtOnce) {
  const auto answer =
      server().put("campaigns", "bad",
                   R"({"name":"B","source":"nobody","colour":"red",)"
                   R"("paths":[{"weight":-1,"landers":[],"offers":[{"offer":"nothing","weight":1}]}]})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_GE(problem_of(answer).at("errors").size(), 4U) << answer.body;
}

TEST_F(ApiOverHttp, TypesAndMethods) {
  const auto document = R"({"name":"T","profile":"generic"})";
  const auto typed = [&](std::string_view type, const char* id) {
    std::string lines(TestServer::kKeyHeader);
    lines.append(type);
    return server().exchange(request_text("PUT", std::string("/api/v1/networks/") + id, lines, document));
  };
  EXPECT_EQ(typed("Content-Type: text/plain\r\n", "t1").status, 415);
  EXPECT_EQ(typed("Content-Type: application/x-www-form-urlencoded\r\n", "t1").status, 415);
  EXPECT_EQ(typed("Content-Type: application/json; charset=utf-8\r\n", "t2").status, 201);
  EXPECT_EQ(typed("Accept: text/html\r\n", "t3").status, 201) << "Accept is ignored";
  const auto ranged = server().exchange(
      request_text("GET", "/api/v1/networks",
                   std::string(TestServer::kKeyHeader) + "Range: bytes=" + std::string(5000, '0') + "-\r\n"));
  EXPECT_EQ(ranged.status, 200);
  const auto patched =
      server().exchange(request_text("PATCH", "/api/v1/networks/t2", TestServer::kKeyHeader, document));
  EXPECT_EQ(patched.status, 405);
  const auto allow = patched.header("Allow").value_or("");
  EXPECT_NE(allow.find("GET"), std::string::npos);
  EXPECT_NE(allow.find("PUT"), std::string::npos);
  const auto head = server().exchange(request_text("HEAD", "/api/v1/networks", TestServer::kKeyHeader), Asked::head);
  EXPECT_EQ(head.status, 200);
  expect_well_formed(head);
}

TEST_F(ApiOverHttp, ParametersThatAreWrongAreNamed) {
  for (const auto* target :
       {"/api/v1/postbacks?limit=0", "/api/v1/postbacks?limit=x", "/api/v1/postbacks?code=nonsense",
        "/api/v1/postbacks?from=yesterday", "/api/v1/postbacks?colour=red", "/api/v1/clicks?cursor=x",
        "/api/v1/clicks/not-a-click", "/api/v1/conversions?click_id=03ev4wssp02009rxt290s0r1y8",
        "/api/v1/clicks?limit=99999999999999999999", "/api/v1/postbacks?limit=1&limit=2"}) {
    SCOPED_TRACE(target);
    const auto answer = server().get(target);
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_FALSE(problem_of(answer).at("errors").empty());
  }
  for (const auto* target : {"/api/v1/networks/nobody", "/api/v1/networks/..%2f..%2fetc"}) {
    EXPECT_EQ(server().get(target).status, 404) << target;
  }
}

TEST_F(ApiOverHttp, APageIsContinuedWithoutGapOrRepeat) {
  std::vector<std::string> clicked;
  for (int i = 0; i < 25; ++i) clicked.push_back(server().click("zone=page"));
  std::vector<std::string> listed;
  std::string cursor;
  while (listed.size() < clicked.size()) {
    const auto page = server().get_json("/api/v1/clicks?limit=7" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const auto& item : page.at("items")) listed.push_back(item.at("id"));
    if (page.at("next").is_null()) break;
    cursor = page.at("next").get<std::string>();
  }
  listed.resize(std::min(listed.size(), clicked.size()));
  EXPECT_EQ(listed, std::vector<std::string>(clicked.rbegin(), clicked.rend()));
}

TEST_F(ApiOverHttp, HealthAndMetricsNeedNoKey) {
  for (const auto* target : {"/healthz", "/readyz", "/metrics"}) {
    const auto answer = server().exchange(request_text("GET", target));
    EXPECT_EQ(answer.status, 200) << target;
    expect_well_formed(answer);
    EXPECT_EQ(server().exchange(request_text("POST", target)).status, 405) << target;
  }
}

}  // namespace
}  // namespace postback::testing
