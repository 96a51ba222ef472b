// read_postback_rows: one body divided into many, whatever form it has.
#include "postback/domain/postback_rows.hpp"

#include <gtest/gtest.h>

namespace postback {
namespace {

std::vector<std::string> bodies(const PostbackRows& found) {
  std::vector<std::string> texts;
  for (const auto& row : found.rows) texts.push_back(row.body);
  return texts;
}

TEST(PostbackRows, TellsRowsApart) {
  struct Row {
    const char* type;
    const char* body;
    std::vector<std::string> rows;
  };
  const Row table[] = {
      {"application/json", R"([{"a":1.50}, {"b":"],}\"["} ])", {R"({"a":1.50})", R"({"b":"],}\"["})"}},
      {"application/json; charset=utf-8", " [] ", {}},
      {"application/json", R"({"a":[1,{"b":2}]})", {R"({"a":[1,{"b":2}]})"}},
      {"application/json", R"([[1,2],3])", {"[1,2]", "3"}},
      {"application/json", "", {}},
      {"application/x-ndjson", "{\"a\":1}\r\n\n{\"a\":2}", {R"({"a":1})", R"({"a":2})"}},
      {"text/csv", "click_id,payout\r\nx,\"1,5\"\r\ny,\r\n", {"click_id=x&payout=1%2C5", "click_id=y"}},
      {"Text/CSV", "click_id\n", {}},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.body);
    const auto found = read_postback_rows(row.type, row.body, 10);
    EXPECT_EQ(bodies(found), row.rows);
    EXPECT_EQ(found.fault, "");
    EXPECT_FALSE(found.unsupported);
    EXPECT_FALSE(found.too_many);
  }
}

TEST(PostbackRows, SaysWhatIsWrong) {
  struct Row {
    const char* type;
    const char* body;
    const char* fault;
  };
  const Row table[] = {
      {"application/json", "[{\"a\":1}", "the JSON array has no end"},
      {"application/json", "[{\"a\":1}}", "the JSON array has no end"},
      {"application/json", "[{\"a\":1},]", "the JSON array has a comma too many"},
      {"application/json", "[{\"a\":1}] x", "something stands behind the JSON array"},
      {"text/csv", "a\n\"b", "line 2 has a quote that is not closed"},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.body);
    const auto found = read_postback_rows(row.type, row.body, 10);
    EXPECT_EQ(found.fault, row.fault);
    EXPECT_TRUE(found.rows.empty());
  }
  EXPECT_TRUE(read_postback_rows("text/plain", "x", 10).unsupported);
  EXPECT_TRUE(read_postback_rows("", "[]", 10).unsupported);
  EXPECT_FALSE(read_postback_rows("application/x-ndjson", "{}\n{}", 2).too_many);
  EXPECT_TRUE(read_postback_rows("application/x-ndjson", "{}\n{}\n{}", 2).too_many);
  EXPECT_TRUE(read_postback_rows("text/csv", "a\n1\n2\n3", 2).too_many);
  EXPECT_TRUE(read_postback_rows("application/json", "[1,2,3]", 2).too_many);
}

TEST(PostbackRows, ARowOfCsvWithTooFewCellsIsNoPostback) {
  const auto found = read_postback_rows("text/csv", "a,b\n1,2\n3\n4,5", 10);
  ASSERT_EQ(found.rows.size(), 3U);
  EXPECT_EQ(found.rows[1].fault, "it has 1 cells, but the first row names 2");
  EXPECT_EQ(found.rows[1].body, "3");
  EXPECT_EQ(found.rows[2].body, "a=4&b=5");
}

}  // namespace
}  // namespace postback
