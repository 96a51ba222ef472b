// The validator of JSON against schemas: what is valid, what is not, and which schemas are refused.
#include "support/json_schema.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

const json& document() {
  static const auto parsed = json::parse(R"({"components": {"schemas": {
    "Name": {"type": "string", "minLength": 1, "maxLength": 3},
    "Tree": {"type": "object", "required": ["n"], "additionalProperties": false, "properties": {
      "n": {"type": "integer"}, "kids": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}}},
    "Odd": {"if": {}}, "ToOdd": {"items": {"$ref": "#/components/schemas/Odd"}}}}})");
  return parsed;
}

struct Row {
  const char* schema;
  std::vector<const char*> valid;
  std::vector<const char*> invalid;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> table = {
      {R"({})", {"1", "null", "{}"}, {}},
      {R"({"type":"string"})", {R"("")", R"("3")"}, {"3", "null", "true", "[]", "{}"}},
      {R"({"type":"integer"})", {"3", "-3", "0"}, {"3.5", R"("3")", "true", "null"}},
      {R"({"type":"number"})", {"3", "3.5"}, {R"("3")", "false"}},
      {R"({"type":"boolean"})", {"true", "false"}, {"0", R"("true")"}},
      {R"({"type":["string","null"]})", {"null", R"("a")"}, {"1", "{}"}},
      {R"({"enum":["a",1,null]})", {R"("a")", "1", "null"}, {R"("1")", "2", "false"}},
      {R"({"const":"a"})", {R"("a")"}, {R"("b")", "1"}},
      {R"({"minimum":2,"maximum":4})", {"2", "4", "3.5", R"("9")"}, {"1", "5", "4.01"}},
      {R"({"exclusiveMinimum":2,"exclusiveMaximum":4})", {"3"}, {"2", "4"}},
      {R"({"minLength":2,"maxLength":3})", {R"("ab")", R"("äöü")", "1"}, {R"("a")", R"("äöüa")"}},
      {R"({"pattern":"^[a-z]+$"})", {R"("abc")", "1"}, {R"("")", R"("aB")"}},
      {R"({"pattern":"b"})", {R"("abc")"}, {R"("ac")"}},
      {R"({"type":["string","null"],"format":"date-time"})",
       {R"("2026-01-31T12:00:00.123Z")", R"("2026-01-31T12:00:00+02:00")", "null"},
       {R"("2026-02-30T00:00:00Z")", R"("2026-01-31T12:00:00")", R"("2026-01-31")", R"("")", "1"}},
      {R"({"type":"array","items":{"type":"integer"},"minItems":1,"maxItems":2,"uniqueItems":true})",
       {"[1]", "[1,2]"},
       {"[]", "[1,2,3]", "[1,1]", R"(["1"])", "{}"}},
      {R"({"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false})",
       {R"({"a":1})"},
       {"{}", R"({"a":"1"})", R"({"a":1,"b":2})", "[]"}},
      {R"({"type":"object","additionalProperties":{"type":"string"}})", {"{}", R"({"a":"b"})"}, {R"({"a":1})"}},
      {R"({"oneOf":[{"type":"integer"},{"type":"number","minimum":5}]})", {"3", "5.5"}, {"7", R"("a")"}},
      {R"({"anyOf":[{"type":"integer"},{"type":"number","minimum":5}]})", {"3", "5.5", "7"}, {"3.5"}},
      {R"({"allOf":[{"type":"integer"},{"minimum":5}]})", {"5"}, {"4", "5.5"}},
      {R"({"$ref":"#/components/schemas/Name","description":"d"})", {R"("a")"}, {R"("")", R"("abcd")"}},
      {R"({"$ref":"#/components/schemas/Tree"})",
       {R"({"n":1})", R"({"n":1,"kids":[{"n":2,"kids":[]}]})"},
       {R"({"n":1,"kids":[{"n":2,"kids":[{"n":"3"}]}]})", R"({"n":1,"kids":[{}]})"}},
  };
  return table;
}

TEST(JsonSchema, TellsTheValidFromTheInvalid) {
  for (const auto& row : rows()) {
    const JsonSchema schema(document(), json::parse(row.schema));
    for (const auto* value : row.valid)
      for (const auto& fault : schema.faults(json::parse(value)))
        ADD_FAILURE() << row.schema << " of " << value << ": " << fault;
    for (const auto* value : row.valid) EXPECT_TRUE(schema.allows(json::parse(value))) << row.schema << value;
    for (const auto* value : row.invalid) EXPECT_FALSE(schema.allows(json::parse(value))) << row.schema << value;
    for (const auto* value : row.invalid)
      EXPECT_FALSE(schema.faults(json::parse(value)).empty()) << row.schema << " of " << value;
  }
}

TEST(JsonSchema, NamesThePlace) {
  const JsonSchema schema(document(), {{"$ref", "#/components/schemas/Tree"}});
  const auto faults = schema.faults(json::parse(R"({"n":1,"kids":[{"n":"x"}]})"));
  ASSERT_FALSE(faults.empty());
  EXPECT_EQ(faults.front().find("<root>[kids][0][n]: "), faults.front().find("<root>")) << faults.front();
}

TEST(JsonSchema, RefusesWhatItWouldNotCheck) {
  for (const auto* schema :
       {R"({"typ":"string"})", R"({"if":{}})", R"({"format":"uuid"})", R"({"properties":{"a":{"nullable":true}}})",
        R"({"items":{"not":{}}})", R"({"oneOf":[{"patternProperties":{}}]})", R"({"additionalProperties":{"x":1}})",
        R"({"$ref":"#/components/schemas/None"})", R"({"$ref":"other.json"})", R"({"items":7})",
        R"({"$ref":"#/components/schemas/Name","maxLength":1})", R"({"$ref":"#/components/schemas/ToOdd"})"})
    EXPECT_THROW(JsonSchema(document(), json::parse(schema)), std::invalid_argument) << schema;
}

}  // namespace
}  // namespace postback::testing
