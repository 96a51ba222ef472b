// Checks tokens. The value itself stays out of the messages: faults are shown and logged.
#include "domain/catalog_token.hpp"

#include "domain/ascii.hpp"

#include <algorithm>

namespace postback {

std::string expected_token() { return "8 to 128 letters, digits, - . _ or ~"; }

std::string read_token(ObjectReader& reader, std::string_view field) {
  std::string token = reader.text(field, 128);
  const bool plain = std::all_of(token.begin(), token.end(), [](char c) {
    return is_ascii_alphanumeric(c) || std::string_view("-._~").find(c) != std::string_view::npos;
  });
  if (!token.empty() && token.size() < 8) {
    reader.fault(field, "is shorter than 8 characters", expected_token());
  } else if (!plain) {
    reader.fault(field, "has characters that a URL cannot carry unchanged", expected_token());
  }
  return token;
}

}  // namespace postback
