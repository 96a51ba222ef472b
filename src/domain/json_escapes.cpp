// Undoes the escapes of one literal.
#include "domain/json_escapes.hpp"

#include "domain/ascii.hpp"

#include <optional>

namespace postback {
namespace {

/// The character that `\uXXXX` at `text[at]` stands for, if it is an ASCII one.
std::optional<char> ascii_escape(std::string_view text, std::size_t at) {
  if (at + 6 > text.size()) return std::nullopt;
  unsigned value = 0;
  for (const char c : text.substr(at + 2, 4)) {
    const char lower = ascii_lower(c);
    const bool digit = lower >= '0' && lower <= '9';
    if (!digit && !(lower >= 'a' && lower <= 'f')) return std::nullopt;
    value = value * 16 + static_cast<unsigned>(digit ? lower - '0' : lower - 'a' + 10);
  }
  if (value >= 0x80) return std::nullopt;
  return static_cast<char>(value);
}

}  // namespace

std::string without_json_escapes(std::string_view literal) {
  std::string plain;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (literal[i] != '\\' || i + 1 >= literal.size()) {
      plain += literal[i];
    } else if (const auto c = literal[i + 1] == 'u' ? ascii_escape(literal, i) : std::nullopt) {
      plain += *c;
      i += 5;
    } else {
      plain += literal[++i];
    }
  }
  return plain;
}

std::size_t json_literal_end(std::string_view text, std::size_t open) {
  auto close = text.find_first_of("\\\"", open + 1);
  while (close != std::string_view::npos && text[close] == '\\') {
    close = close + 2 <= text.size() ? text.find_first_of("\\\"", close + 2) : std::string_view::npos;
  }
  return close;
}

}  // namespace postback
