// JSON escapes in raw text, as far as they could hide a token or a name.
#pragma once

#include <string>
#include <string_view>

namespace postback {

/// `literal` (without its quotes) with `\uXXXX` of ASCII characters, `\/`, `\"` and `\\` undone.
std::string without_json_escapes(std::string_view literal);

/// Where the literal ends whose opening quote is at `text[open]`: the place of its closing quote, npos if none.
std::size_t json_literal_end(std::string_view text, std::size_t open);

}  // namespace postback
