// Percent-encoding of URL parts (RFC 3986) and form data, on bytes, never failing on a visitor's value.
#pragma once

#include <string>
#include <string_view>

namespace postback {

/// Appends `value` with every byte but RFC 3986 unreserved ones (letters, digits, `-._~`) as `%XX`.
void append_percent_encoded(std::string& out, std::string_view value);

/// Appends `text` decoded as a query value: `%XX` to its byte, `+` to a space. A `%` without two hexadecimal digits
/// stays as it is (robustness: nobody is lost for a bad sub-ID).
void append_query_decoded(std::string& out, std::string_view text);

/// As append_query_decoded, but `+` stays `+`: for path segments.
void append_path_decoded(std::string& out, std::string_view text);

/// Whether decoding would change anything.
inline bool needs_query_decoding(std::string_view text) { return text.find_first_of("%+") != std::string_view::npos; }

}  // namespace postback
