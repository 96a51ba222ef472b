// Percent-encoding and decoding of URL parts, byte by byte.
#include "postback/base/percent.hpp"

#include <algorithm>
#include <array>

namespace postback {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

constexpr std::array<bool, 256> make_unreserved() {
  std::array<bool, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    table[byte] = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                  byte == '-' || byte == '.' || byte == '_' || byte == '~';
  }
  return table;
}
constexpr std::array<bool, 256> kUnreserved = make_unreserved();

/// The digit's value, or -1.
int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

/// The byte that `%XX` at the start of `text` stands for, or -1 when two hexadecimal digits do not follow.
int escaped_byte(std::string_view text) {
  if (text.size() < 3) return -1;
  const int high = hex_value(text[1]);
  const int low = hex_value(text[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/// Appends `text` decoded; `specials` are the characters to stop at, `%` and, for queries, `+`. Never appends more
/// bytes than `text` has, so a buffer with that much room does not move.
void append_decoded(std::string& out, std::string_view text, std::string_view specials) {
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find_first_of(specials), text.size());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) return;
    const int byte = text.front() == '%' ? escaped_byte(text) : ' ';
    out.push_back(byte < 0 ? '%' : static_cast<char>(byte));
    text.remove_prefix(byte >= 0 && text.front() == '%' ? 3 : 1);
  }
}

}  // namespace

void append_percent_encoded(std::string& out, std::string_view value) {
  while (!value.empty()) {
    std::size_t plain = 0;
    while (plain < value.size() && kUnreserved[static_cast<unsigned char>(value[plain])]) ++plain;
    out.append(value.substr(0, plain));
    value.remove_prefix(plain);
    if (value.empty()) return;
    const auto byte = static_cast<unsigned char>(value.front());
    const std::array<char, 3> escape{'%', kHexDigits[byte >> 4], kHexDigits[byte & 15]};
    out.append(escape.data(), escape.size());
    value.remove_prefix(1);
  }
}

void append_query_decoded(std::string& out, std::string_view text) { append_decoded(out, text, "%+"); }

void append_path_decoded(std::string& out, std::string_view text) { append_decoded(out, text, "%"); }

}  // namespace postback
