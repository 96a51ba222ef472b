// Parameters: splitting, decoding and the reuse of memory.
#include "postback/domain/parameters.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postback {
namespace {

/// `name=value(raw)` of each parameter, to compare at a glance.
std::string shown(const Parameters& parameters) {
  std::string out;
  for (const Parameter& parameter : parameters.all()) {
    out += std::string{parameter.name} + "=" + std::string{parameter.value};
    if (parameter.raw_value != parameter.value) out += "(" + std::string{parameter.raw_value} + ")";
    out += ";";
  }
  return out;
}

bool within(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

TEST(Parameters, are_split_and_decoded_once) {
  struct Row {
    std::string_view query;
    std::string_view parameters;
  };
  const std::vector<Row> rows{
      {"", ""},
      {"a=1&b=2", "a=1;b=2;"},
      {"a", "a=;"},
      {"a=", "a=;"},
      {"=1&&a=1&", "a=1;"},
      {"a=b=c", "a=b=c;"},
      {"a=1&a=2", "a=1;a=2;"},
      {"a=x+y&b=%41", "a=x y(x+y);b=A(%41);"},
      {"s%75b1=1&c+d=2", "sub1=1;c d=2;"},
      {"a=%zz&b=%&c=%4", "a=%zz;b=%;c=%4;"},
      {"a=%2541", "a=%41(%2541);"},
      {"a=%clickid%", "a=%clickid%;"},
      {"a=%26b%3D1", "a=&b=1(%26b%3D1);"},
      {"a=1;b=2", "a=1;b=2;"},
  };
  for (const Row& row : rows) {
    Parameters parameters;
    parameters.add_query(row.query);
    EXPECT_EQ(shown(parameters), row.parameters) << row.query;
  }
}

TEST(Parameters, a_nul_byte_cuts_nothing) {
  Parameters parameters;
  parameters.add_query("a=x%00y");
  EXPECT_EQ(parameters.find("a"), std::string_view("x\0y", 3));
}

TEST(Parameters, the_first_value_under_exactly_the_name_is_found) {
  Parameters parameters;
  parameters.add_query("A=0&a=1&a=2&empty");
  EXPECT_EQ(parameters.find("a"), "1");
  EXPECT_EQ(parameters.find("A"), "0");
  EXPECT_EQ(parameters.find("empty"), "");
  EXPECT_EQ(parameters.find("b"), std::nullopt);
}

TEST(Parameters, plain_text_is_not_copied) {
  const std::string query = "name=value&other=1";
  Parameters parameters;
  parameters.add_query(query);
  for (const Parameter& parameter : parameters.all()) {
    EXPECT_TRUE(within(parameter.name, query));
    EXPECT_TRUE(within(parameter.value, query));
  }
}

TEST(Parameters, copies_outlive_their_source) {
  Parameters parameters;
  {
    std::string name = "click_id";
    std::string value = "v+%41";
    parameters.add_copy(name, value);
    name.assign("XXXXXXXX");
    value.assign("XXXXX");
  }
  ASSERT_EQ(parameters.all().size(), 1U);
  EXPECT_EQ(shown(parameters), "click_id=v+%41;") << "a copy is not decoded";
}

TEST(Parameters, views_stay_while_more_is_added) {
  std::string query;
  std::vector<std::string> values;
  for (int number = 0; number < 900; ++number) {
    values.push_back("v " + std::to_string(number) + std::string(static_cast<std::size_t>(number), ' '));
    query += "n=v+" + std::to_string(number) + std::string(static_cast<std::size_t>(number), '+') + "&";
  }
  Parameters parameters;
  parameters.add_query(query);
  ASSERT_EQ(parameters.all().size(), values.size());
  for (std::size_t at = 0; at < values.size(); ++at) ASSERT_EQ(parameters.all()[at].value, values[at]);
}

TEST(Parameters, memory_is_kept_between_requests) {
  Parameters parameters;
  const std::string query = "a=1+2&b=3+4";
  parameters.add_query(query);
  const char* const first = parameters.all().front().value.data();
  const Parameter* const list = parameters.all().data();
  for (int request = 0; request < 3; ++request) {
    parameters.clear();
    EXPECT_TRUE(parameters.all().empty());
    parameters.add_query(query);
    EXPECT_EQ(parameters.all().front().value.data(), first);
    EXPECT_EQ(parameters.all().data(), list);
  }
}

TEST(Parameters, a_large_body_before_does_no_harm) {
  Parameters parameters;
  const std::string large = "a=" + std::string(200'000, '+');
  for (int request = 0; request < 2; ++request) {
    parameters.clear();
    parameters.add_query(large);
    parameters.add_copy("b", "2");
    EXPECT_EQ(parameters.find("a"), std::string(200'000, ' '));
    EXPECT_EQ(parameters.find("b"), "2");
  }
}

TEST(Parameters, are_bounded) {
  std::string query;
  for (std::size_t number = 0; number < Parameters::kLargestCount + 5; ++number) query += "a=1&";
  Parameters parameters;
  parameters.add_query(query);
  parameters.add_query("b=1");
  parameters.add_copy("c", "1");
  EXPECT_EQ(parameters.all().size(), Parameters::kLargestCount);
  EXPECT_EQ(parameters.find("b"), std::nullopt);
  EXPECT_EQ(parameters.find("c"), std::nullopt);
}

}  // namespace
}  // namespace postback
