// Reading UTF-8 (RFC 3629) one character at a time from bytes that may be anything.
#pragma once

#include <cstddef>
#include <string_view>

namespace postback {

/// What stands at the start of a text.
struct Utf8Character {
  std::size_t length = 0;   ///< Bytes to go on by, at least 1.
  char32_t code_point = 0;  ///< Meaningful when valid.
  bool valid = false;  ///< If not, `length` bytes (the longest prefix of a character) are to be replaced by one U+FFFD.
};

/// Reads the first character of `text`, which must not be empty. Overlong forms, surrogates and values beyond U+10FFFF
/// are not valid.
Utf8Character read_utf8(std::string_view text);

}  // namespace postback
