// Conditions: what matches, and each fault of reading with its path.
#include "postback/domain/condition.hpp"

#include "domain/condition_reading.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>

namespace postback {
namespace {

constexpr std::array<std::string_view, 2> kStates{"new", "old"};
constexpr std::array<ConditionField, 6> kFields{{{"country"},
                                                 {"amount", ConditionField::Kind::number},
                                                 {"ip", ConditionField::Kind::address},
                                                 {"bot", ConditionField::Kind::flag},
                                                 {"query", ConditionField::Kind::text, true},
                                                 {"state", ConditionField::Kind::text, false, kStates}}};

/// Values by field, named ones as `query.NAME`.
class Values final : public ConditionValues {
 public:
  explicit Values(std::map<std::string, std::string> values) : values_(std::move(values)) {}
  std::string_view value(std::size_t field, std::string_view name) const override {
    std::string key(kFields.at(field).name);
    if (kFields.at(field).named) key.append(".").append(name);
    const auto found = values_.find(key);
    return found == values_.end() ? std::string_view{} : std::string_view(found->second);
  }

 private:
  std::map<std::string, std::string> values_;
};

struct MatchRow {
  std::string condition;
  std::map<std::string, std::string> values;
  bool matches;
};

std::string comparison(const std::string& field, const std::string& op, const std::string& value) {
  return R"({"field":")" + field + R"(","op":")" + op + R"(","value":)" + value + "}";
}

class ConditionMatch : public testing::TestWithParam<MatchRow> {};

TEST_P(ConditionMatch, IsAsTheTableSays) {
  const auto& [text, values, expected] = GetParam();
  Faults faults;
  const Condition condition = read_condition(Json::parse(text), "when", kFields, faults);
  for (const Fault& fault : faults) ADD_FAILURE() << fault.field << " " << fault.problem;
  EXPECT_EQ(condition.matches(Values(values)), expected) << text;
}

const std::string kGerman = comparison("country", "is", R"("DE")");
const std::string kLarge = comparison("amount", "at_least", "10");

INSTANTIATE_TEST_SUITE_P(
    Texts, ConditionMatch,
    testing::ValuesIn(std::vector<MatchRow>{
        {"null", {}, true},
        {"{}", {}, true},
        {kGerman, {{"country", "DE"}}, true},
        {kGerman, {{"country", "de"}}, true},
        {kGerman, {{"country", "DEU"}}, false},
        {kGerman, {{"country", "D"}}, false},
        {kGerman, {}, false},
        {comparison("country", "is", R"("")"), {}, true},
        {comparison("country", "is_not", R"("DE")"), {}, true},
        {comparison("country", "is_not", R"("DE")"), {{"country", "de"}}, false},
        {comparison("country", "is_not", R"(["DE","AT"])"), {{"country", "AT"}}, false},
        {comparison("country", "is_not", R"(["DE","AT"])"), {{"country", "CH"}}, true},
        {comparison("country", "in", R"(["DE","at","CH"])"), {{"country", "AT"}}, true},
        {comparison("country", "in", R"(["DE","at","CH"])"), {{"country", "FR"}}, false},
        {comparison("country", "in", R"("DE")"), {{"country", "DE"}}, true},
        {comparison("query.zone", "contains", R"("oO")"), {{"query.zone", "xfoox"}}, true},
        {comparison("query.zone", "contains", R"(["a","oo"])"), {{"query.zone", "FOO"}}, true},
        {comparison("query.zone", "contains", R"("oo")"), {{"query.ZONE", "foo"}}, false},
        {comparison("query.zone", "contains", R"("oo")"), {{"query.zone", "o"}}, false},
        {comparison("query.a.b", "is", R"("1")"), {{"query.a.b", "1"}}, true},
        {comparison("query.zone", "matches", R"("^f.o$")"), {{"query.zone", "FxO"}}, true},
        {comparison("query.zone", "matches", R"("x")"), {{"query.zone", "axb"}}, true},
        {comparison("query.zone", "matches", R"("^x")"), {{"query.zone", "axb"}}, false},
        {comparison("query.zone", "matches", R"("x")"), {{"query.zone", std::string("\xff\xfex")}}, true},
        {comparison("query.zone", "matches", R"("(a+)+$")"), {{"query.zone", std::string(8000, 'a') + "b"}}, false},
        {comparison("state", "is", R"("NEW")"), {{"state", "new"}}, true}}));

INSTANTIATE_TEST_SUITE_P(
    NumbersAndAddresses, ConditionMatch,
    testing::ValuesIn(std::vector<MatchRow>{
        {comparison("amount", "is", "10"), {{"amount", "10.00"}}, true},
        {comparison("amount", "is", R"("10.5")"), {{"amount", "10.50"}}, true},
        {comparison("amount", "is_not", "10"), {{"amount", "10.00"}}, false},
        {comparison("amount", "is_not", "10"), {}, true},
        {comparison("amount", "in", R"([1,"2.5"])"), {{"amount", "2.50"}}, true},
        {kLarge, {{"amount", "10"}}, true},
        {kLarge, {{"amount", "9.999999"}}, false},
        {kLarge, {{"amount", "x"}}, false},
        {kLarge, {}, false},
        {comparison("amount", "at_most", "10"), {{"amount", "10"}}, true},
        {comparison("amount", "at_most", "10"), {{"amount", "11"}}, false},
        {comparison("amount", "more_than", "10"), {{"amount", "10"}}, false},
        {comparison("amount", "more_than", "10"), {{"amount", "10.01"}}, true},
        {comparison("amount", "less_than", "-1"), {{"amount", "-2"}}, true},
        {comparison("amount", "less_than", "-1"), {}, false},
        {comparison("ip", "is", R"("192.0.2.0/24")"), {{"ip", "192.0.2.77"}}, true},
        {comparison("ip", "in", R"(["192.0.2.0/24","2001:db8::/32"])"), {{"ip", "2001:db8::1"}}, true},
        {comparison("ip", "in", R"(["192.0.2.0/24","2001:db8::/32"])"), {{"ip", "192.0.3.1"}}, false},
        {comparison("ip", "is_not", R"("192.0.2.0/24")"), {{"ip", "192.0.2.1"}}, false},
        {comparison("ip", "is_not", R"("192.0.2.0/24")"), {}, true},
        {comparison("bot", "is", "true"), {{"bot", "true"}}, true},
        {comparison("bot", "is", "true"), {{"bot", "false"}}, false},
        {comparison("bot", "is", R"("false")"), {{"bot", "false"}}, true},
        {comparison("bot", "is", "false"), {}, false}}));

INSTANTIATE_TEST_SUITE_P(
    Groups, ConditionMatch,
    testing::ValuesIn(std::vector<MatchRow>{
        {R"({"all":[)" + kGerman + "," + kLarge + "]}", {{"country", "DE"}, {"amount", "10"}}, true},
        {R"({"all":[)" + kGerman + "," + kLarge + "]}", {{"country", "DE"}, {"amount", "9"}}, false},
        {R"({"any":[)" + kGerman + "," + kLarge + "]}", {{"amount", "10"}}, true},
        {R"({"any":[)" + kGerman + "," + kLarge + "]}", {{"amount", "9"}}, false},
        {R"({"none":[)" + kGerman + "," + kLarge + "]}", {{"amount", "9"}}, true},
        {R"({"none":[)" + kGerman + "," + kLarge + "]}", {{"country", "DE"}}, false},
        {R"({"none":[{"any":[)" + kGerman + R"(]},{"all":[)" + kLarge + R"(]}]})", {{"amount", "10"}}, false}}));

struct ConditionFault {
  std::string condition;
  std::string field;
  std::string text;  ///< Somewhere in problem or expectation.
};

std::string nested(std::size_t depth) {
  std::string text = kGerman;
  for (std::size_t i = 0; i < depth; ++i) text = R"({"all":[)" + text + "]}";
  return text;
}

std::string nested_path(std::size_t depth) {
  std::string path = "when";
  for (std::size_t i = 0; i < depth; ++i) path += ".all[0]";
  return path;
}

std::string repeated(std::size_t count, const std::string& text) {
  std::string list = R"({"any":[)" + text;
  for (std::size_t i = 1; i < count; ++i) list += "," + text;
  return list + "]}";
}

class ConditionFaults : public testing::TestWithParam<ConditionFault> {};

TEST_P(ConditionFaults, NameThePathAndWhatWouldBeRight) {
  Faults faults;
  read_condition(Json::parse(GetParam().condition), "when", kFields, faults);
  ASSERT_EQ(faults.size(), 1U) << GetParam().condition;
  EXPECT_EQ(faults[0].field, GetParam().field);
  EXPECT_NE((faults[0].problem + "; " + faults[0].expected).find(GetParam().text), std::string::npos)
      << faults[0].problem << "; " << faults[0].expected;
}

const std::string kPattern = comparison("query.x", "matches", R"("x")");

INSTANTIATE_TEST_SUITE_P(
    All, ConditionFaults,
    testing::ValuesIn(std::vector<ConditionFault>{
        {"[]", "when", "not a JSON object"},
        {R"({"all":[]})", "when.all", "is empty"},
        {R"({"any":{}})", "when.any", "not an array"},
        {R"({"all":[5]})", "when.all[0]", "not a JSON object"},
        {R"({"all":[)" + kGerman + R"(],"any":[)" + kGerman + "]}", "when", "beside \"all\""},
        {R"({"any":[)" + kGerman + R"(,{"none":[{"op":"is","value":"x"}]}]})", "when.any[1].none[0].field",
         "is missing"},
        {R"({"field":"country","value":"DE"})", "when.op", "is missing"},
        {R"({"field":"country","op":"is"})", "when.value", "is missing"},
        {R"({"field":"country","op":"is","value":"DE","values":1})", "when.values", "did you mean \"value\"?"},
        {comparison("contry", "is", R"("DE")"), "when.field", "did you mean \"country\"?"},
        {comparison("query", "is", R"("x")"), "when.field", "query.NAME"},
        {comparison("query.", "is", R"("x")"), "when.field", "query.NAME"},
        {comparison("country.x", "is", R"("x")"), "when.field", "query.NAME"},
        {comparison("country", "isnt", R"("DE")"), "when.op", "one of is, in, is_not, contains, matches"},
        {comparison("country", "at_least", R"("DE")"), "when.op", "does not go with country"},
        {comparison("amount", "contains", R"("1")"), "when.op", "at_least"},
        {comparison("ip", "matches", R"("1")"), "when.op", "does not go with ip"},
        {comparison("country", "is", "5"), "when.value", "is not text"},
        {comparison("country", "in", R"(["DE",true])"), "when.value[1]", "is not text"},
        {comparison("country", "in", "[]"), "when.value", "empty list"},
        {comparison("country", "is", "\"" + std::string(501, 'x') + "\""), "when.value", "501 bytes"},
        {comparison("country", "contains", R"("")"), "when.value", "every text contains"},
        {comparison("amount", "is", R"("ten")"), "when.value", "decimal number"},
        {comparison("amount", "is", "1.5"), "when.value", "is not text"},
        {comparison("amount", "at_least", "[1,2]"), "when.value", "takes one value"},
        {comparison("ip", "in", R"(["192.0.2.1/24"])"), "when.value[0]", "bits behind its prefix"},
        {comparison("ip", "is", R"("home")"), "when.value", "no IP address"},
        {comparison("bot", "is", R"("yes")"), "when.value", "neither true nor false"},
        {comparison("state", "is", R"("newish")"), "when.value", "one of new, old"},
        {comparison("query.x", "matches", "\"(\""), "when.value", "missing )"},
        {comparison("query.x", "matches", "\"(?=x)\""), "when.value", "invalid perl operator"},
        {comparison("query.x", "matches", R"("")"), "when.value", "matches everything"},
        {comparison("query.x", "matches", R"("((a{100}){100}){100}")"), "when.value", "RE2"},
        {nested(kDeepestCondition + 1), nested_path(kDeepestCondition), "nested deeper"},
        {repeated(kMostComparisons + 1, kGerman), "when.any[100]", "one comparison too many"},
        {repeated(kMostPatterns + 1, kPattern), "when.any[20].op", "one pattern too many"}}));

/// The fields of all faults, in order.
std::string fields_with_faults(const std::string& condition) {
  Faults faults;
  read_condition(Json::parse(condition), "when", kFields, faults);
  std::string fields;
  for (const Fault& fault : faults) fields += fault.field + " ";
  return fields;
}

TEST(ConditionFault, AllOfAComparisonAreListed) {
  const std::pair<std::string, const char*> rows[] = {
      {R"({"field":"foo","op":"zz"})", "when.field when.op when.value "},
      {R"({"field":"foo","op":"zz","value":"x"})", "when.field when.op "},
      {R"({"field":"foo","op":"zz","value":{}})", "when.field when.op when.value "},
      {R"({"field":"foo","op":"is","value":["a",[]]})", "when.field when.value[1] "},
      {R"({"field":"foo","op":"is","value":[true,5,"x"]})", "when.field "},
      {R"({"field":"foo","op":"in","value":[]})", "when.field when.value "},
      {R"({"field":"foo","op":"matches","value":"("})", "when.field when.value "},
      {R"({"field":"foo","op":"matches","value":true})", "when.field when.value "},
      {R"({"field":"foo","op":"at_most","value":"ten"})", "when.field when.value "},
      {R"({"field":"foo","op":"at_most","value":[1,2]})", "when.field when.value "},
      {R"({"op":"zz","value":null})", "when.field when.op when.value "},
      {R"({"field":"country","values":1})", "when.op when.values when.value "},
      {R"({"field":"country","op":"is","value":5,"not":1})", "when.not when.value "},
      {R"({"field":"amount","op":"zz","value":"ten"})", "when.op when.value "},
      {R"({"field":"state","op":"contain","value":"ne"})", "when.op "},
      {R"({"field":"ip","op":"matches","value":"^10"})", "when.op "},
      {R"({"field":5,"op":[],"value":1.5})", "when.field when.op when.value "},
      {R"({"all":[{"field":"foo","op":"zz","value":"x"},{"field":"bar","op":"is","value":"x"}]})",
       "when.all[0].field when.all[0].op when.all[1].field "}};
  for (const auto& [condition, fields] : rows) EXPECT_EQ(fields_with_faults(condition), fields) << condition;
  Faults faults;
  read_condition(Json::parse(R"({"field":"foo","op":"zz","value":"x"})"), "when", kFields, faults);
  ASSERT_EQ(faults.size(), 2U);
  EXPECT_EQ(faults[1].expected, "one of is, in, is_not, contains, matches, at_least, at_most, more_than, less_than");
}

}  // namespace
}  // namespace postback
