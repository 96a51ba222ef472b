// Reading UTF-8 by the table of well-formed byte sequences (Unicode, table 3-7).
#include "base/utf8.hpp"

namespace postback {
namespace {

/// What a lead byte allows: the sequence's length, the lead's payload and the range of the second byte.
struct Lead {
  std::size_t length;
  char32_t payload;
  unsigned char second_from = 0x80;
  unsigned char second_to = 0xBF;
};

Lead read_lead(unsigned char byte) {
  if (byte < 0x80) return {1, byte};
  if (byte < 0xC2) return {0, 0};
  if (byte < 0xE0) return {2, byte & 0x1FU};
  if (byte == 0xE0) return {3, 0x0, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0xD, 0x80, 0x9F};
  if (byte < 0xF0) return {3, byte & 0x0FU};
  if (byte == 0xF0) return {4, 0x0, 0x90, 0xBF};
  if (byte < 0xF4) return {4, byte & 0x07U};
  if (byte == 0xF4) return {4, 0x4, 0x80, 0x8F};
  return {0, 0};
}

}  // namespace

Utf8Character read_utf8(std::string_view text) {
  const Lead lead = read_lead(static_cast<unsigned char>(text.front()));
  if (lead.length == 0) return {1, 0, false};
  char32_t code_point = lead.payload;
  for (std::size_t at = 1; at < lead.length; ++at) {
    if (at == text.size()) return {at, 0, false};
    const auto byte = static_cast<unsigned char>(text[at]);
    const unsigned char from = at == 1 ? lead.second_from : 0x80;
    const unsigned char to = at == 1 ? lead.second_to : 0xBF;
    if (byte < from || byte > to) return {at, 0, false};
    code_point = (code_point << 6) | (byte & 0x3FU);
  }
  return {lead.length, code_point, true};
}

}  // namespace postback
