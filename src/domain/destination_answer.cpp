// Which answers a destination takes for success.
#include "domain/destination_reading.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace postback {
namespace {

constexpr std::size_t kMostRanges = 20;
constexpr int kLeast = 100;
constexpr int kMost = 599;

std::optional<int> read_status(std::string_view text) {
  int status = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
  if (text.size() != 3 || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (status < kLeast || status > kMost) return std::nullopt;
  return status;
}

/// `2xx`, `200` or `200-204`.
std::optional<std::pair<int, int>> read_range(std::string_view text) {
  if (text.size() == 3 && text.substr(1) == "xx" && text[0] >= '1' && text[0] <= '5') {
    const int first = (text[0] - '0') * 100;
    return std::pair{first, first + 99};
  }
  const std::size_t dash = std::min(text.find('-'), text.size());
  const auto first = read_status(text.substr(0, dash));
  const auto last = dash == text.size() ? first : read_status(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return std::pair{*first, *last};
}

}  // namespace

Json read_expected_answer(ObjectReader& reader, ExpectedAnswer& expect) {
  constexpr std::size_t kLongestText = 200;
  ObjectReader given(reader.object("expect"), reader.path_of("expect."), reader.faults());
  Json statuses = Json::array();
  std::vector<std::pair<int, int>> ranges;
  for (const Json& entry : given.array("status", kMostRanges)) {
    const auto range = entry.is_string() ? read_range(entry.get_ref<const std::string&>()) : std::nullopt;
    if (!range) {
      given.fault("status[" + std::to_string(statuses.size()) + "]", "is no status or range of them",
                  R"("2xx", "200" or "200-204")");
    } else {
      ranges.push_back(*range);
    }
    statuses.push_back(entry);
  }
  if (ranges.empty()) {
    statuses = Json::array({"2xx"});
  } else {
    expect.statuses = std::move(ranges);
  }
  expect.body = given.text("body", kLongestText);
  given.finish();
  return {{"status", std::move(statuses)}, {"body", expect.body}};
}

}  // namespace postback
