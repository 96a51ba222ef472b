// Trimming and comparing the ASCII text of requests.
#pragma once

#include "domain/ascii.hpp"

#include <string_view>

namespace postback {

inline constexpr std::string_view kAsciiSpace = " \t\r\n\v\f";

inline bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (ascii_lower(a[i]) != ascii_lower(b[i])) return false;
  }
  return true;
}

/// Without the bytes of `set` at both ends.
constexpr std::string_view trim(std::string_view text, std::string_view set = kAsciiSpace) {
  const auto first = text.find_first_not_of(set);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(set) - first + 1);
}

}  // namespace postback
