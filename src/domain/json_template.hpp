// What an outgoing JSON template is made of: where its tokens stand, and how values are written there.
#pragma once

#include "domain/template_tokens.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// Where a token of a JSON template stands.
struct JsonPlace {
  bool quoted = false;  ///< Within a string.
  bool whole = false;   ///< It is that string.
};

/// The place of each token of `text`; `masked` is its mask_tokens. Says nothing sensible of what is no JSON.
std::vector<JsonPlace> find_json_places(std::string_view masked, const std::vector<TokenText>& tokens);

/// Whether `text` is a JSON number (RFC 8259 section 6).
bool is_json_number(std::string_view text);

/// Appends `value` as the content of a JSON string, without the quotes.
void append_json_content(std::string& out, std::string_view value);

/// Stands in a rendered string where a token stayed empty; nothing else can put it there.
inline constexpr char kEmptyMark = '\x01';

/// Appends the JSON text `json`, which must be valid but for kEmptyMark, without white space and without members and
/// elements that are null, an empty text, object or array, or a text with kEmptyMark. The outermost value stays.
void append_without_empty(std::string& out, std::string_view json);

}  // namespace postback
