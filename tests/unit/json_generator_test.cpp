// The generator of JSON: what it calls valid is, what it calls broken is not, and nothing forbidden is left out.
#include "support/json_generator.hpp"
#include "support/pattern_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

const json& document() {
  static const auto parsed = json::parse(R"({"components": {"schemas": {
    "Slug": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,62}$"},
    "Money": {"type": "string", "pattern": "^(0|[1-9]\\d{0,11})(\\.\\d{1,6})?$"},
    "Path": {"type": "object", "required": ["weight"], "additionalProperties": false, "properties": {
      "weight": {"type": "integer", "minimum": 1, "maximum": 100},
      "kids": {"type": "array", "maxItems": 2, "items": {"$ref": "#/components/schemas/Path"}}}},
    "Campaign": {"type": "object", "required": ["name", "paths", "when"], "additionalProperties": false, "properties": {
      "name": {"type": "string", "minLength": 1, "maxLength": 40},
      "id": {"$ref": "#/components/schemas/Slug"},
      "state": {"enum": ["active", "paused"]},
      "note": {"type": ["string", "null"], "maxLength": 20},
      "when": {"type": "string", "format": "date-time"},
      "cost": {"oneOf": [{"$ref": "#/components/schemas/Money"}, {"type": "null"}]},
      "labels": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 30}},
      "share": {"type": "number", "minimum": 0, "maximum": 1},
      "paths": {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"$ref": "#/components/schemas/Path"}}}}
    }}})");
  return parsed;
}

const json& campaign() {
  static const json schema = {{"$ref", "#/components/schemas/Campaign"}};
  return schema;
}

TEST(PatternText, MatchesItsPattern) {
  std::mt19937_64 random(1);
  for (const auto* pattern :
       {"", "abc", "^[a-z]{3,5}$", "^(a|bc|)d?$", "[^a-z]+", "^\\d{4}-\\d\\d$", "^pbk_[0-9a-f]{72}$", "a.c*",
        "\\w\\s\\.", "^(?:[A-Z]{3}|(x+y){2})$", "^[a\\-z-]+$", "^a{2,}$", "^[^\\\\\"]$"}) {
    const std::regex expression(pattern);
    for (int i = 0; i < 50; ++i) {
      const auto text = text_matching(pattern, random);
      EXPECT_TRUE(std::regex_search(text, expression)) << pattern << " and " << text;
    }
  }
  for (const auto* pattern : {"(?=a)", "(a", "a)", "[a", "\\b", "a{", "*", "\\"})
    EXPECT_THROW(text_matching(pattern, random), std::invalid_argument) << pattern;
}

TEST(JsonGenerator, DrawsValidValuesOfEveryShape) {
  const JsonSchema schema(document(), campaign());
  std::set<std::string> members;
  std::set<std::string> texts;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const auto value = JsonGenerator(document(), campaign(), seed).valid();
    for (const auto& fault : schema.faults(value)) ADD_FAILURE() << seed << ": " << fault << " in " << value;
    for (const auto& [name, member] : value.items()) members.insert(name);
    texts.insert(value.dump());
  }
  EXPECT_EQ(members.size(), 9U) << "every optional member comes at some time";
  EXPECT_GT(texts.size(), 35U) << "seeds give different values";
  EXPECT_EQ(JsonGenerator(document(), campaign(), 7).valid(), JsonGenerator(document(), campaign(), 7).valid());
}

TEST(JsonGenerator, SaysWhenNoValueIsFound) {
  JsonGenerator impossible(document(), {{"type", "string"}, {"pattern", "^a$"}, {"minLength", 2}}, 1);
  EXPECT_THROW(impossible.valid(), std::runtime_error);
}

TEST(JsonGenerator, BreaksEveryRule) {
  const JsonSchema schema(document(), campaign());
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    for (const auto& [what, text] : JsonGenerator(document(), campaign(), seed).broken()) {
      if (seed == 0) {
        EXPECT_FALSE(schema.faults(json::parse(text)).empty()) << what;
      }
      seen.insert(what);
    }
  }
  for (const auto* what : {": null",
                           ": a member too many",
                           "/name: missing",
                           "/name: an empty string",
                           "/name: a string of 5,000",
                           "/name: true",
                           "/id: a string that fits no pattern",
                           "/state: a number in a string",
                           "/note: true",
                           "/when: a number in a string",
                           "/cost: a negative number",
                           "/labels: an array of itself",
                           "/share: a huge number",
                           "/share: a negative number",
                           "/paths: an empty array",
                           "/paths: an element twice",
                           "/paths: missing",
                           "/paths/0/weight: a fraction",
                           "/paths/0/weight: missing",
                           "/paths/0: a member too many",
                           "/paths/0/kids: an array of nulls"})
    EXPECT_TRUE(seen.contains(what)) << what;
  EXPECT_FALSE(seen.contains("/note: null")) << "what the schema allows is not broken";
}

TEST(JsonGenerator, HostileTextsAreWhatTheySay) {
  const auto cases = JsonGenerator(document(), campaign(), 3).hostile();
  const auto text_of = [&](const std::string& what) {
    const auto found = std::ranges::find(cases, what, &JsonCase::what);
    return found == cases.end() ? std::string("missing") : found->text;
  };
  EXPECT_NE(text_of("/name: a NUL").find("a\\u0000b"), std::string::npos);
  EXPECT_NE(text_of("/name: CR and LF").find("a\\r\\nSet-Cookie"), std::string::npos);
  EXPECT_NE(text_of("/name: a formula").find("\"=cmd"), std::string::npos);
  EXPECT_NE(text_of("/name: a lone high surrogate").find("\"\\ud800\""), std::string::npos);
  EXPECT_NE(text_of("/when: invalid UTF-8").find("\"\xff\xfe\""), std::string::npos);
  EXPECT_GT(text_of("/name: 1 MB").size(), 1'000'000U);
  EXPECT_EQ(text_of("arrays of depth 100,000").size(), 200'000U);
  EXPECT_EQ(text_of("nothing"), "");
  for (const auto* what : {"/name: a lone low surrogate", "/name: invalid UTF-8", "/name: a bare line feed",
                           "cut short", "something behind it", "twice", "a NUL"})
    EXPECT_FALSE(json::accept(text_of(what))) << what;
}

}  // namespace
}  // namespace postback::testing
