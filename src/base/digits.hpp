// ASCII digits, independent of any locale.
#pragma once

#include <algorithm>
#include <string_view>

namespace postback {

constexpr bool is_digit(char character) { return character >= '0' && character <= '9'; }
constexpr bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

}  // namespace postback
