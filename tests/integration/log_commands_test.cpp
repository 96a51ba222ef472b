// `explain` and `export` against a running server.
#include "support/client_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

namespace postback::testing {
namespace {

using nlohmann::json;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::ptrdiff_t lines_of(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

TEST(ExplainCommand, TellsVerdictEvidenceAndFix) {
  const ClientWorld world;
  const auto token = world.server.example_catalog();
  const auto click = world.server.click("cid=E1");
  const auto url = world.url() + "/postback/acme?token=" + token + "&payout=12.50&click_id=";
  const auto right = world.run({"explain", url + click});
  EXPECT_EQ(right.status, 0) << right.err;
  EXPECT_TRUE(right.out.starts_with("accepted: converted (HTTP status 200)\n")) << right.out;
  EXPECT_TRUE(has(right.out, "It would count a new conversion")) << right.out;
  EXPECT_TRUE(has(right.out, "\nNext: ")) << right.out;
  const auto wrong = world.run({"explain", "-"}, url + "{clickid}\n");
  EXPECT_EQ(wrong.status, 3) << wrong.err;
  for (const char* const part : {"refused: click_id_unreplaced (HTTP status 400)", "evidence    `click_id` arrived as",
                                 "fix         In the postback URL", "Next: follow the fix"})
    EXPECT_TRUE(has(wrong.out, part)) << part << "\nin\n" << wrong.out;
  EXPECT_FALSE(has(wrong.out, token)) << "a token is a secret";
  const auto raw = world.run({"explain", "--json", url + "{clickid}"});
  EXPECT_EQ(raw.status, 3);
  EXPECT_EQ(json::parse(raw.out).at("code"), "click_id_unreplaced");
  const auto other = world.run({"explain", world.url() + "/c/summer"});
  EXPECT_EQ(other.status, 1);
  EXPECT_TRUE(has(other.err, "\n  url: ") && has(other.err, "; expected /postback/")) << other.err;
  EXPECT_TRUE(world.server.get_json("/api/v1/postbacks").at("items").empty()) << "nothing is sent";
}

TEST(ExportCommand, WritesAllPagesWithOneLineOfNames) {
  const ClientWorld world;
  world.server.example_catalog();
  constexpr int kClicks = 1'203;
  auto client = world.server.connect();
  for (int i = 0; i < kClicks; ++i) {
    client.send(request_text("GET", "/c/summer?zone=" + std::to_string(i % 3)));
    ASSERT_EQ(client.read_response().status, 302);
  }
  const auto written = world.run({"export", "clicks", world.file("clicks.csv")});
  ASSERT_EQ(written.status, 0) << written.err;
  EXPECT_TRUE(has(written.out, "1203 rows") && has(written.out, "Next: ")) << written.out;
  const auto csv = world.read("clicks.csv");
  EXPECT_EQ(lines_of(csv), kClicks + 1);
  EXPECT_TRUE(csv.starts_with("id,time,campaign,")) << csv.substr(0, 80);
  EXPECT_EQ(csv.find("\nid,time"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(world.file("clicks.csv.partial")));
  const auto filtered = world.run({"export", "clicks", "--format", "ndjson", "--filter", "sub1=1", "--filter",
                                   "campaign=summer", "--from", "2025-06-01"});
  EXPECT_EQ(filtered.status, 0) << filtered.err;
  EXPECT_EQ(lines_of(filtered.out), kClicks / 3);
  EXPECT_EQ(json::parse(filtered.out.substr(0, filtered.out.find('\n'))).at("sub1"), "1");
  EXPECT_TRUE(has(filtered.err, "401 rows.")) << filtered.err;
  const auto none = world.run({"export", "clicks", "--to", "2025-06-01"});
  EXPECT_EQ(none.status, 0) << none.err;
  EXPECT_EQ(lines_of(none.out), 1) << "the names";
}

TEST(ExportCommand, WritesEveryLog) {
  const ClientWorld world;
  world.server.example_catalog();
  for (const char* const log : {"clicks", "conversions", "postbacks", "audit"}) {
    const auto csv = world.run({"export", log});
    EXPECT_EQ(csv.status, 0) << log << ": " << csv.err;
    EXPECT_GE(lines_of(csv.out), 1) << log;
    EXPECT_EQ(world.run({"export", log, "--format", "ndjson"}).status, 0) << log;
  }
}

TEST(ExportCommand, AFaultLeavesNoFile) {
  const ClientWorld world;
  world.write("old.csv", "old");
  struct Row {
    const char* name;
    std::vector<std::string> arguments;
    int status;
    const char* said;
  };
  const Row rows[] = {
      {"no such log", {"export", "visits"}, 2, "visits"},
      {"no such column", {"export", "clicks", world.file("old.csv"), "--filter", "colour=red"}, 1, "colour: "},
      {"no such value", {"export", "postbacks", world.file("old.csv"), "--filter", "code=x"}, 1, "code: "},
      {"no value", {"export", "clicks", world.file("old.csv"), "--filter", "code"}, 1, "expected NAME=VALUE"},
      {"no time", {"export", "clicks", world.file("old.csv"), "--from", "yesterday"}, 1, "from: "},
      {"into a folder", {"export", "clicks", world.file("")}, 1, "is not a file"},
      {"no server there", {"export", "clicks", world.file("old.csv"), "--server", "http://127.0.0.1:1"}, 1, "serve"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto ended = world.run(row.arguments);
    EXPECT_EQ(ended.status, row.status) << ended.err;
    EXPECT_EQ(ended.out, "");
    EXPECT_TRUE(has(ended.err, row.said)) << ended.err;
    EXPECT_EQ(world.read("old.csv"), "old");
    EXPECT_FALSE(std::filesystem::exists(world.file("old.csv.partial")));
  }
}

}  // namespace
}  // namespace postback::testing
