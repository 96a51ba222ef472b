// `catalog export`, `catalog import` and `import` against a running server.
#include "support/client_world.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

namespace postback::testing {
namespace {

using nlohmann::json;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(CatalogCommand, WhatWasExportedIsImportedWithoutAChange) {
  const ClientWorld world;
  world.server.example_catalog();
  const auto file = world.file("catalog.json");
  const auto exported = world.run({"catalog", "export", file});
  ASSERT_EQ(exported.status, 0) << exported.err;
  EXPECT_TRUE(has(exported.out, "Next: ")) << exported.out;
  struct stat there {};
  ASSERT_EQ(::stat(file.c_str(), &there), 0);
  EXPECT_EQ(there.st_mode & 0777U, 0600U) << "it holds tokens";
  EXPECT_FALSE(std::filesystem::exists(file + ".partial"));
  const auto printed = world.run({"catalog", "export"});
  EXPECT_TRUE(has(printed.out, "\n  \"networks\": [\n")) << "for people: " << printed.out;
  auto one = json::parse(printed.out);
  auto other = json::parse(world.read("catalog.json"));
  for (auto* each : {&one, &other}) each->erase("exported");
  EXPECT_EQ(one, other);
  const auto imported = world.run({"catalog", "import", file});
  EXPECT_EQ(imported.status, 0) << imported.err;
  EXPECT_TRUE(has(imported.out, "Nothing differs")) << imported.out;
  const auto once_more = world.run({"import", file});
  EXPECT_EQ(once_more.status, 0) << once_more.err;
  EXPECT_TRUE(has(once_more.out, "Nothing differs")) << once_more.out;
}

TEST(CatalogCommand, ImportPrintsWhatChanges) {
  const ClientWorld world;
  world.server.example_catalog();
  auto catalog = json::parse(world.run({"catalog", "export"}).out);
  catalog["sources"][0]["name"] = "Renamed";
  catalog["sources"].push_back({{"id", "second"}, {"name", "Second"}});
  catalog["campaigns"] = json::array();
  const auto file = world.write("catalog.json", catalog.dump());
  const auto dry = world.run({"catalog", "import", file, "--dry-run", "--replace"});
  EXPECT_EQ(dry.status, 0) << dry.err;
  for (const char* const part : {"~ sources/adnet\n    /name: \"AdNet\" -> \"Renamed\"\n", "+ sources/second\n",
                                 "- campaigns/summer (archived)\n", "3 objects would change; nothing was changed",
                                 "Next: postbackd catalog import "})
    EXPECT_TRUE(has(dry.out, part)) << part << "\nin\n" << dry.out;
  EXPECT_EQ(world.server.get_json("/api/v1/sources/adnet").at("name"), "AdNet");
  const auto done = world.run({"catalog", "import", file});
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_TRUE(has(done.out, "2 objects changed: revision 5 is in force.")) << done.out;
  EXPECT_EQ(world.server.get_json("/api/v1/sources/adnet").at("name"), "Renamed");
  EXPECT_EQ(world.server.get("/api/v1/campaigns/summer").status, 200) << "it stays without --replace";
}

TEST(CatalogCommand, EveryFaultIsListedAndNothingChanges) {
  const ClientWorld world;
  const auto file = world.write("faulty.json", R"({"offers":[{"id":"vpn","name":"VPN","network":"none","url":"x"}]})");
  const auto ended = world.run({"catalog", "import", file});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(ended.out, "");
  for (const char* const part : {"nothing was changed", "network: there is no network \"none\"", "url: "})
    EXPECT_TRUE(has(ended.err, part)) << part << "\nin\n" << ended.err;
  EXPECT_TRUE(world.server.get_json("/api/v1/offers").at("items").empty());
}

TEST(CatalogCommand, FailuresAreToldInWords) {
  const ClientWorld world;
  std::filesystem::create_directory(world.file("folder"));
  const auto json_file = world.write("right.json", R"({"networks":[]})");
  const auto broken = world.write("broken.json", "{");
  const auto clicks = world.write("clicks.csv", "id,time\n1,2\n");
  struct Row {
    const char* name;
    std::vector<std::string> arguments;
    const char* said;
  };
  const Row rows[] = {
      {"no file", {"catalog", "import", world.file("none.json")}, "none.json cannot be read: No such file"},
      {"not JSON", {"catalog", "import", broken}, "broken.json: "},
      {"into a folder", {"catalog", "export", world.file("folder")}, "is not a file"},
      {"into nowhere", {"catalog", "export", world.file("none/x.json")}, "cannot be written: No such file"},
      {"clicks", {"import", clicks}, "neither a catalog export nor a file of clicks"},
      {"a log", {"import", world.write("log.json", R"({"items":[]})")}, "cannot be imported"},
      {"no such collection", {"import", world.write("x.json", R"({"networks":[],"clicks":[]})")}, "clicks: "},
      {"no server there", {"catalog", "import", json_file, "--server", "http://127.0.0.1:1"}, "postbackd serve"},
      {"no URL", {"catalog", "export", "--server", "127.0.0.1:8080"}, "expected scheme, host and port"},
      {"no key file", {"catalog", "export", "--key-file", world.file("none")}, "none cannot be read"},
      {"empty key file", {"catalog", "export", "--key-file", world.write("empty", "\n")}, "holds no key"},
      {"another's key", {"catalog", "export", "--key-file", world.write("key", "pbk_other\n")}, "the file "},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto ended = world.run(row.arguments);
    EXPECT_EQ(ended.status, 1) << ended.err;
    EXPECT_EQ(ended.out, "");
    EXPECT_TRUE(has(ended.err, row.said)) << ended.err;
    EXPECT_FALSE(has(ended.err, "pbk_other")) << "a key is a secret";
  }
}

TEST(CatalogCommand, TheKeyComesFromTheEnvironmentInOrder) {
  const ClientWorld world;
  using Variables = std::map<std::string, std::string>;
  const auto status = [&](Variables variables, std::string& said) {
    variables["POSTBACKD_SERVER"] = world.url() + "/";
    auto ended = run_command(POSTBACK_BINARY, {"catalog", "export"}, variables);
    said = ended.err;
    return ended.status;
  };
  std::string said;
  EXPECT_EQ(status({{"POSTBACKD_ADMIN_KEY", "k1"}}, said), 0) << said;
  EXPECT_EQ(status({{"POSTBACKD_KEY", "k1"}, {"POSTBACKD_ADMIN_KEY", "k2"}}, said), 0) << said;
  EXPECT_EQ(status({{"POSTBACKD_KEY", "k2"}, {"POSTBACKD_ADMIN_KEY", "k1"}}, said), 1);
  EXPECT_TRUE(has(said, "came from the environment's POSTBACKD_KEY")) << said;
  EXPECT_EQ(status({}, said), 1);
  EXPECT_TRUE(has(said, "no API key was given")) << said;
  EXPECT_EQ(status({{"POSTBACKD_KEY", "k1\nX-Other: 1"}}, said), 1);
  EXPECT_TRUE(has(said, "holds more than a key")) << said;
}

}  // namespace
}  // namespace postback::testing
