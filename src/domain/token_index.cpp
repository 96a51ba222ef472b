// TokenIndex: tokens chained by their first three bytes.
#include "domain/token_index.hpp"

#include "domain/ascii_text.hpp"

#include <algorithm>

namespace postback {

std::size_t TokenIndex::bucket(const char* bytes) {
  const auto byte = [bytes](int i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(ascii_lower(bytes[i])));
  };
  return (byte(0) * 31 * 31 + byte(1) * 31 + byte(2)) % kBuckets;
}

void TokenIndex::add(std::string_view token) {
  if (token.empty()) return;
  if (token.size() < kShortest) {
    short_.push_back(to_ascii_lower(token));
    return;
  }
  auto& head = first_[bucket(token.data())];
  tokens_.push_back(to_ascii_lower(token));
  next_.push_back(head);
  head = static_cast<std::uint32_t>(tokens_.size());
}

std::size_t TokenIndex::match(std::string_view text, std::size_t at) const {
  std::size_t longest = 0;
  for (auto i = first_[bucket(text.data() + at)]; i != 0; i = next_[i - 1]) {
    const std::string_view token = tokens_[i - 1];
    if (token.size() > longest && equal_ignoring_case(text.substr(at, token.size()), token)) longest = token.size();
  }
  return longest;
}

bool TokenIndex::is_short_token(std::string_view value) const {
  return std::ranges::any_of(short_, [value](const auto& token) { return equal_ignoring_case(value, token); });
}

}  // namespace postback
