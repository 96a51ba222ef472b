// Lines of the log: as text they stay one line, as JSON they are one valid object, whatever a stranger sent.
#include "base/log_line.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace postback {
namespace {

constexpr TimeMs kTime{std::chrono::milliseconds{1'767'225'600'123}};

std::string json_line(const std::string& message) { return format_log_line(LogFormat::json, kTime, "info", message); }

/// What no line may hold but its end: control characters, line and paragraph separators; nor invalid UTF-8.
void expect_harmless(std::string line) {
  ASSERT_TRUE(line.ends_with('\n'));
  line.pop_back();
  for (const char character : line) {
    const auto byte = static_cast<unsigned char>(character);
    EXPECT_TRUE(byte >= 0x20 && byte != 0x7F) << line;
  }
  for (const char* separator : {"\u2028", "\u2029", "\u0085", "\u009b"}) {
    EXPECT_EQ(line.find(separator), std::string::npos) << line;
  }
  EXPECT_NO_THROW(static_cast<void>(nlohmann::json(line).dump())) << "invalid UTF-8: " << line;
}

TEST(LogLine, PairsBecomeMembers) {
  struct Row {
    const char* message;
    const char* json;  ///< What follows time and level.
  };
  const Row rows[] = {
      {"app.stopped", R"("event":"app.stopped"})"},
      {"app.listening address=127.0.0.1:8080 version=0.1.0",
       R"("event":"app.listening","address":"127.0.0.1:8080","version":"0.1.0"})"},
      {R"(a.b detail="two words" n=5)", R"("event":"a.b","detail":"two words","n":"5"})"},
      {R"(a.b detail="say \"x=1\" \\ now" n=)", R"("event":"a.b","detail":"say \"x=1\" \\ now","n":""})"},
      {R"(a.b v=a\u000ab\u2028\xff)", R"("event":"a.b","v":"a\nb\u2028\\xff"})"},
      {R"(a.b v=\u009b)", R"("event":"a.b","v":"\u009b"})"},
      {R"(a.b v="")", R"("event":"a.b","v":""})"},
      {"two words path=/x", R"("event":"two words","path":"/x"})"},
      {"a.b n=1; look there n=2", R"("event":"a.b","n":"1;","n_2":"2","text":"look there"})"},
      {"a.b time=1 level=2 event=3", R"("event":"a.b","time_2":"1","level_2":"2","event_2":"3"})"},
      {"x=1", R"("event":"","x":"1"})"},
      {"", R"("event":""})"},
      {R"(a.b v="no end)", R"("event":"a.b","v":"no end"})"},
      {R"(a.b v="no end\)", R"("event":"a.b","v":"no end\\"})"},
      {R"(a.b v=\u12)", R"("event":"a.b","v":"\\u12"})"},
      {"a.b V=1 2=3 =4", R"("event":"a.b V=1 2=3 =4"})"},
      {"a.b  c", R"("event":"a.b c"})"},
      {"a.b v=<script>", R"("event":"a.b","v":"\u003cscript>"})"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(json_line(row.message),
              R"({"time":"2026-01-01T00:00:00.123Z","level":"info",)" + std::string(row.json) + "\n")
        << row.message;
  }
}

std::vector<std::string> hostile_values() {
  std::vector<std::string> values = {"",
                                     "plain",
                                     "a b",
                                     "a=b",
                                     "\"",
                                     "\\",
                                     "\\\"",
                                     "\\u000a",
                                     "\\x41",
                                     "line\nbreak\r\n",
                                     std::string("zero\0byte", 9),
                                     "\x1b[2J\x1b]0;owned\a",
                                     "\x7f",
                                     "\u0085\u009b31m",
                                     "\u2028\u2029",
                                     "\xff\xfe",
                                     "\xc0\xaf",
                                     "\xed\xa0\x80",
                                     "\xe2\x80",
                                     "\",\"level\":\"error\",\"x\":\"",
                                     "x\" level=error event=\"forged",
                                     "{\"a\":1}\n{\"time\":\"2026\"}",
                                     "é ü 漢字 😀",
                                     std::string(5'000, 'a'),
                                     std::string(5'000, '\n'),
                                     std::string(5'000, '"')};
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  values.push_back(every_byte);
  return values;
}

TEST(LogLine, HostileValuesStayValues) {
  for (const auto& value : hostile_values()) {
    const auto message = "a.b before=1 value=" + log_value(value) + " after=2";
    SCOPED_TRACE(message);
    const auto line = json_line(message);
    expect_harmless(line);
    const auto parsed = nlohmann::json::parse(line);
    EXPECT_EQ(parsed.size(), 6U) << line;
    EXPECT_EQ(parsed.at("level"), "info");
    EXPECT_EQ(parsed.at("event"), "a.b");
    EXPECT_EQ(parsed.at("after"), "2");
    const auto logged = parsed.at("value").get<std::string>();
    EXPECT_LE(logged.size(), 1024U);
    // What is short and valid comes through as it was.
    const bool valid =
        value.size() < 100 && value.find_first_of("\xff\xfe\xc0\xed") == std::string::npos && value != "\xe2\x80";
    if (valid) {
      EXPECT_EQ(logged, value);
    }
    expect_harmless(format_log_line(LogFormat::text, kTime, "info", message));
  }
}

TEST(LogLine, WhatWasNotMadeSafeIsStillOneLine) {
  for (const auto& value : hostile_values()) {
    const auto line = json_line(value);
    expect_harmless(line);
    const auto parsed = nlohmann::json::parse(line);
    EXPECT_EQ(parsed.at("level"), "info");
    for (const auto& [key, member] : parsed.items()) EXPECT_LE(member.get<std::string>().size(), 1024U) << key;
    expect_harmless(format_log_line(LogFormat::text, kTime, "info", value));
  }
  EXPECT_EQ(format_log_line(LogFormat::text, kTime, "warning", "a.b v=\"x y\"\n"),
            "2026-01-01T00:00:00.123Z warning a.b v=\"x y\"\\u000a\n");
}

}  // namespace
}  // namespace postback
