// TokenIndex: the tokens of all networks of a catalog, to be found in any text in one pass, in letters of either case.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// Immutable once the catalog is built. Tokens shorter than kShortest are kept apart: they are looked for only where
/// they are a whole value, since they would blot out ordinary text.
class TokenIndex {
 public:
  static constexpr std::size_t kShortest = 8;

  void add(std::string_view token);

  bool empty() const { return tokens_.empty(); }
  /// Length of the longest token that starts at `text[at]`, 0 if none. At least kShortest bytes must follow `at`.
  std::size_t match(std::string_view text, std::size_t at) const;
  bool contains(std::string_view token) const { return token.size() >= kShortest && match(token, 0) == token.size(); }
  bool has_short_tokens() const { return !short_.empty(); }
  /// Whether `value` is one of the shorter tokens.
  bool is_short_token(std::string_view value) const;

 private:
  static constexpr std::size_t kBuckets = 1024;
  static std::size_t bucket(const char* bytes);

  std::vector<std::string> tokens_;  ///< In lower case.
  std::vector<std::uint32_t> next_;  ///< Chain of tokens with equal first bytes; 0 ends it, else index + 1.
  std::array<std::uint32_t, kBuckets> first_{};
  std::vector<std::string> short_;  ///< In lower case.
};

}  // namespace postback
