// Unreplaced macros: the placeholders of other systems that arrive where a value should be.
//
//   macro = "{" x "}" | "{{" x "}}" | "${" x "}" | "{$" x "}" | "#" x "#" | "##" x "##" | "#{" x "}" | "[" x "]"
//         | "[[" x "]]" | "[[[" x "]]]" | "[=" x "=]" | "[+" x "+]" | "(" x ")" | "<" x ">" | "__" x "__" | "%" x "%"
//         | "!!!" x "!!!"
//   x     = 1*64( letter | digit | one of _ . : | @ = , - ( ) or space )  with at least one letter
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace postback {

struct Macro {
  std::string text;  ///< As it stands in the value, such as `{clickid}`.
  std::string name;  ///< What it asks for, such as `clickid`.
};

/// The macro that `value` is, but for white space and quotes around it, or whose curly form stands somewhere in it.
std::optional<Macro> find_macro(std::string_view value);

/// As find_macro, on a value before and after percent-decoding (`%eb%` is a macro although `%eb` is an encoded byte),
/// and decoded once more.
std::optional<Macro> find_macro(std::string_view raw_value, std::string_view value);

/// As find_macro, for a field whose real values may stand in delimiters (`(12.50 USD)`, `{3F25-...}`, `#A1002#`): a
/// name that holds a number or `-` is no macro, nor is anything in `(...)` or `<...>`, or a digit between single `#`.
std::optional<Macro> find_field_macro(std::string_view raw_value, std::string_view value);

/// Whether a URL can carry `text` in a value before anybody replaces it: printable ASCII without space and `&`.
bool is_macro_text(std::string_view text);

/// Whether `value` says that there is none: `null`, `undefined`, `none`, `N/A` in either case, a placeholder word, or
/// the canonical name of its field in capitals (`PAYOUT`).
bool is_unfilled_word(std::string_view value, std::string_view field);

/// Whether `value` as a whole is a word that people put where a click ID belongs: `REPLACE...`, `CLICK_ID`, `CLICKID`,
/// `SUBID`, `XXX` (any number from three on), in either case.
bool is_placeholder_word(std::string_view value);

}  // namespace postback
