// Checks the parameters of API requests and says what would be right.
#include "query_values.hpp"

#include "postback/base/time_text.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace postback::api {
namespace {

constexpr auto kLargestId = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
constexpr std::string_view kRepeated = "was given more than once";

/// The whole of `text` as a decimal number within the bounds, or nothing.
std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t smallest, std::uint64_t largest) {
  std::uint64_t value = 0;
  const auto* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stopped != end || value < smallest || value > largest) return std::nullopt;
  return value;
}

std::string joined(std::span<const std::string_view> names) {
  std::string out;
  for (const auto name : names) (out.empty() ? out : out.append(", ")).append(name);
  return out;
}

}  // namespace

QueryValues::QueryValues(std::string_view query, std::span<const std::string_view> known) {
  parameters_.add_query(query);
  const auto& all = parameters_.all();
  for (auto parameter = all.begin(); parameter != all.end(); ++parameter) {
    const auto same_name = [&](const Parameter& other) { return other.name == parameter->name; };
    if (std::find(known.begin(), known.end(), parameter->name) == known.end()) {
      fault(parameter->name, "is not a parameter here", known.size() == 0 ? "no parameter at all" : joined(known));
    } else if (std::any_of(all.begin(), parameter, same_name)) {
      fault(parameter->name, std::string(kRepeated), "one value");
    }
  }
}

void QueryValues::fault(std::string_view name, std::string problem, std::string expected) {
  faults_.push_back({std::string(name), std::move(problem), std::move(expected)});
}

std::size_t QueryValues::limit() {
  const auto text = parameters_.find("limit");
  if (!text) return kDefaultLimit;
  if (const auto value = parse_number(*text, 1, kLargestLimit)) return static_cast<std::size_t>(*value);
  fault("limit", "is " + quoted(*text), "a whole number from 1 to 1000");
  return kDefaultLimit;
}

std::string_view QueryValues::choice(std::string_view name, std::initializer_list<std::string_view> choices) {
  const auto text = parameters_.find(name);
  if (!text) return *choices.begin();
  const auto chosen = std::find(choices.begin(), choices.end(), *text);
  if (chosen != choices.end()) return *chosen;
  fault(name, "is " + quoted(*text), "one of " + joined(choices));
  return *choices.begin();
}

std::uint64_t QueryValues::whole_number(std::string_view name, std::uint64_t fallback) {
  const auto text = parameters_.find(name);
  if (!text) return fallback;
  if (const auto value = parse_number(*text, 0, kLargestId)) return *value;
  fault(name, "is " + quoted(*text), "a whole number");
  return fallback;
}

SnowflakeId QueryValues::log_cursor() {
  const auto text = parameters_.find("cursor");
  if (!text) return 0;
  if (const auto value = postback::api::whole_number(*text, 1)) return *value;
  fault("cursor", "is " + quoted(*text), "the value of next of the page before, unchanged");
  return 0;
}

std::string_view QueryValues::slug_cursor() {
  const auto text = parameters_.find("cursor");
  if (!text) return {};
  if (is_slug(*text)) return *text;
  fault("cursor", "is " + quoted(*text), "the value of next of the page before, unchanged");
  return {};
}

std::optional<TimeMs> QueryValues::time(std::string_view name) {
  const auto text = parameters_.find(name);
  if (!text) return std::nullopt;
  std::string repaired(*text);
  // `+01:00` written without %2B arrives as ` 01:00`; a space there means nothing else.
  constexpr std::size_t kOffsetLength = 6;
  if (repaired.size() > kOffsetLength) {
    auto& sign = repaired[repaired.size() - kOffsetLength];
    if (sign == ' ') sign = '+';
  }
  if (const auto value = parse_rfc3339(repaired)) return value;
  fault(name, "is " + quoted(*text), "an RFC 3339 time such as 2026-01-31T00:00:00Z");
  return std::nullopt;
}

std::optional<SnowflakeId> QueryValues::click_id(std::string_view name, std::string_view text,
                                                 const ClickIdKeys& keys) {
  return read_click_id(text, keys, name, faults_);
}

std::optional<std::uint64_t> whole_number(std::string_view text, std::uint64_t smallest) {
  return parse_number(text, smallest, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
}

std::string quoted(std::string_view value) { return std::string("\"").append(value.substr(0, 80)).append("\""); }

std::optional<SnowflakeId> read_click_id(std::string_view text, const ClickIdKeys& keys, std::string_view name,
                                         Faults& faults) {
  const auto id = parse_click_id(text);
  if (!id) {
    faults.push_back({std::string(name), "is " + quoted(text) + ", which is not a click ID",
                      "a click ID: 26 letters and digits, the first one 0 to 7"});
    return std::nullopt;
  }
  if (!keys.verify(*id)) {
    faults.push_back({std::string(name), "is " + quoted(text) + ", which is damaged or was not issued here",
                      "a click ID of this server, unchanged"});
    return std::nullopt;
  }
  return id->high;
}

}  // namespace postback::api
