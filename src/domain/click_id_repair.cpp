// Finds our click ID in a value that a network changed on its way.
#include "domain/ascii_text.hpp"
#include "domain/click_id_reading.hpp"
#include "postback/base/percent.hpp"

#include <array>
#include <utility>
#include <vector>

namespace postback {
namespace {

// What is trimmed at both ends; the second list holds the characters outside ASCII: no-break and zero-width space, byte
// order mark, typographic quotes.
constexpr std::string_view kWrapping = " \t\r\n\v\f\"'`()[]{}<>/\\";
constexpr std::array<std::string_view, 10> kWideWrapping{"\u00A0", "\u200B", "\uFEFF", "\u201C", "\u201D",
                                                         "\u201E", "\u2018", "\u2019", "\u00AB", "\u00BB"};

std::string_view unwrap(std::string_view value) {
  for (bool changed = true; changed;) {
    changed = false;
    value = trim(value, kWrapping);
    for (const auto wide : kWideWrapping) {
      if (value.starts_with(wide)) {
        value.remove_prefix(wide.size());
        changed = true;
      }
      if (value.ends_with(wide)) {
        value.remove_suffix(wide.size());
        changed = true;
      }
    }
  }
  return value;
}

/// An ID of ours found inside a value.
struct Found {
  ClickId id;
  std::size_t at = 0;
};

/// All IDs of ours in `value`: in each run of letters and digits, one after the other from its start; failing that, the
/// one at its end.
std::vector<Found> find_ids(std::string_view value, const ClickIdKeys& keys) {
  constexpr std::size_t kMostFound = 16;
  std::vector<Found> found;
  const auto try_at = [&](std::size_t at) {
    const auto id = parse_click_id(value.substr(at, kClickIdLength));
    if (!id || !keys.verify(*id)) return false;
    found.push_back({*id, at});
    return true;
  };
  for (std::size_t at = 0; at < value.size() && found.size() < kMostFound;) {
    if (!is_ascii_alphanumeric(value[at])) {
      ++at;
      continue;
    }
    auto end = at;
    while (end < value.size() && is_ascii_alphanumeric(value[end])) ++end;
    bool any = false;
    auto next = at;
    for (; next + kClickIdLength <= end && try_at(next); next += kClickIdLength) any = true;
    if (!any && end - at > kClickIdLength) try_at(end - kClickIdLength);
    at = end;
  }
  return found;
}

/// Whether `value` holds nothing but the IDs in `found` and characters between them that carry no value.
bool only_ids(std::string_view value, const std::vector<Found>& found) {
  std::size_t letters = 0;
  for (const char c : value) {
    if (is_ascii_alphanumeric(c)) ++letters;
    if (c == '?' || c == '&' || c == '=') return false;
  }
  return letters == found.size() * kClickIdLength;
}

ClickIdRepair repaired(const ClickId& id, std::string note) {
  return {ClickIdRepair::Outcome::repaired, id, std::move(note), {}};
}

/// `text` as an ID: accepted if it is ours, noted in `forged` if it only looks like one.
bool is_ours(std::string_view text, const ClickIdKeys& keys, std::optional<ClickId>& id,
             std::optional<ClickId>& forged) {
  id = parse_click_id(text);
  if (!id) return false;
  if (keys.verify(*id)) return true;
  if (!forged) forged = id;
  return false;
}

ClickIdRepair repair_inside(std::string_view value, const ClickIdKeys& keys, const std::optional<ClickId>& forged) {
  const auto found = find_ids(value, keys);
  if (found.empty()) {
    return {forged ? ClickIdRepair::Outcome::forged : ClickIdRepair::Outcome::malformed,
            forged.value_or(ClickId{}),
            {},
            {}};
  }
  for (const auto& other : found) {
    if (other.id != found.front().id)
      return {ClickIdRepair::Outcome::several, found.front().id, {}, to_string(other.id)};
  }
  if (found.size() > 1 && only_ids(value, found)) return repaired(found.front().id, "it stood there several times");
  std::string rest(value.substr(0, found.front().at));
  rest += value.substr(found.front().at + kClickIdLength);
  return {ClickIdRepair::Outcome::swallowed, found.front().id, {}, std::move(rest)};
}

}  // namespace

ClickIdRepair repair_click_id(std::string_view value, const ClickIdKeys& keys) {
  std::optional<ClickId> id;
  std::optional<ClickId> forged;
  if (is_ours(value, keys, id, forged)) {
    const std::string canonical = to_string(*id);
    if (value == canonical) return {ClickIdRepair::Outcome::plain, *id, {}, {}};
    if (equal_ignoring_case(value, canonical)) return repaired(*id, "its letters came in another case");
    return repaired(*id, "similar-looking characters (o for 0, i or l for 1) had been exchanged");
  }
  if (is_ours(unwrap(value), keys, id, forged)) {
    return repaired(*id, "spaces, quotes, brackets or slashes stood around it");
  }
  std::string decoded;
  if (value.find('%') != std::string_view::npos) {
    append_path_decoded(decoded, value);
    if (is_ours(unwrap(decoded), keys, id, forged)) return repaired(*id, "it was percent-encoded twice");
    if (decoded.size() != value.size()) {
      auto inside = repair_inside(decoded, keys, forged);
      // What decoding damaged may be an ID as it came: `%` and its first digits.
      if (inside.outcome != ClickIdRepair::Outcome::malformed && inside.outcome != ClickIdRepair::Outcome::forged)
        return inside;
    }
  }
  return repair_inside(value, keys, forged);
}

}  // namespace postback
