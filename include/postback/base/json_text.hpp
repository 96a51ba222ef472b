// JSON strings from arbitrary bytes: always valid JSON, whatever a visitor sent.
#pragma once

#include <string>
#include <string_view>

namespace postback {

/// Appends `value` as a quoted JSON string (RFC 8259). Control characters, quotes and backslashes are escaped, `<`
/// becomes
/// `\u003c`, U+2028/9 are escaped, and bytes that are not valid UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view value);

/// `value` with each byte sequence that is not valid UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view value);

/// The longest prefix of `value` of at most `bytes` bytes that does not cut a UTF-8 character in two.
std::string_view utf8_prefix(std::string_view value, std::size_t bytes);

}  // namespace postback
