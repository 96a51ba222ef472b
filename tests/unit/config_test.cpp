// The configuration: order of its sources, every fault with its place, the shipped file and the document of keys.
#include "postback/app/config.hpp"

#include "app/config_keys.hpp"
#include "support/source_tree.hpp"
#include "support/temporary_directory.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace postback {
namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A configuration file in a directory of its own.
class ConfigFile : public ::testing::Test {
 protected:
  Config load(std::string_view text, ConfigSources sources = {}) {
    std::ofstream(path_, std::ios::binary) << text;
    sources.file = path_;
    return load_config(sources);
  }
  /// The faults of a file, each without the file's directory.
  std::vector<std::string> faults_of(std::string_view text) {
    std::vector<std::string> lines;
    for (const auto& fault : load(text).faults) {
      auto line = to_string(fault);
      if (line.starts_with(path_)) line.erase(0, path_.size() - std::string_view("c.json").size());
      lines.push_back(line);
    }
    return lines;
  }

  TemporaryDirectory directory_;
  const std::string path_ = directory_.file("c.json");
};

TEST_F(ConfigFile, LaterSourcesWinAndAreNamed) {
  ConfigSources sources;
  sources.environment = {{"POSTBACKD_HTTP_HEADER_FIELDS", "51"}, {"POSTBACKD_HTTP_LISTEN", "127.0.0.1:1, [::1]:2"},
                         {"POSTBACKD_API_LISTEN", ""},           {"POSTBACKD_LOG_FORMAT", "json"},
                         {"POSTBACKD_ADMIN_KEY", "k1"},          {"POSTBACKD_PORT", "tcp://of.some.cluster"}};
  sources.command_line = {{"--store", "store.url", {"sqlite:///tmp/c.db"}}};
  const auto config = load(
      "{ // what an operator wrote\n\"http\": {\n \"connections\": 5, /* few */\n \"header_fields\": 50,\n"
      " \"drain_ms\": 7},\n\"api\": {\"listen\": [\"127.0.0.1:9\"]},\n\"store\": {\"url\": \"sqlite://./x.db\"}}",
      sources);
  ASSERT_TRUE(config.faults.empty()) << to_string(config.faults.front());
  const auto& app = config.settings.app;
  EXPECT_EQ(app.server.connections, 5U);
  EXPECT_EQ(app.server.header_fields, 51U);
  EXPECT_EQ(app.drain, std::chrono::milliseconds{7});
  EXPECT_EQ(app.listen, (std::vector<std::string>{"127.0.0.1:1", "[::1]:2"}));
  EXPECT_TRUE(app.api_listen.empty());
  EXPECT_EQ(app.store, "sqlite:///tmp/c.db");
  EXPECT_EQ(app.admin_key, "k1");
  EXPECT_EQ(config.settings.log_format, "json");
  EXPECT_EQ(app.server.header_bytes, net::ServerLimits{}.header_bytes);
  const std::map<std::string, std::string, std::less<>> origins = {
      {"http.connections", path_ + ":3"},
      {"http.header_fields", "environment POSTBACKD_HTTP_HEADER_FIELDS"},
      {"http.drain_ms", path_ + ":5"},
      {"http.listen", "environment POSTBACKD_HTTP_LISTEN"},
      {"api.listen", "environment POSTBACKD_API_LISTEN"},
      {"store.url", "command line --store"},
      {"log.format", "environment POSTBACKD_LOG_FORMAT"}};
  EXPECT_EQ(config.origins, origins);
}

struct FaultRow {
  const char* name;
  const char* text;
  std::vector<std::string> faults;  ///< How each begins, in order.
};

const FaultRow kFaultRows[] = {
    {"empty", "", {"c.json:1: is empty; expected a JSON object; {} leaves every default"}},
    {"white space", " \n\t\n", {"c.json:1: is empty"}},
    {"only a comment", "// nothing\n", {"c.json:2: is not valid JSON: "}},
    {"nothing set", "{}", {}},
    {"a list", "[1]", {"c.json:1: is not a JSON object; expected {\"section\": {"}},
    {"cut off", "{\n\"http\": {\n", {"c.json:3: is not valid JSON: syntax error"}},
    {"a comma too many", "{\n\"http\": {\"drain_ms\": 5,\n}}", {"c.json:3: is not valid JSON: "}},
    {"something behind", "{}\n{}", {"c.json:2: is not valid JSON: "}},
    {"comment without end", "{}\n/* ", {"c.json:2: is not valid JSON: "}},
    {"invalid UTF-8", "{\"\xff\": 1}", {"c.json:1: is not valid JSON: "}},
    {"section is no object", "{\n\"http\": 5}", {"c.json:2: http: is not an object; expected {\"key\": value, ...}"}},
    {"section unknown", "{\n\n\"htp\": {\"a\": 1}}", {"c.json:3: htp: is not a section; expected `http`, if that is"}},
    {"key unknown",
     "{\"http\": {\n\"lisen\": []}}",
     {"c.json:2: http.lisen: is not a key; expected `http.listen`, if that is meant; `postbackd serve "
      "--print-config` shows every key"}},
    {"key like no other", "{\"http\": {\"qqqqqqqqqqqqqqqqqq\": 1}}", {"c.json:1: http.qqqqqqqqqqqqqqqqqq: is not a"}},
    {"the secret", "{\"admin\": {\"key\": \"k\"}}", {"c.json:1: admin: is not a section"}},
    {"twice",
     "{\"http\": {\n\"drain_ms\": 5,\n\"drain_ms\": 5}}",
     {"c.json:3: http.drain_ms: stands twice, first in line 2; expected one of them"}},
    {"section twice", "{\"http\": {},\n\"http\": {}}", {"c.json:2: http: stands twice, first in line 1"}},
    {"text for a number",
     "{\"http\": {\"drain_ms\": \"5\"}}",
     {"c.json:1: http.drain_ms: is \"5\", a text; expected a whole number: 0 to 600000 ms"}},
    {"fraction", "{\"http\": {\"drain_ms\": 1.5}}", {"c.json:1: http.drain_ms: is 1.5, a number; expected a whole"}},
    {"null", "{\"http\": {\"drain_ms\": null}}", {"c.json:1: http.drain_ms: is null, nothing; expected a whole num"}},
    {"true", "{\"http\": {\"drain_ms\": true}}", {"c.json:1: http.drain_ms: is true, true or false; expected"}},
    {"negative", "{\"http\": {\"drain_ms\": -1}}", {"c.json:1: http.drain_ms: is -1; expected 0 to 600000 ms"}},
    {"too much", "{\"http\": {\"drain_ms\": 600001}}", {"c.json:1: http.drain_ms: is 600001; expected 0 to 600000 ms"}},
    {"beyond 64 bits", "{\"http\": {\"drain_ms\": 18446744073709551615}}", {"c.json:1: http.drain_ms: is 1844674407"}},
    {"beyond every number", "{\"http\": {\"drain_ms\": 1e999}}", {"c.json:1: is not valid JSON: "}},
    {"no choice", "{\"log\": {\"format\": \"xml\"}}", {"c.json:1: log.format: is \"xml\"; expected text or json"}},
    {"two choices",
     "{\"log\": {\"format\": \"text json\"}}",
     {"c.json:1: log.format: is \"text json\"; expected text"}},
    {"number for a text",
     "{\"log\": {\"level\": 3}}",
     {"c.json:1: log.level: is 3, a number; expected a text: debug, "}},
    {"sync", "{\"store\": {\"synchronous\": \"NORMAL\"}}", {"c.json:1: store.synchronous: is \"NORMAL\"; expected FU"}},
    {"text for a list",
     "{\"http\": {\"listen\": \"127.0.0.1:1\"}}",
     {"c.json:1: http.listen: is \"127.0.0.1:1\", a te"}},
    {"every item of a list",
     "{\"http\": {\"listen\": [5, \"127.0.0.1\", \"127.0.0.1:1\", \"::1:80\"]}}",
     {"c.json:1: http.listen: is 5, a number; expected a list of texts: 1 to 64 addresses",
      "c.json:1: http.listen: listen address \"127.0.0.1\": the port is missing; expected ADDRESS:PORT",
      "c.json:1: http.listen: listen address \"::1:80\": "}},
    {"empty list", "{\"http\": {\"listen\": []}}", {"c.json:1: http.listen: is empty; expected 1 to 64 addresses"}},
    {"store", "{\"store\": {\"url\": \"mysql://x\"}}", {"c.json:1: store.url: store URL 'mysql://x': only sqlite:"}},
    {"password", "{\"store\": {\"url\": \"postgresql://u:secret@h/d\"}}", {"c.json:1: store.url: store URL 'postgr"}},
    {"public URL", "{\"http\": {\"public_url\": \"ftp://x\"}}", {"c.json:1: http.public_url: \"ftp://x\" "}},
    {"public URL's query",
     "{\"http\": {\"public_url\": \"http://x/?a\"}}",
     {"c.json:1: http.public_url: \"http://x/?"}},
    {"tracking URLs",
     "{\"http\": {\"tracking_urls\": [\"\", \"go.example\", \"https://a.example/?x\", 5]}}",
     {"c.json:1: http.tracking_urls: has an empty text", "c.json:1: http.tracking_urls: \"go.example\" ",
      "c.json:1: http.tracking_urls: \"https://a.example/?x\" has a query",
      "c.json:1: http.tracking_urls: is 5, a nu"}},
    {"one host for two public URLs",
     "{\"http\": {\"public_url\": \"https://t.example\",\n\"tracking_urls\": [\"http://T.example/x\", "
     "\"https://go.example\", \"https://go.example:8443\", \"https://go.example/\"]}}",
     {"c.json:2: http.tracking_urls: has \"http://T.example/x\", whose host stands in it or in http.public_url "
      "already; "
      "expected each host once",
      "c.json:2: http.tracking_urls: has \"https://go.example/\", whose host"}},
    {"public and API at one address",
     "{\"http\": {\"listen\": [\"127.0.0.1:1\"]},\n\"api\": {\"listen\": [\"127.0.0.1:1\"]}}",
     {"c.json:2: api.listen: names 127.0.0.1:1, as http.listen does; expected another address or port"}},
    {"a control character", "{\"a\\u001bb\": {}}", {"c.json:1: a\\u001bb: is not a section"}},
    {"all at once, by line",
     "{\"log\": {\n\"level\": 1,\n\"colour\": 2},\n\"http\": {\n\"drain_ms\": -1,\n\"drain_ms\": 2}}",
     {"c.json:2: log.level: ", "c.json:3: log.colour: ", "c.json:6: http.drain_ms: stands twice"}},
};

TEST_F(ConfigFile, EveryFaultIsNamedWithItsLine) {
  for (const auto& row : kFaultRows) {
    SCOPED_TRACE(row.name);
    const auto faults = faults_of(row.text);
    EXPECT_EQ(faults.size(), row.faults.size()) << ::testing::PrintToString(faults);
    for (std::size_t i = 0; i < std::min(faults.size(), row.faults.size()); ++i) {
      EXPECT_TRUE(faults[i].starts_with(row.faults[i])) << faults[i] << "\nshould begin with\n" << row.faults[i];
      EXPECT_EQ(faults[i].find("secret"), std::string::npos) << faults[i];
    }
  }
}

TEST_F(ConfigFile, TrackingUrlsAreBounded) {
  const auto listed = [this](int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
      text += (i == 0 ? "\"https://t" : ", \"https://t") + std::to_string(i) + ".example\"";
    return faults_of("{\"http\": {\"tracking_urls\": [" + text + "]}}");
  };
  EXPECT_TRUE(listed(64).empty());
  EXPECT_EQ(listed(65), std::vector<std::string>{"c.json:1: http.tracking_urls: has 65 items; expected 0 to 64 URLs"});
}

TEST_F(ConfigFile, OneThatCannotBeReadIsNamed) {
  for (const auto& path : {directory_.file("none.json"), directory_.file("")}) {
    ConfigSources sources;
    sources.file = path;
    const auto config = load_config(sources);
    ASSERT_EQ(config.faults.size(), 1U);
    EXPECT_TRUE(to_string(config.faults[0]).starts_with(path + ": cannot be read: ")) << to_string(config.faults[0]);
  }
}

TEST(ConfigEnvironment, FaultsAreNamedByVariable) {
  ConfigSources sources;
  sources.environment = {{"POSTBACKD_HTTP_CONNECTIONS", "12x"}, {"POSTBACKD_HTTP_DRAIN_MS", ""},
                         {"POSTBACKD_HTTP_LISEN", "x"},         {"POSTBACKD_LOG_LEVEL", "loud"},
                         {"POSTBACKD_HTTP_LISTEN", ""},         {"POSTBACKD_TEST_SEED", "5"}};
  const auto config = load_config(sources);
  std::string all;
  for (const auto& fault : config.faults) all += to_string(fault) + "\n";
  EXPECT_EQ(all,
            "environment POSTBACKD_HTTP_CONNECTIONS: http.connections: is \"12x\", a text; expected a whole number: 1 "
            "to 1000000 connections\n"
            "environment POSTBACKD_HTTP_DRAIN_MS: http.drain_ms: is \"\", a text; expected a whole number: 0 to 600000 "
            "ms\n"
            "environment POSTBACKD_HTTP_LISEN: is not a variable of a key; expected `POSTBACKD_HTTP_LISTEN`, if that "
            "is meant\n"
            "environment POSTBACKD_HTTP_LISTEN: http.listen: is empty; expected 1 to 64 addresses\n"
            "environment POSTBACKD_LOG_LEVEL: log.level: is \"loud\"; expected debug, info, warn or error\n");
}

TEST(ConfigTable, EveryKeyIsWellFormedAndItsDefaultIsAllowed) {
  std::set<std::string> names;
  std::set<std::string> variables;
  std::set<const void*> places;
  Settings settings;
  for (const auto& key : config_keys()) {
    SCOPED_TRACE(key.name);
    EXPECT_TRUE(names.emplace(key.name).second);
    EXPECT_TRUE(variables.insert(variable_of(key)).second);
    const auto place = std::visit([](auto* target) { return static_cast<const void*>(target); }, key.target(settings));
    EXPECT_TRUE(places.insert(place).second) << "two keys for one value";
    const auto sections = config_sections();
    EXPECT_TRUE(std::ranges::any_of(sections, [&](const auto& each) { return each.name == section_of(key); }));
    EXPECT_TRUE(set_value(key, value_of(key, Settings()), settings).empty());
    EXPECT_TRUE(key.meaning.ends_with('.') && key.meaning.size() > 20);
    EXPECT_FALSE(range_of(key).empty());
  }
}

TEST_F(ConfigFile, WhatIsPrintedIsTheSameConfiguration) {
  const auto config = load(
      "{\"http\": {\"listen\": [\"127.0.0.1:1\", \"[::1]:2\"], \"public_url\": \"https://t.example\", \"drain_ms\": 0},"
      "\"store\": {\"url\": \"sqlite:///a \\\"b\\\"\\n.db\", \"synchronous\": \"EXTRA\"}, \"log\": {\"level\": "
      "\"warn\"}}");
  ASSERT_TRUE(config.faults.empty());
  const auto printed = print_config(config);
  EXPECT_NE(printed.find("    // " + path_ + ":1\n    \"drain_ms\": 0"), std::string::npos) << printed;
  EXPECT_NE(printed.find("    // default\n    \"connections\": 20000"), std::string::npos) << printed;
  const auto again = load(printed);
  ASSERT_TRUE(again.faults.empty()) << to_string(again.faults[0]);
  EXPECT_EQ(changed_keys(config.settings, again.settings), std::vector<std::string>());
  EXPECT_EQ(again.origins.size(), config_keys().size());
  EXPECT_EQ(changed_keys(config.settings, Settings()),
            (std::vector<std::string>{"http.listen", "http.public_url", "http.drain_ms", "store.url",
                                      "store.synchronous", "log.level"}));
}

TEST(ConfigPrinting, TheAdminKeyIsNeverPrinted) {
  ConfigSources sources;
  sources.environment = {{"POSTBACKD_ADMIN_KEY", "a-secret-of-the-operator"}};
  const auto config = load_config(sources);
  EXPECT_EQ(config.settings.app.admin_key, "a-secret-of-the-operator");
  EXPECT_EQ(print_config(config).find("a-secret"), std::string::npos);
}

TEST(ConfigPrinting, TheShippedFileIsMadeFromTheTable) {
  const std::string path = POSTBACK_SOURCE_DIR "/config/postbackd.json";
  EXPECT_EQ(content_of(path), default_config_file())
      << "make it anew: build/dev/postbackd serve --print-config --defaults > config/postbackd.json";
  ConfigSources sources;
  sources.file = path;
  const auto config = load_config(sources);
  ASSERT_TRUE(config.faults.empty()) << to_string(config.faults[0]);
  EXPECT_EQ(changed_keys(config.settings, Settings()), std::vector<std::string>());
}

std::string row_of(const ConfigKey& key) {
  const auto value = value_of(key, Settings());
  return "| `" + std::string(key.name) + "` | `" + value.dump() + "` | " + range_of(key) + " | " +
         std::string(key.meaning) + " |\n";
}

TEST(ConfigDocument, HasTheRowsOfTheTable) {
  std::string expected;
  std::string_view section;
  for (const auto& key : config_keys()) {
    if (section != section_of(key)) {
      section = section_of(key);
      const auto found = std::ranges::find(config_sections(), section, &ConfigSection::name);
      expected += "\n### " + std::string(section) + "\n\n" + std::string(found->meaning) +
                  "\n\n| key | default | allowed | meaning |\n|---|---|---|---|\n";
    }
    expected += row_of(key);
  }
  const auto document = content_of(POSTBACK_SOURCE_DIR "/docs/configuration.md");
  const std::string heading = "## Keys\n";
  const auto begin = document.find(heading);
  ASSERT_NE(begin, std::string::npos);
  const auto end = document.find("\n## ", begin + heading.size());
  EXPECT_EQ(document.substr(begin + heading.size(), end - begin - heading.size()), expected)
      << "put this below \"## Keys\" of docs/configuration.md:\n"
      << expected;
}

}  // namespace
}  // namespace postback
