// Recognises the macro syntaxes of affiliate networks and trackers.
#include "domain/macro_syntax.hpp"

#include "domain/ascii_text.hpp"
#include "postback/base/percent.hpp"

#include <algorithm>
#include <array>

namespace postback {
namespace {

struct Delimiters {
  std::string_view open;
  std::string_view close;
};

// Longer delimiters before the shorter ones they begin with.
constexpr std::array<Delimiters, 17> kDelimiters{{
    {"{{", "}}"},
    {"${", "}"},
    {"{$", "}"},
    {"{", "}"},
    {"#{", "}"},
    {"##", "##"},
    {"#", "#"},
    {"[[[", "]]]"},
    {"[[", "]]"},
    {"[=", "=]"},
    {"[+", "+]"},
    {"[", "]"},
    {"!!!", "!!!"},
    {"__", "__"},
    {"%", "%"},
    {"(", ")"},
    {"<", ">"},
}};
constexpr std::size_t kLongestName = 64;

bool is_macro_name(std::string_view name) {
  if (name.empty() || name.size() > kLongestName) return false;
  bool letter = false;
  for (const char c : name) {
    if (!is_ascii_alphanumeric(c) && std::string_view("_.:|@=,-() ").find(c) == std::string_view::npos) return false;
    letter = letter || (is_ascii_alphanumeric(c) && (c < '0' || c > '9'));
  }
  return letter;
}

std::optional<Macro> whole_macro(std::string_view value) {
  for (const auto& [open, close] : kDelimiters) {
    if (value.size() <= open.size() + close.size() || !value.starts_with(open) || !value.ends_with(close)) continue;
    const auto name = value.substr(open.size(), value.size() - open.size() - close.size());
    if (is_macro_name(name)) return Macro{std::string(value), std::string(name)};
  }
  return std::nullopt;
}

std::optional<Macro> embedded_macro(std::string_view value) {
  for (auto open = value.find('{'); open != std::string_view::npos; open = value.find('{', open + 1)) {
    const auto close = value.find_first_of("{}", open + 1);
    if (close == std::string_view::npos) return std::nullopt;
    const auto name = value.substr(open + 1, close - open - 1);
    if (value[close] == '}' && is_macro_name(name))
      return Macro{std::string(value.substr(open, close - open + 1)), std::string(name)};
  }
  return std::nullopt;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether a macro's name looks like a value: a digit first, two in a row, or `-`.
bool holds_value(std::string_view name) {
  if (is_digit(name.front()) || name.find('-') != std::string_view::npos) return true;
  return std::adjacent_find(name.begin(), name.end(), [](char a, char b) { return is_digit(a) && is_digit(b); }) !=
         name.end();
}

}  // namespace

std::optional<Macro> find_macro(std::string_view value) {
  if (auto macro = whole_macro(trim(value, " \t\r\n\"'`"))) return macro;
  return embedded_macro(value);
}

std::optional<Macro> find_macro(std::string_view raw_value, std::string_view value) {
  if (auto macro = find_macro(value)) return macro;
  if (!needs_query_decoding(raw_value)) return std::nullopt;
  // Only this form clashes with percent-encoding; others that are seen only before decoding are plain text.
  if (raw_value.starts_with('%')) {
    if (auto raw = whole_macro(raw_value)) return raw;
  }
  if (value.find('%') == std::string_view::npos) return std::nullopt;
  std::string decoded;
  append_query_decoded(decoded, value);
  return find_macro(decoded);
}

std::optional<Macro> find_field_macro(std::string_view raw_value, std::string_view value) {
  auto macro = find_macro(raw_value, value);
  if (!macro || holds_value(macro->name)) return std::nullopt;
  const std::string_view text = macro->text;
  if (text.starts_with('(') || text.starts_with('<')) return std::nullopt;
  const bool digit = std::any_of(macro->name.begin(), macro->name.end(), is_digit);
  if (digit && text.starts_with('#') && !text.starts_with("##")) return std::nullopt;
  return macro;
}

bool is_macro_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~' && c != '&'; });
}

bool is_unfilled_word(std::string_view value, std::string_view field) {
  const auto text = trim(value);
  const std::string word = to_ascii_lower(text);
  constexpr std::array<std::string_view, 4> kNothing{"null", "undefined", "none", "n/a"};
  if (std::find(kNothing.begin(), kNothing.end(), word) != kNothing.end()) return true;
  const bool capitals = std::none_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (capitals && word == field) return true;
  // In free text, `Replaced by the customer` is a reason.
  return is_placeholder_word(text) && (capitals || !word.starts_with("replace"));
}

bool is_placeholder_word(std::string_view value) {
  const std::string word = to_ascii_lower(trim(value));
  if (word.starts_with("replace")) return true;
  if (word.size() >= 3 && word.find_first_not_of('x') == std::string::npos) return true;
  constexpr std::array<std::string_view, 3> kWords{"click_id", "clickid", "subid"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

}  // namespace postback
