// Breaking valid values: in every way the schema forbids, and with hostile strings.
#include "support/json_generator.hpp"

#include <utility>

namespace postback::testing {

using nlohmann::json;

namespace {

using Pointer = json::json_pointer;

/// Every place of a value, the whole first.
void collect_places(const json& value, const Pointer& at, std::vector<Pointer>& places) {
  places.push_back(at);
  if (value.is_object())
    for (const auto& [name, member] : value.items()) collect_places(member, at / name, places);
  if (value.is_array())
    for (std::size_t i = 0; i < value.size(); ++i) collect_places(value[i], at / i, places);
}

std::vector<Pointer> places_of(const json& value) {
  std::vector<Pointer> places;
  collect_places(value, Pointer(), places);
  return places;
}

struct Replacement {
  std::string what;
  json value;
};

/// What a place may be replaced by, whatever it is: other types, and values out of the ranges that schemas set.
std::vector<Replacement> replacements_for(const json& value) {
  std::vector<Replacement> all = {{"null", nullptr},
                                  {"true", true},
                                  {"a negative number", -1},
                                  {"a fraction", 0.5},
                                  {"a huge number", 1e300},
                                  {"the largest integer", std::int64_t{0x7FFF'FFFF'FFFF'FFFF}},
                                  {"an empty string", ""},
                                  {"a number in a string", "1"},
                                  {"a string that fits no pattern", "\x01 ~\u00e4|"},
                                  {"a string of 5,000", std::string(5'000, 'a')},
                                  {"an empty array", json::array()},
                                  {"an array of itself", json::array({value})},
                                  {"an array of nulls", json(std::size_t{200}, json())},
                                  {"an empty object", json::object()},
                                  {"an object around it", {{"value", value}}}};
  if (value.is_array() && !value.empty()) {
    auto twice = value;
    twice.push_back(value[0]);
    all.push_back({"an element twice", std::move(twice)});
  }
  return all;
}

/// Strings of which each is harmless in JSON and harmful to somebody behind it.
std::vector<Replacement> hostile_strings() {
  return {{"a NUL", std::string("a\0b", 3)},
          {"CR and LF", "a\r\nSet-Cookie: b=c\r\n\r\n"},
          {"a formula", "=cmd|' /C calc'!A0"},
          {"a script", "</script><script>alert(1)</script>"},
          {"SQL", "'; DROP TABLE click; --"},
          {"a path", "../../../../etc/passwd"},
          {"a macro", "{clickid}{{clickid}}${clickid}%7Bclickid%7D"},
          {"control characters", "\x01\x02\x1b[31m\x7f"},
          {"right to left", "\u202e\u2066abc\u2069"},
          {"line separators", "a\u2028b\u2029c"},
          {"no character", "\uFFFE\uFFFF"},
          {"1 MB", std::string(1'000'000, 'x')},
          {"1 MB of quotes", std::string(500'000, '"')}};
}

/// What stands in a JSON text between the quotes of a string, and is wrong there.
constexpr std::pair<const char*, std::string_view> kWrongInStrings[] = {
    {"a lone high surrogate", "\\ud800"},
    {"a lone low surrogate", "\\udc00"},
    {"surrogates the wrong way round", "\\udc00\\ud800"},
    {"invalid UTF-8", "\xff\xfe"},
    {"an overlong slash", "\xc0\xaf"},
    {"a surrogate in UTF-8", "\xed\xa0\x80"},
    {"a character cut short", "\xe2\x82"},
    {"a bare line feed", "\n"},
    {"an unknown escape", "\\x41"},
    {"a short escape", "\\u12"},
};

std::string repeated(std::string_view text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

/// Texts that are hostile as a whole.
std::vector<JsonCase> hostile_texts(const std::string& good) {
  return {{"nothing", ""},
          {"a NUL", std::string(1, '\0')},
          {"a byte order mark", "\xEF\xBB\xBF" + good},
          {"cut short", good.substr(0, good.size() / 2)},
          {"something behind it", good + "}"},
          {"twice", good + good},
          {"a comment", "/* */" + good},
          {"UTF-16", std::string("{\0}\0", 4)},
          {"arrays of depth 100,000", repeated("[", 100'000) + repeated("]", 100'000)},
          {"objects of depth 100,000", repeated("{\"a\":", 100'000)},
          {"a number of 100,000 digits", repeated("9", 100'000)},
          {"not a number", "{\"a\":NaN}"},
          {"a member twice", "{\"name\":\"a\",\"name\":\"b\"}"},
          {"a member's name of 1 MB", "{\"" + repeated("x", 1'000'000) + "\":1}"},
          {"100,000 members", "{" + repeated("\"a\":1,", 100'000) + "\"b\":1}"}};
}

}  // namespace

std::vector<JsonCase> JsonGenerator::broken() {
  std::vector<JsonCase> cases;
  const auto good = valid();
  const auto add = [&](const Pointer& place, const std::string& what, const json& changed) {
    if (!check_.allows(changed)) cases.push_back({place.to_string() + ": " + what, changed.dump()});
  };
  for (const auto& place : places_of(good)) {
    for (const auto& [what, value] : replacements_for(good[place])) {
      auto changed = good;
      changed[place] = value;
      add(place, what, changed);
    }
    if (!good[place].is_object()) continue;
    auto larger = good;
    larger[place]["no_such_member"] = 1;
    add(place, "a member too many", larger);
    for (const auto& [name, member] : good[place].items()) {
      auto smaller = good;
      smaller[place].erase(name);
      add(place / name, "missing", smaller);
    }
  }
  return cases;
}

std::vector<JsonCase> JsonGenerator::hostile() {
  const auto good = valid();
  auto cases = hostile_texts(good.dump());
  constexpr const char* kMark = "@place@";
  for (const auto& place : places_of(good)) {
    if (!good[place].is_string()) continue;
    auto changed = good;
    for (const auto& [what, value] : hostile_strings()) {
      changed[place] = value;
      cases.push_back({place.to_string() + ": " + what, changed.dump()});
    }
    changed[place] = kMark;
    const auto text = changed.dump();
    for (const auto& [what, bytes] : kWrongInStrings) {
      auto wrong = text;
      wrong.replace(wrong.find(kMark), std::string_view(kMark).size(), bytes);
      cases.push_back({place.to_string() + ": " + what, std::move(wrong)});
    }
  }
  return cases;
}

}  // namespace postback::testing
