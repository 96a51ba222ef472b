// Random outgoing templates with random values: whatever compiles renders something that keeps to its place.
#include "postback/base/strict_json.hpp"
#include "postback/domain/outgoing_template.hpp"
#include "support/seed.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>

namespace postback {
namespace {

using namespace std::string_view_literals;

class Randomness {
 public:
  explicit Randomness(std::uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(engine_); }
  std::string_view piece() { return kPieces[below(kPieces.size())]; }
  std::string text(std::size_t most) {
    std::string made;
    for (std::size_t left = below(most + 1); left > 0; --left) made += piece();
    return made;
  }
  std::string bytes() {
    std::string made(below(20), '\0');
    for (char& c : made) c = static_cast<char>(below(256));
    return below(3) == 0 ? text(4) : made;
  }

 private:
  static constexpr std::array kPieces{"{payout}"sv,
                                      "{txid}"sv,
                                      "{payout|number}"sv,
                                      "{event|lower}"sv,
                                      "{query.a}"sv,
                                      "{postback.B}"sv,
                                      "\""sv,
                                      "\\"sv,
                                      "\\\""sv,
                                      "{"sv,
                                      "}"sv,
                                      "["sv,
                                      "]"sv,
                                      ","sv,
                                      ":"sv,
                                      " "sv,
                                      "null"sv,
                                      "12"sv,
                                      "-"sv,
                                      "a"sv,
                                      "\"a\""sv,
                                      "\"b\":"sv,
                                      "="sv,
                                      "&"sv,
                                      "?"sv,
                                      "#"sv,
                                      "/"sv,
                                      "{txid"sv,
                                      "|"sv,
                                      "{amount|default:x}"sv,
                                      "%"sv,
                                      "\xC3\xA9"sv,
                                      "{payout|default:\"}"sv};
  std::mt19937_64 engine_;
};

struct Values {
  explicit Values(Randomness& random) : every(random.bytes()) {
    values.values.fill(every);
    values.click.values.fill(every);
    parameters.add_copy("a", every);
    parameters.add_copy("B", every);
    values.postback = values.click.query = &parameters;
  }
  std::string every;
  Parameters parameters;
  OutgoingValues values;
};

std::string render(const OutgoingTemplate& compiled, const Values& values) {
  std::string out;
  compiled.render(out, values.values);
  return out;
}

/// A text that is likely JSON.
std::string json_text(Randomness& random, int depth = 0) {
  switch (random.below(depth > 3 ? 3 : 6)) {
    case 0: return "\"" + random.text(3) + "\"";
    case 1: return "{payout}";
    case 2: return "\"{txid|number}\"";
    case 3: return "[ " + json_text(random, depth + 1) + " , " + json_text(random, depth + 1) + "]";
    default: return "{\"a\" : " + json_text(random, depth + 1) + ",\"b\":" + json_text(random, depth + 1) + "}";
  }
}

TEST(OutgoingTemplateRandom, KeepsToItsPlace) {
  Randomness random(printed_seed());
  const auto rounds = number_from_environment("POSTBACKD_TEST_ROUNDS", 20'000);
  std::size_t compiled_json = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const std::string json = random.below(2) == 0 ? json_text(random) : random.text(8);
    if (const auto compiled = OutgoingTemplate::compile(json, OutgoingPlace::json)) {
      ++compiled_json;
      const Values values(random);
      const auto whole = parse_strict_json(render(*compiled, values));
      ASSERT_TRUE(whole) << json << "\n" << render(*compiled, values) << "\n" << whole.error().detail;
      std::string sparse;
      compiled->render_without_empty(sparse, values.values);
      ASSERT_TRUE(parse_strict_json(sparse)) << json << "\n" << sparse;
    }
    if (const auto compiled = OutgoingTemplate::compile(random.text(8), OutgoingPlace::header)) {
      const std::string value = render(*compiled, Values(random));
      ASSERT_TRUE(
          std::ranges::none_of(value, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }));
    }
    const std::string url = "https://d.example:8443/" + random.text(8);
    if (const auto compiled = OutgoingTemplate::compile(url, OutgoingPlace::url)) {
      const Values one(random);
      const Values other(random);
      const std::string made = render(*compiled, one);
      ASSERT_TRUE(made.starts_with("https://d.example:8443/")) << made;
      ASSERT_TRUE(std::ranges::all_of(made, [](char c) { return c > ' ' && c <= '~'; })) << made;
      const auto marks = [](const std::string& text) {
        return std::ranges::count_if(text, [](char c) { return c == '&' || c == '=' || c == '?' || c == '#'; });
      };
      ASSERT_EQ(marks(made), marks(render(*compiled, other))) << url << ": a value added a parameter";
    }
  }
  EXPECT_GT(compiled_json, rounds / 20) << "too few of the texts are JSON to say anything";
}

}  // namespace
}  // namespace postback
