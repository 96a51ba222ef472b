// Percent-encoding and decoding of hostile and ordinary bytes.
#include "postback/base/percent.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postback {
namespace {

std::string encoded(std::string_view value) {
  std::string out = "<";
  append_percent_encoded(out, value);
  return out.substr(1);
}
std::string query_decoded(std::string_view text) {
  std::string out = "<";
  append_query_decoded(out, text);
  return out.substr(1);
}
std::string path_decoded(std::string_view text) {
  std::string out = "<";
  append_path_decoded(out, text);
  return out.substr(1);
}

TEST(PercentEncode, leaves_unreserved_bytes_only) {
  const std::string_view unreserved = "ABCXYZabcxyz0189-._~";
  EXPECT_EQ(encoded(unreserved), unreserved);
  EXPECT_EQ(encoded("a b+c&d=e"), "a%20b%2Bc%26d%3De");
  EXPECT_EQ(encoded("\r\nSet-Cookie:x=1"), "%0D%0ASet-Cookie%3Ax%3D1");
  EXPECT_EQ(encoded("//evil\\@?#%zz"), "%2F%2Fevil%5C%40%3F%23%25zz");
  EXPECT_EQ(encoded(std::string_view{"a\0b", 3}), "a%00b");
  EXPECT_EQ(encoded("\xFF\xFE\xC0\xAF"), "%FF%FE%C0%AF");
  EXPECT_EQ(encoded(""), "");
}

TEST(PercentDecode, every_byte_comes_back) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  EXPECT_EQ(query_decoded(encoded(all)), all);
  EXPECT_EQ(path_decoded(encoded(all)), all);
}

TEST(PercentDecode, broken_escapes_stay_as_they_are) {
  struct Row {
    std::string_view text;
    std::string_view query;
    std::string_view path;
  };
  const std::vector<Row> rows{
      {"%zz", "%zz", "%zz"},     {"%", "%", "%"},       {"%4", "%4", "%4"},
      {"%4z1", "%4z1", "%4z1"},  {"%%41", "%A", "%A"},  {"a%2", "a%2", "a%2"},
      {"%2B+%2b", "+ +", "+++"}, {"a+b", "a b", "a+b"}, {"%2541", "%41", "%41"},
      {"%41%", "A%", "A%"},      {"", "", ""},          {"plain", "plain", "plain"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(query_decoded(row.text), row.query) << row.text;
    EXPECT_EQ(path_decoded(row.text), row.path) << row.text;
  }
}

TEST(PercentDecode, needs_decoding_only_for_escapes_and_plus) {
  EXPECT_FALSE(needs_query_decoding("abc-._~="));
  EXPECT_TRUE(needs_query_decoding("a+b"));
  EXPECT_TRUE(needs_query_decoding("%41"));
}

}  // namespace
}  // namespace postback
