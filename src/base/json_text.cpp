// JSON strings and valid UTF-8 from arbitrary bytes.
#include "postback/base/json_text.hpp"

#include "base/utf8.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

/// Whether the byte stands in a JSON string as it is, whatever follows it.
bool is_plain(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\' && byte != '<';
}

void append_unicode_escape(std::string& out, char32_t code_point) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) out.push_back(kDigits[(code_point >> shift) & 15U]);
}

void append_json_character(std::string& out, std::string_view bytes, char32_t code_point) {
  switch (code_point) {
    case U'"': out += "\\\""; return;
    case U'\\': out += "\\\\"; return;
    case U'\b': out += "\\b"; return;
    case U'\f': out += "\\f"; return;
    case U'\n': out += "\\n"; return;
    case U'\r': out += "\\r"; return;
    case U'\t': out += "\\t"; return;
    default: break;
  }
  const bool escaped = code_point < 0x20 || code_point == U'<' || code_point == 0x2028 || code_point == 0x2029;
  if (escaped) {
    append_unicode_escape(out, code_point);
  } else {
    out += bytes;
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view value) {
  out.push_back('"');
  while (!value.empty()) {
    const auto plain = static_cast<std::size_t>(std::find_if_not(value.begin(), value.end(), is_plain) - value.begin());
    out += value.substr(0, plain);
    value.remove_prefix(plain);
    if (value.empty()) break;
    const Utf8Character next = read_utf8(value);
    if (next.valid) {
      append_json_character(out, value.substr(0, next.length), next.code_point);
    } else {
      out += kReplacement;
    }
    value.remove_prefix(next.length);
  }
  out.push_back('"');
}

std::string valid_utf8(std::string_view value) {
  std::string out;
  out.reserve(value.size());
  while (!value.empty()) {
    const Utf8Character next = read_utf8(value);
    out += next.valid ? value.substr(0, next.length) : kReplacement;
    value.remove_prefix(next.length);
  }
  return out;
}

std::string_view utf8_prefix(std::string_view value, std::size_t bytes) {
  if (value.size() <= bytes) return value;
  // A character that crosses the limit begins at most three bytes before it.
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, bytes); ++back) {
    const Utf8Character character = read_utf8(value.substr(bytes - back));
    if (character.valid && character.length > back) return value.substr(0, bytes - back);
  }
  return value.substr(0, bytes);
}

}  // namespace postback
