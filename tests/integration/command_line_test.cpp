// The command line as a person uses it: help, exit statuses, configuration, check, log format and SIGHUP.
#include "support/server_process.hpp"
#include "support/serving_check.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

struct Ended {
  int status;
  std::string said;  ///< On both streams.
};

Ended run(const std::vector<std::string>& arguments) {
  ServerProcess process(POSTBACK_BINARY, arguments);
  const auto end = process.wait_for_end();
  return {end.exit_code, process.output()};
}

class CommandLine : public ::testing::Test {
 protected:
  std::string file(const std::string& name) const { return (directory_.path() / name).string(); }
  std::string write(const std::string& name, std::string_view text) const {
    std::ofstream(file(name), std::ios::binary) << text;
    return file(name);
  }
  std::string store() const { return "sqlite://" + file("t.db"); }

  TemporaryDirectory directory_;
};

TEST_F(CommandLine, EndsWithTheStatusDocumented) {
  struct Row {
    const char* name;
    std::vector<std::string> arguments;
    int status;
    const char* said;  ///< Part of it.
  };
  const auto faulty = write("faulty.json", "{\n\"http\": {\"lisen\": 1,\n\"drain_ms\": -1}}");
  const Row rows[] = {
      {"nothing", {}, 2, "Usage: postbackd"},
      {"help", {"--help"}, 0, "backup"},
      {"version", {"--version"}, 0, "0.1.0 ("},
      {"help of serve", {"serve", "--help"}, 0, "Next: "},
      {"help of check", {"check", "--help"}, 0, "Next: "},
      {"help of backup", {"backup", "--help"}, 0, "Next: "},
      {"help of catalog", {"catalog", "--help"}, 0, "Next: "},
      {"help of catalog export", {"catalog", "export", "--help"}, 0, "Next: "},
      {"help of catalog import", {"catalog", "import", "--help"}, 0, "Next: "},
      {"help of key", {"key", "--help"}, 0, "Next: "},
      {"help of key list", {"key", "list", "--help"}, 0, "Next: "},
      {"help of key create", {"key", "create", "--help"}, 0, "Next: "},
      {"help of key revoke", {"key", "revoke", "--help"}, 0, "Next: "},
      {"help of explain", {"explain", "--help"}, 0, "Next: "},
      {"help of export", {"export", "--help"}, 0, "Next: "},
      {"help of import", {"import", "--help"}, 0, "Next: "},
      {"help of simulate", {"simulate", "--help"}, 0, "Next: "},
      {"unknown command", {"sevre"}, 2, "sevre"},
      {"two commands", {"check", "--store", store(), "serve"}, 1, "serve: "},
      {"unknown option", {"serve", "--lisen", "x"}, 2, "--lisen"},
      {"option without a value", {"serve", "--store"}, 2, "--store"},
      {"defaults alone", {"serve", "--defaults"}, 2, "--print-config"},
      {"backup without a file", {"backup"}, 2, "FILE"},
      {"no such file", {"serve", "--config", "none.json"}, 1, "none.json: cannot be read: No such file"},
      {"faulty file", {"serve", "--config", faulty}, 1, ":3: http.drain_ms: is -1; expected 0 to 600000 ms"},
      {"faulty file, the other fault",
       {"serve", "--config", faulty},
       1,
       ":2: http.lisen: is not a key; expected `http"},
      {"print a faulty file", {"serve", "--print-config", "--config", faulty}, 1, "2 faults in the configuration"},
      {"check a faulty file", {"check", "--config", faulty}, 1, "2 faults"},
      {"no file's name", {"serve", "--config", ""}, 1, "cannot be read"},
      {"empty store", {"serve", "--store", ""}, 1, "command line --store: store.url: store URL ''"},
      {"faulty option", {"serve", "--listen", "nowhere"}, 1, "command line --listen: http.listen: listen address"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto ended = run(row.arguments);
    EXPECT_EQ(ended.status, row.status) << ended.said;
    EXPECT_NE(ended.said.find(row.said), std::string::npos) << ended.said;
  }
}

TEST_F(CommandLine, PrintsTheConfigurationThatItWouldTake) {
  const auto config = write("c.json", "{\n// mine\n\"http\": {\"drain_ms\": 5}}");
  const auto printed = run({"serve", "--config", config, "--listen", "127.0.0.1:0", "--print-config"});
  EXPECT_EQ(printed.status, 0);
  EXPECT_NE(printed.said.find("    // " + config + ":3\n    \"drain_ms\": 5"), std::string::npos) << printed.said;
  EXPECT_NE(printed.said.find("    // command line --listen\n    \"listen\": [\"127.0.0.1:0\"]"), std::string::npos);
  EXPECT_EQ(printed.said.find("k1"), std::string::npos) << "the admin key is a secret";
  const auto parsed = json::parse(printed.said, nullptr, true, true);
  EXPECT_EQ(parsed.at("store").at("url"), "sqlite://./data/postbackd.db");
  const auto defaults = run({"serve", "--print-config", "--defaults"});
  std::ostringstream shipped;
  shipped << std::ifstream(POSTBACK_SOURCE_DIR "/config/postbackd.json").rdbuf();
  EXPECT_EQ(defaults.said, shipped.str());
}

TEST_F(CommandLine, ServesByItsConfiguration) {
  const auto config = write("c.json", R"({"http": {"listen": ["127.0.0.1:0"], "header_fields": 10},
      "api": {"listen": ["127.0.0.1:0"]}, "store": {"url": ")" +
                                          store() + "\"}}");
  ServerProcess process(POSTBACK_BINARY, {"serve", "--config", config});
  RawClient client(process.wait_until_listening());
  process.wait_for_output("app.api_listening address=127.0.0.1:");
  client.send(request_text("GET", "/api/v1/networks"));
  EXPECT_EQ(client.read_response().status, 404);
  std::string many;
  for (int i = 0; i < 12; ++i) many += "X-" + std::to_string(i) + ": 1\r\n";
  client.send(request_text("GET", "/healthz", many));
  EXPECT_EQ(client.read_response().status, 431);
  EXPECT_TRUE(std::filesystem::exists(file("t.db")));
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait_for_end().exit_code, 0) << process.output();
}

TEST_F(CommandLine, LogsOneJsonObjectALine) {
  auto arguments = ServerProcess::serve(file("t\n\"x\".db"));
  const auto config = write("c.json", R"({"log": {"format": "json", "level": "debug"}})");
  arguments.insert(arguments.end(), {"--config", config});
  {
    ServerProcess killed(POSTBACK_BINARY, arguments);
    killed.wait_for_output("\"event\":\"app.listening\"");
  }
  ServerProcess process(POSTBACK_BINARY, arguments);
  process.wait_for_output("\"event\":\"app.listening\"");
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait_for_end().exit_code, 0);
  std::istringstream lines(process.output());
  std::vector<std::string> events;
  for (std::string line; std::getline(lines, line);) {
    SCOPED_TRACE(line);
    const auto object = json::parse(line);
    EXPECT_TRUE(object.at("time").get<std::string>().ends_with("Z"));
    EXPECT_TRUE(object.contains("level"));
    events.push_back(object.at("event"));
    if (events.back() == "store.not_stopped_in_order") {
      EXPECT_EQ(object.at("path"), file("t\n\"x\".db"));
    }
  }
  EXPECT_EQ(events, (std::vector<std::string>{"store.not_stopped_in_order", "geo.opened", "app.listening",
                                              "app.stopping", "app.stopped"}));
}

TEST_F(CommandLine, SighupTakesTheLogLevelOverAndSaysWhatNeedsARestart) {
  const auto config = write("c.json", R"({"log": {"level": "info"}})");
  auto arguments = ServerProcess::serve(file("t.db"));
  arguments.insert(arguments.end(), {"--config", config});
  ServerProcess process(POSTBACK_BINARY, arguments);
  process.wait_until_listening();
  write("c.json", R"({"log": {"level": "warn"}, "http": {"drain_ms": 7}})");
  process.signal(SIGHUP);
  process.wait_for_output("app.reloaded log_level=warn log_level_before=info needs_restart=http.drain_ms\n");
  write("c.json", "{\"log\":\n{\"level\": \"loud\"}}");
  process.signal(SIGHUP);
  process.wait_for_output("app.reload_refused fault=");
  process.wait_for_output(":2: log.level: is \\\"loud\\\"; expected debug, info, warn or error");
  write("c.json", R"({"log": {"level": "debug"}})");
  process.signal(SIGHUP);
  process.wait_for_output("app.reloaded log_level=debug log_level_before=warn needs_restart=\"\"\n");
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait_for_end().exit_code, 0);
  EXPECT_NE(process.output().find("app.stopped"), std::string::npos) << "info is written again";
}

TEST_F(CommandLine, CheckLooksAtStoreAndFilesAndChangesNothing) {
  const auto unborn = run({"check", "--store", store()});
  EXPECT_EQ(unborn.status, 0) << unborn.said;
  EXPECT_NE(unborn.said.find("there is no store yet"), std::string::npos) << unborn.said;
  EXPECT_FALSE(std::filesystem::exists(file("t.db")));
  TestServer server;
  server.example_catalog();
  const auto url = "sqlite://" + server.store_file();
  const auto beside = run({"check", "--store", url});
  EXPECT_EQ(beside.status, 0) << beside.said;
  EXPECT_NE(
      beside.said.find("the catalog is right: 0 currencies, 1 networks, 1 offers, 0 landers, 1 sources, 1 campaigns"),
      std::string::npos)
      << beside.said;
  const auto right = write("right.json", R"({"networks":[{"id":"acme","name":"Acme","click_param":"sub1"}],
      "offers":[{"id":"vpn","name":"VPN","network":"acme","url":"https://offer.example/lp?sub1={clickid}"}]})");
  const auto wrong = write("wrong.json", R"({"networks":[{"id":"acme","nam":"Acme"},{"id":"a b"}],"offers":5})");
  const auto dangling = write("dangling.json", R"({"offers":[{"id":"vpn","name":"VPN","network":"none","url":"x"}]})");
  const auto checked = run({"check", "--store", store(), right, wrong, dangling, file("none.json")});
  EXPECT_EQ(checked.status, 1);
  for (const auto& part :
       {right + ": the catalog is right: importing it would change 2 objects, which makes 0 currencies, 1 networks, 1 "
                "offers",
        wrong + ": networks[1].id: is not a slug", wrong + ": networks/acme: nam: is not a known field",
        wrong + ": offers: is not an array",
        dangling + ": offers/vpn: network: ", dangling + ": offers/vpn: url: ", file("none.json") + ": cannot be read"})
    EXPECT_NE(checked.said.find(part), std::string::npos) << part << "\nin\n" << checked.said;
}

}  // namespace
}  // namespace postback::testing
