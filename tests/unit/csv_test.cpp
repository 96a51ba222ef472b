// Reading CSV: lines, cells and quotes, and which line is named when it cannot be read.
#include "postback/base/csv.hpp"

#include <gtest/gtest.h>

namespace postback {
namespace {

using Lines = std::vector<std::vector<std::string>>;

TEST(Csv, ReadsLinesAndCells) {
  const std::vector<std::pair<std::string, Lines>> rows{
      {"", {}},
      {"\n\r\n", {}},
      {"a", {{"a"}}},
      {"a,b\n1,2\n", {{"a", "b"}, {"1", "2"}}},
      {"a,b\r\n1,2", {{"a", "b"}, {"1", "2"}}},
      {"a,\n", {{"a", ""}}},
      {",", {{"", ""}}},
      {"\"a,\"\"b\"\"\nc\",d", {{"a,\"b\"\nc", "d"}}},
      {"\"\"\n", {}},
      {"\xEF\xBB\xBF"
       "a,b",
       {{"a", "b"}}},
      {"a\n\nb\n", {{"a"}, {"b"}}},
  };
  for (const auto& [text, lines] : rows) {
    const auto read = read_csv(text, 10);
    ASSERT_TRUE(read.has_value()) << text;
    EXPECT_EQ(*read, lines) << text;
  }
}

TEST(Csv, NamesTheLineThatCannotBeRead) {
  for (const auto& [text, detail] : std::vector<std::pair<const char*, const char*>>{
           {"a\n\"b", "line 2 has a quote that is not closed"},
           {"\"a\"b", "line 1 has text behind a closing quote"},
           {"a\nb\"c\"", "line 2 has a quote within a cell; put the whole cell in quotes"},
           {"1\n2\n3\n4", "line 4 is one too many; at most 3 are taken"}}) {
    const auto read = read_csv(text, 3);
    ASSERT_TRUE(read.has_error()) << text;
    EXPECT_EQ(read.error().detail, detail);
  }
}

}  // namespace
}  // namespace postback
