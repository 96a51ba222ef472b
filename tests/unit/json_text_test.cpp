// JSON strings and log values from bytes that may be anything.
#include "postback/base/json_text.hpp"

#include "postback/base/log.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>
#include <string>
#include <vector>

namespace postback {
namespace {

const std::string kReplacement = "\xEF\xBF\xBD";

std::string json_string(std::string_view value) {
  std::string out;
  append_json_string(out, value);
  return out;
}

TEST(JsonString, escapes_what_must_be) {
  EXPECT_EQ(json_string(""), R"("")");
  EXPECT_EQ(json_string("plain é 😀"), "\"plain é 😀\"");
  EXPECT_EQ(json_string("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(json_string("\b\f\n\r\t\x01\x1F"), R"("\b\f\n\r\t\u0001\u001f")");
  EXPECT_EQ(json_string(std::string_view{"a\0b", 3}), R"("a\u0000b")");
  EXPECT_EQ(json_string("</script>"), R"("\u003c/script>")");
  EXPECT_EQ(json_string("\xE2\x80\xA8\xE2\x80\xA9"), R"("\u2028\u2029")");
}

TEST(ValidUtf8, replaces_each_broken_sequence_once) {
  struct Row {
    std::string_view bytes;
    std::string valid;
  };
  const std::string r = kReplacement;
  const std::vector<Row> rows{
      {"\xFF\xFE", r + r},                  // no lead bytes
      {"\xC0\xAF", r + r},                  // overlong slash
      {"\xE0\x80\xAF", r + r + r},          // overlong, three bytes
      {"\xED\xA0\x80", r + r + r},          // a surrogate
      {"\xF4\x90\x80\x80", r + r + r + r},  // beyond U+10FFFF
      {"a\xE2\x82", "a" + r},               // cut off
      {"\xE2\x82z", r + "z"},               // broken off by a letter
      {"\x80z", r + "z"},                   // a continuation alone
      {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
      {"\xF4\x8F\xBF\xBF\xED\x9F\xBF", "\xF4\x8F\xBF\xBF\xED\x9F\xBF"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(valid_utf8(row.bytes), row.valid);
    EXPECT_EQ(json_string(row.bytes), "\"" + row.valid + "\"");
  }
}

TEST(JsonString, random_bytes_are_always_valid_json) {
  constexpr unsigned kSeed = 20260115;
  std::mt19937 random{kSeed};
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 40, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    const nlohmann::json parsed = nlohmann::json::parse(json_string(bytes), nullptr, false);
    ASSERT_FALSE(parsed.is_discarded()) << "seed " << kSeed << " round " << round;
    ASSERT_EQ(parsed.get<std::string>(), valid_utf8(bytes)) << "seed " << kSeed << " round " << round;
  }
}

TEST(Utf8Prefix, never_cuts_a_character) {
  struct Row {
    std::string_view text;
    std::size_t bytes;
    std::string_view prefix;
  };
  const std::vector<Row> rows{
      {"abc", 5, "abc"},
      {"abc", 3, "abc"},
      {"abc", 2, "ab"},
      {"abc", 0, ""},
      {"aé", 2, "a"},
      {"aé", 3, "aé"},
      {"a€b", 3, "a"},
      {"a€b", 4, "a€"},
      {"😀", 3, ""},
      {"😀", 1, ""},
      {"é", 1, ""},
      {"x😀y", 4, "x"},
      {"x😀y", 5, "x😀"},
      {"ab\x80\x80\x80\x80", 4, "ab\x80\x80"},
      {"a\xFF\xFF", 2, "a\xFF"},
  };
  for (const Row& row : rows)
    EXPECT_EQ(utf8_prefix(row.text, row.bytes), row.prefix) << row.text << " at " << row.bytes;
}

TEST(LogValue, cannot_break_a_line) {
  EXPECT_EQ(log_value("plain-value_1"), "plain-value_1");
  EXPECT_EQ(log_value(""), R"("")");
  EXPECT_EQ(log_value("two words"), R"("two words")");
  EXPECT_EQ(log_value("a=b"), R"("a=b")");
  EXPECT_EQ(log_value("say \"x\""), R"("say \"x\"")");
  EXPECT_EQ(log_value("a\r\n\x1B[2J"), R"(a\u000d\u000a\u001b[2J)");
  EXPECT_EQ(log_value("\xE2\x80\xA8\xC2\x85"), R"(\u2028\u0085)");
  EXPECT_EQ(log_value("\xFF\xE2\x82"), R"(\xff\xe2\x82)");
}

TEST(LogValue, is_cut_at_one_kibibyte) {
  for (const std::string& piece : {std::string{"a"}, std::string{" "}, std::string{"\n"}, std::string{"é"}}) {
    std::string value;
    while (value.size() < 5000) value += piece;
    const std::string shown = log_value(value);
    EXPECT_LE(shown.size(), 1024U);
    EXPECT_GT(shown.size(), 1000U);
    EXPECT_EQ(shown, valid_utf8(shown));
    EXPECT_NE(shown.find("..."), std::string::npos);
  }
}

}  // namespace
}  // namespace postback
