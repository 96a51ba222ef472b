// Editing the catalog over the wire: entity tags, archiving, revisions, export and import.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

class CatalogEditing : public ::testing::Test {
 protected:
  void SetUp() override { token_ = server_.example_catalog(); }

  RawResponse send(std::string_view method, const std::string& target, const std::string& body = {},
                   const std::string& lines = {}) {
    std::string head(TestServer::kKeyHeader);
    head += lines;
    if (!body.empty()) head += "Content-Type: application/json\r\n";
    return server_.exchange(request_text(method, target, head, body));
  }
  json send_json(int status, std::string_view method, const std::string& target, const std::string& body = {},
                 const std::string& lines = {}) {
    const auto answer = send(method, target, body, lines);
    EXPECT_EQ(answer.status, status) << method << " " << target << " " << answer.body;
    return json::parse(answer.body, nullptr, false);
  }
  std::uint64_t revision() { return server_.get_json("/api/v1/catalog").at("revision").get<std::uint64_t>(); }
  int click_status() { return server_.exchange(request_text("GET", "/c/summer?cid=E")).status; }

  TestServer server_;
  std::string token_;
};

constexpr const char* kRenamed = R"({"name":"Renamed"})";

TEST_F(CatalogEditing, TagsKeepTwoEditorsApart) {
  const auto read = send("GET", "/api/v1/sources/adnet");
  const auto tag = read.header("ETag").value_or("");
  EXPECT_EQ(tag, "\"" + std::to_string(json::parse(read.body).at("revision").get<int>()) + "\"");
  struct Row {
    const char* name;
    std::string target;
    std::string lines;
    int status;
  };
  const std::vector<Row> rows = {
      {"an old tag", "sources/adnet", "If-Match: \"999\"\r\n", 412},
      {"a foreign tag", "sources/adnet", "If-Match: \"abc\"\r\n", 412},
      {"only if it is new", "sources/adnet", "If-None-Match: *\r\n", 412},
      {"only if it exists", "sources/nobody", "If-Match: *\r\n", 412},
      {"a tag where nothing is", "sources/nobody", "If-Match: " + tag + "\r\n", 412},
      {"without quotes, and old", "sources/adnet", "If-Match: 999\r\n", 412},
      {"one of several", "sources/adnet", "If-Match: \"1\", " + tag + "\r\n", 200},
      {"the same again", "sources/adnet", "If-Match: " + tag + "\r\n", 412},
      {"any state", "sources/adnet", "If-Match: *\r\n", 200},
      {"new", "sources/fresh", "If-None-Match: *\r\n", 201},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto before = revision();
    const auto answer = send("PUT", "/api/v1/" + row.target, kRenamed, row.lines);
    EXPECT_EQ(answer.status, row.status) << answer.body;
    EXPECT_EQ(revision(), before + (row.status == 412 ? 0 : 1));
    if (row.status == 412) continue;
    EXPECT_EQ(answer.header("ETag"), "\"" + std::to_string(before + 1) + "\"");
  }
  const auto now = send("GET", "/api/v1/sources/adnet");
  const auto again = send("GET", "/api/v1/sources/adnet", "", "If-None-Match: " + now.header("ETag").value() + "\r\n");
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(send("GET", "/api/v1/sources/adnet", "", "If-None-Match: " + tag + "\r\n").status, 200);
}

TEST_F(CatalogEditing, DeletingArchivesAndTheIdStaysTaken) {
  const auto in_use = send_json(409, "DELETE", "/api/v1/offers/vpn");
  EXPECT_EQ(in_use["type"], "/problems/in-use");
  EXPECT_EQ(in_use["errors"][0]["field"], "campaigns/summer: paths[0].offers[0].offer");
  EXPECT_EQ(send_json(404, "DELETE", "/api/v1/campaigns/nobody")["type"], "/problems/not-found");
  EXPECT_EQ(send_json(412, "DELETE", "/api/v1/campaigns/summer", "", "If-Match: \"1\"\r\n")["status"], 412);
  EXPECT_EQ(click_status(), 302);

  const auto archived = send_json(200, "DELETE", "/api/v1/campaigns/summer");
  EXPECT_EQ(archived["archived"], true);
  EXPECT_EQ(archived["state"], "archived");
  EXPECT_EQ(click_status(), 404);
  EXPECT_EQ(send_json(200, "DELETE", "/api/v1/campaigns/summer"), archived) << "a second time changes nothing";
  EXPECT_EQ(send_json(409, "PUT", "/api/v1/campaigns/summer",
                      R"({"name":"New","paths":[{"offers":[{"offer":"vpn"}]}]})")["type"],
            "/problems/archived");
  EXPECT_EQ(server_.get_json("/api/v1/campaigns")["items"].size(), 0U);
  EXPECT_EQ(server_.get_json("/api/v1/campaigns?archived=true")["items"].size(), 1U);
  EXPECT_EQ(server_.get_json("/api/v1/campaigns?archived=all")["items"].size(), 1U);
  EXPECT_EQ(server_.get_json("/api/v1/campaigns/summer"), archived);
  EXPECT_EQ(send_json(200, "DELETE", "/api/v1/offers/vpn")["archived"], true) << "nothing refers to it any more";
  server_.restart();
  EXPECT_EQ(server_.get_json("/api/v1/campaigns/summer"), archived);
  EXPECT_EQ(click_status(), 404);
}

TEST_F(CatalogEditing, RevisionsAreComparedAndRestored) {
  const auto first = revision();
  send_json(200, "PUT", "/api/v1/sources/adnet", R"({"name":"Renamed","params":{"external_id":"cid","sub2":"zone"}})");
  send_json(200, "DELETE", "/api/v1/campaigns/summer");
  send_json(201, "PUT", "/api/v1/sources/later", R"({"name":"Later"})");
  const auto last = revision();
  ASSERT_EQ(last, first + 3);

  const auto list = server_.get_json("/api/v1/revisions?limit=2");
  ASSERT_EQ(list["items"].size(), 2U);
  EXPECT_EQ(list["items"][0]["revision"], last);
  EXPECT_EQ(list["items"][0]["actor"], "admin");
  EXPECT_EQ(list["items"][1]["action"], "delete");
  const auto rest = server_.get_json("/api/v1/revisions?cursor=" + list["next"].get<std::string>());
  EXPECT_EQ(rest["items"].size(), last - 2);
  EXPECT_EQ(rest["next"], nullptr);

  const auto one = server_.get_json("/api/v1/revisions/" + std::to_string(first + 2));
  EXPECT_EQ(one["entities"], json::parse(R"([{"collection":"campaigns","id":"summer","change":"archived"}])"));
  const auto number = std::to_string(last);
  const auto compared = server_.get_json("/api/v1/revisions/" + number + "/compare?with=" + std::to_string(first));
  ASSERT_EQ(compared["entities"].size(), 3U);
  EXPECT_EQ(compared["entities"][0]["differences"][0],
            json::parse(R"({"field":"/name","before":"AdNet","after":"Renamed"})"));
  EXPECT_EQ(compared["entities"][1]["change"], "created");
  EXPECT_EQ(compared["entities"][2]["change"], "archived");
  const auto newest = server_.get_json("/api/v1/revisions/" + number + "/compare");
  ASSERT_EQ(newest["entities"].size(), 1U);
  EXPECT_EQ(newest["entities"][0]["id"], "later");
  for (const auto* target : {"99", "x", "-1", "99999999999999999999", "99/compare", "1/compare?with=99"}) {
    EXPECT_EQ(send("GET", std::string("/api/v1/revisions/") + target).status, 404) << target;
  }

  const auto restore = "/api/v1/revisions/" + std::to_string(first) + "/restore";
  const auto dry = send_json(200, "POST", restore + "?dry_run=true");
  EXPECT_EQ(dry["changes"], 3);
  EXPECT_EQ(revision(), last);
  const auto chosen = send_json(200, "POST", restore, R"({"entities":["campaigns/summer"]})");
  EXPECT_EQ(chosen["entities"], json::parse(R"([{"collection":"campaigns","id":"summer","change":"restored"}])"));
  EXPECT_EQ(click_status(), 302);
  EXPECT_EQ(send_json(400, "POST", restore, R"({"entities":["campaigns/nobody"]})")["errors"][0]["field"], "entities");
  EXPECT_EQ(send_json(400, "POST", restore, R"({"entity":[]})")["errors"][0]["field"], "entity");
  EXPECT_EQ(send_json(200, "POST", restore)["changes"], 2);
  EXPECT_EQ(server_.get_json("/api/v1/sources/adnet")["name"], "AdNet");
  EXPECT_EQ(server_.get_json("/api/v1/sources/later")["archived"], true);
  const auto nothing = send_json(200, "POST", restore);
  EXPECT_EQ(nothing["changes"], 0);
  EXPECT_EQ(nothing["revision"], revision());
}

TEST_F(CatalogEditing, ARestoreKeepsTheTokensOfToday) {
  const auto first = revision();
  const auto put = R"({"name":"Acme","click_param":"sub1","currency":"USD","token":")";
  send_json(200, "PUT", "/api/v1/networks/acme", std::string(put) + R"(another-token"})");
  const auto restore = "/api/v1/revisions/" + std::to_string(first) + "/restore";
  send_json(200, "POST", restore);
  EXPECT_EQ(server_.get_json("/api/v1/networks/acme")["token"], "another-token") << "the network sends this one";
  send_json(200, "POST", restore, R"({"entities":["networks/acme"]})");
  EXPECT_EQ(server_.get_json("/api/v1/networks/acme")["token"], token_) << "asked for by name";
}

TEST_F(CatalogEditing, ARestoreKeepsTheSecurityOfToday) {
  const auto put = [this](const std::string& currency, const json& security) {
    const json network{
        {"name", "Acme"}, {"click_param", "sub1"}, {"currency", currency}, {"token", token_}, {"security", security}};
    send_json(200, "PUT", "/api/v1/networks/acme", network.dump());
  };
  put("USD", {{"token", false}, {"tokens", {"leaked-key"}}, {"hmac", {{"secrets", {"leaked-secret"}}}}});
  const auto then = revision();
  put("EUR", {{"tokens", {"new-key"}}, {"allow_ips", {"192.0.2.0/24"}}});
  const auto today = server_.get_json("/api/v1/networks/acme").at("security");
  const auto restore = "/api/v1/revisions/" + std::to_string(then) + "/restore";
  send_json(200, "POST", restore);
  const auto restored = server_.get_json("/api/v1/networks/acme");
  EXPECT_EQ(restored.at("currency"), "USD") << "what is no secret comes back";
  EXPECT_EQ(restored.at("security"), today) << "neither leaked secrets nor an open door come back";
  send_json(200, "POST", restore, R"({"entities":["networks/acme"]})");
  const auto named = server_.get_json("/api/v1/networks/acme").at("security");
  EXPECT_EQ(named.at("tokens"), json({"leaked-key"})) << "asked for by name";
  EXPECT_EQ(named.at("token"), false);
}

TEST_F(CatalogEditing, LargeEntitiesAreBoundedAndSplitIntoParts) {
  json catalog{{"campaigns", json::array()}};
  for (int i = 0; i < 20; ++i) {
    json paths = json::array();
    for (int n = 0; n < 1000; ++n) paths.push_back(json::parse(R"({"offers":[{"offer":"vpn"}]})"));
    catalog["campaigns"].push_back({{"id", "c" + std::to_string(i)}, {"name", "C"}, {"paths", paths}});
  }
  EXPECT_EQ(send_json(200, "POST", "/api/v1/catalog", catalog.dump())["changes"], 20);
  json path{{"offers", json::array()}};
  for (int n = 0; n < 1000; ++n) path["offers"].push_back({{"offer", "vpn"}});
  json paths = json::array();
  for (int n = 0; n < 100; ++n) paths.push_back(path);
  catalog["campaigns"] = json::array({{{"id", "huge"}, {"name", "H"}, {"paths", paths}}});
  const auto refused = send_json(400, "POST", "/api/v1/catalog", catalog.dump());
  EXPECT_EQ(refused["errors"][0]["field"], "campaigns/huge");
  server_.restart();
  EXPECT_EQ(server_.get_json("/api/v1/campaigns?limit=1000")["items"].size(), 21U);
}

TEST_F(CatalogEditing, AnExportIsImportedElsewhere) {
  const auto exported = server_.get("/api/v1/catalog").body;
  const auto tag = server_.get("/api/v1/catalog").header("ETag").value();
  EXPECT_EQ(send_json(200, "POST", "/api/v1/catalog", exported)["changes"], 0) << "what is there already";

  TestServer other;
  const auto import = [&](const std::string& query, const std::string& body, int status) {
    const auto answer =
        other.exchange(request_text("POST", "/api/v1/catalog" + query,
                                    std::string(TestServer::kKeyHeader) + "Content-Type: application/json\r\n", body));
    EXPECT_EQ(answer.status, status) << answer.body;
    return json::parse(answer.body);
  };
  const auto dry = import("?dry_run=true", exported, 200);
  EXPECT_EQ(dry["changes"], 4);
  EXPECT_EQ(dry["entities"][0]["differences"][0]["before"], nullptr);
  EXPECT_EQ(other.get_json("/api/v1/networks")["items"].size(), 0U);
  EXPECT_EQ(import("", exported, 200)["changes"], 4);
  EXPECT_EQ(other.get_json("/api/v1/networks/acme")["token"], token_);
  auto networks = json::parse(exported)["networks"];
  EXPECT_EQ(json::parse(other.get("/api/v1/catalog").body)["networks"], networks);
  EXPECT_EQ(other.get_json("/api/v1/revisions")["items"].size(), 1U) << "one revision, whatever it holds";
  EXPECT_EQ(other.exchange(request_text("GET", "/c/summer?cid=E")).status, 302);

  const auto fewer = R"({"networks":[{"id":"solo","name":"Solo"}]})";
  EXPECT_EQ(import("", fewer, 200)["changes"], 1) << "what the file does not have stays";
  EXPECT_EQ(import("?replace=true", fewer, 200)["changes"], 4) << "and is archived when that is asked for";
  EXPECT_EQ(other.get_json("/api/v1/networks/acme")["archived"], true);
  const auto gone = import("", exported, 400);
  EXPECT_EQ(gone["errors"].size(), 4U);
  EXPECT_EQ(gone["errors"][0]["field"], "campaigns/summer: id");
  EXPECT_EQ(send("POST", "/api/v1/catalog", exported, "If-Match: \"1\"\r\n").status, 412);
  EXPECT_EQ(send("POST", "/api/v1/catalog", exported, "If-Match: " + tag + "\r\n").status, 200);
}

TEST_F(CatalogEditing, AFaultyImportChangesNothingAndNamesEveryFault) {
  struct Row {
    std::string body;
    std::vector<std::string> fields;
  };
  const std::vector<Row> rows = {
      {"{", {"(document)"}},
      {"[]", {"(document)"}},
      {R"({"network":[]})", {"network"}},
      {R"({"format":"other"})", {"format"}},
      {R"({"networks":{}})", {"networks"}},
      {R"({"networks":[7]})", {"networks[0]"}},
      {R"({"networks":[{"name":"A"},{"id":"B"},{"id":"a","nam":"A"},{"id":"a"}],)"
       R"("offers":[{"id":"o","name":"O","network":"lost","url":"https://o.example/?s={clikid}"}]})",
       {"networks[0].id", "networks[1].id", "networks[3].id", "networks/a: name", "networks/a: nam", "offers/o: url"}},
      {R"({"networks":[{"id":"a"}],"offers":[{"id":"o","name":"O","network":"b","url":"x"}]})",
       {"networks/a: name", "offers/o: network", "offers/o: url"}},
  };
  const auto before = revision();
  for (const auto& row : rows) {
    const auto problem = send_json(400, "POST", "/api/v1/catalog", row.body);
    std::vector<std::string> fields;
    for (const auto& error : problem["errors"]) fields.push_back(error["field"]);
    EXPECT_EQ(fields, row.fields) << row.body;
  }
  EXPECT_EQ(revision(), before);
}

TEST_F(CatalogEditing, ManyEntitiesAreOneChange) {
  constexpr int kCampaigns = 350;  // more than fit one transaction
  json catalog{{"campaigns", json::array()}};
  for (int i = 0; i < kCampaigns; ++i) {
    catalog["campaigns"].push_back({{"id", "c" + std::to_string(i)},
                                    {"name", "Campaign"},
                                    {"paths", json::parse(R"([{"offers":[{"offer":"vpn"}]}])")}});
  }
  const auto before = revision();
  EXPECT_EQ(send_json(200, "POST", "/api/v1/catalog", catalog.dump())["changes"], kCampaigns);
  EXPECT_EQ(revision(), before + 1);
  server_.restart();
  EXPECT_EQ(revision(), before + 1);
  EXPECT_EQ(server_.exchange(request_text("GET", "/c/c349")).status, 302);
}

}  // namespace
}  // namespace postback::testing
