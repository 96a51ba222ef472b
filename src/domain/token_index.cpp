// TokenIndex: tokens chained by their first three bytes.
#include "domain/token_index.hpp"

namespace postback {

std::size_t TokenIndex::bucket(const char* bytes) {
  const auto byte = [bytes](int i) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])); };
  return (byte(0) * 31 * 31 + byte(1) * 31 + byte(2)) % kBuckets;
}

void TokenIndex::add(std::string_view token) {
  if (token.empty()) return;
  if (token.size() < kShortest) {
    short_.emplace_back(token);
    return;
  }
  auto& head = first_[bucket(token.data())];
  tokens_.emplace_back(token);
  next_.push_back(head);
  head = static_cast<std::uint32_t>(tokens_.size());
}

std::size_t TokenIndex::match(std::string_view text, std::size_t at) const {
  std::size_t longest = 0;
  for (auto i = first_[bucket(text.data() + at)]; i != 0; i = next_[i - 1]) {
    const std::string_view token = tokens_[i - 1];
    if (token.size() > longest && text.compare(at, token.size(), token) == 0) longest = token.size();
  }
  return longest;
}

}  // namespace postback
