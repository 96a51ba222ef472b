// SecretMask: takes network tokens and credentials out of what is logged or quoted.
#pragma once

#include "postback/domain/catalog.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

inline constexpr std::string_view kMasked = "***";

/// Knows the tokens of all networks of a catalog and those that one request sent as its token. Built per request: one
/// pass over the networks; masking is one pass over the text, whatever the number of tokens. Views the catalog and what
/// `add` was given.
///
/// A token of at least kShortestSought bytes is masked wherever it stands, plain, percent-encoded (once or twice) or
/// with JSON escapes. A shorter one is masked only where it is a whole value: it would blot out ordinary text.
class SecretMask {
 public:
  static constexpr std::size_t kShortestSought = 8;

  explicit SecretMask(const Catalog& catalog);

  /// Another secret of this request: the value of its token parameter, right or wrong.
  void add(std::string_view secret);

  /// A decoded value or a text quoted from one.
  std::string text(std::string_view plain) const;
  /// A target, form body or any text that may be percent-encoded.
  std::string encoded(std::string_view raw) const;
  /// A JSON body, valid or not.
  std::string json(std::string_view raw) const;
  /// A header block; the values of Authorization, Proxy-Authorization and Cookie are masked whole.
  std::string headers(std::string_view block) const;

 private:
  static constexpr std::size_t kBuckets = 1024;
  static std::size_t bucket(const char* bytes);
  /// Length of the longest sought token that starts at `text[at]`, 0 if none.
  std::size_t match(std::string_view text, std::size_t at) const;
  bool contains(std::string_view text) const;
  /// Whether a decoded value is, or holds, a secret.
  bool is_secret(std::string_view value) const;

  std::vector<std::string_view> sought_;  ///< Long enough to be looked for anywhere.
  std::vector<std::uint32_t> next_;       ///< Chain of `sought_` with equal first bytes; 0 ends it, else index + 1.
  std::array<std::uint32_t, kBuckets> first_{};
  std::vector<std::string_view> whole_;  ///< Too short for that.
};

}  // namespace postback
