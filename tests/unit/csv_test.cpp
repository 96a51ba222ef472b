// CsvReader: cells, quotes, line ends, and what is wrong with them.
#include "postback/base/csv.hpp"

#include <gtest/gtest.h>

namespace postback {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(std::string_view text, std::string& fault) {
  CsvReader csv(text);
  Rows rows;
  for (std::vector<std::string> cells; csv.next(cells);) rows.push_back(cells);
  fault = csv.fault();
  return rows;
}

TEST(Csv, ReadsWhatRfc4180Allows) {
  struct Row {
    const char* text;
    Rows rows;
  };
  const Row table[] = {
      {"", {}},
      {"\r\n\n", {}},
      {"a", {{"a"}}},
      {"a,b\r\nc,d\r\n", {{"a", "b"}, {"c", "d"}}},
      {"a,b\nc,d", {{"a", "b"}, {"c", "d"}}},
      {"\xEF\xBB\xBF"
       "a,b",
       {{"a", "b"}}},
      {",\n", {{"", ""}}},
      {"\"a,b\",\"c\"\"d\",\"e\r\nf\"\ng", {{"a,b", "c\"d", "e\r\nf"}, {"g"}}},
      {"\"\"", {{""}}},
      {"a\r,b", {{"a\r", "b"}}},
      {"a b, c ", {{"a b", " c "}}},
      {"a\"b", {{"a\"b"}}},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.text);
    std::string fault;
    EXPECT_EQ(rows_of(row.text, fault), row.rows);
    EXPECT_EQ(fault, "");
  }
}

TEST(Csv, NamesTheLineOfAFault) {
  struct Row {
    const char* text;
    const char* fault;
  };
  const Row table[] = {
      {"a\n\"b", "line 2 has a quoted cell without an end"},
      {"a\n\"b\"c", "line 2 has text behind a quoted cell"},
      {"\"a\nb\"\n\n\"c\" ,", "line 4 has text behind a quoted cell"},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.text);
    std::string fault;
    rows_of(row.text, fault);
    EXPECT_EQ(fault, row.fault);
  }
}

}  // namespace
}  // namespace postback
