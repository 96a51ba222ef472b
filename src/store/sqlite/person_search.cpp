// Compares addresses as addresses, and looks for values in what requests said, as it came and percent-decoded.
#include "store/sqlite/person_search.hpp"

#include "domain/ascii.hpp"
#include "postback/base/percent.hpp"

#include <algorithm>
#include <utility>

namespace postback::sqlite {
namespace {

/// Shorter values are not looked for in the texts of postbacks: they would be found in everything.
constexpr std::size_t kShortestSought = 8;

constexpr const char* kTexts =
    "coalesce(target, '') || char(10) || coalesce(headers, '') || char(10) || coalesce(body, '')";

/// Whether a value goes on with `c`: a longer number, word or address is another one.
bool goes_on(char c) { return is_ascii_alphanumeric(c) || c == '.' || c == ':'; }

bool stands_in(std::string_view text, std::string_view value) {
  for (auto at = text.find(value); at != std::string_view::npos; at = text.find(value, at + 1)) {
    const auto end = at + value.size();
    if ((at == 0 || !goes_on(text[at - 1])) && (end == text.size() || !goes_on(text[end]))) return true;
  }
  return false;
}

/// Calls `take` with each longest run of characters that addresses have, until it says true.
template <class Take>
bool any_run(std::string_view text, Take take) {
  for (auto at = text.begin(); at != text.end();) {
    const auto begin = std::find_if(at, text.end(), goes_on);
    at = std::find_if_not(begin, text.end(), goes_on);
    if (begin != at && take(std::string_view(&*begin, static_cast<std::size_t>(at - begin)))) return true;
  }
  return false;
}

}  // namespace

PersonSearch::PersonSearch(const Person& person, ForgetTable table, std::vector<std::string> foreign_ids)
    : person_(person),
      table_(table),
      address_(parse_address(person.ip)),
      click_id_(to_ascii_lower(person.click_id)),
      sought_(std::move(foreign_ids)) {
  sought_.push_back(person.external_id);
  if (!address_) sought_.push_back(person.ip);
  // An address's network stands for others as well; its hash does not.
  for (const auto& recorded : person.recorded_ip) {
    if (!parse_address(recorded)) sought_.push_back(recorded);
  }
  std::erase_if(sought_, [](const std::string& value) { return value.size() < kShortestSought; });
}

std::string PersonSearch::sql() const {
  const std::string value = person_.click != 0 ? "NULL" : person_.ip.empty() ? "external_id" : "ip";
  const std::string rest = " WHERE id < ?1 ORDER BY id DESC";
  if (table_ == ForgetTable::click) return "SELECT id, id, " + value + ", NULL, NULL FROM click" + rest;
  if (table_ == ForgetTable::delivery && person_.click != 0)
    return "SELECT id, click, NULL, NULL, NULL FROM delivery INDEXED BY delivery_subject WHERE click = ?2 AND id < ?1 "
           "ORDER BY id DESC";
  if (table_ == ForgetTable::delivery) {
    // An impression has no click; what it knows of its visitor stands in its detail.
    return "SELECT id, click, coalesce((SELECT " + value + " FROM click WHERE click.id = delivery.click), CASE WHEN " +
           "json_valid(detail) THEN json_extract(detail, '$." + value + "') END), NULL, NULL FROM delivery" + rest;
  }
  return "SELECT id, click, (SELECT " + value + " FROM click WHERE click.id = postback.click), peer, " + kTexts +
         " FROM postback" + rest;
}

bool PersonSearch::is_about(const Statement& row) const {
  if (person_.click != 0 && row.id_at(1) == person_.click) return true;
  const auto value = row.view_at(2);
  if (!person_.external_id.empty() && value == person_.external_id) return true;
  if (!person_.ip.empty() && (is_address(value) || is_address(row.view_at(3)))) return true;
  const auto text = row.view_at(4);
  if (is_named_in(text)) return true;
  if (!needs_query_decoding(text)) return false;
  std::string decoded;
  append_query_decoded(decoded, text);
  return is_named_in(decoded);
}

bool PersonSearch::is_address(std::string_view recorded) const {
  if (recorded.empty()) return false;
  if (recorded == person_.ip || std::ranges::find(person_.recorded_ip, recorded) != person_.recorded_ip.end()) {
    return true;
  }
  return address_ && parse_address(recorded) == address_;
}

bool PersonSearch::is_named_in(std::string_view text) const {
  if (text.empty()) return false;
  // Networks change the case of IDs and put them between other characters.
  if (!click_id_.empty() && to_ascii_lower(text).find(click_id_) != std::string::npos) return true;
  if (std::ranges::any_of(sought_, [&](const std::string& value) { return stands_in(text, value); })) return true;
  return address_ && has_address(text);
}

/// With a port, or behind a header's name and colon, as well.
bool PersonSearch::has_address(std::string_view text) const {
  return any_run(text, [this](std::string_view run) {
    while (run.ends_with('.')) run.remove_suffix(1);
    if (parse_address(run) == address_) return true;
    const auto colon = run.find(':');
    if (colon == std::string_view::npos || run.find('.') == std::string_view::npos) return false;
    return parse_address(run.substr(0, run.rfind(':'))) == address_ || parse_address(run.substr(colon + 1)) == address_;
  });
}

}  // namespace postback::sqlite
