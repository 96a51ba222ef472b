// SecretMask: takes tokens, signing secrets, signatures and credentials out of what is logged or quoted.
#pragma once

#include "domain/token_index.hpp"
#include "postback/domain/catalog.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace postback {

inline constexpr std::string_view kMasked = "***";

/// Knows the tokens and secrets of all networks of a catalog and those that one request sent as token or signature.
/// Made per request, at no cost per network; masking is one pass over the text. Views the catalog and what `add` was
/// given.
///
/// A token of at least TokenIndex::kShortest bytes is masked wherever it stands, plain, percent-encoded (once or twice)
/// or with JSON escapes. A shorter one is masked only where it is a whole value: it would blot out ordinary text.
class SecretMask {
 public:
  explicit SecretMask(const Catalog& catalog) : tokens_(catalog.tokens()) {}

  /// Another secret of this request: the value of its token or signature parameter, right or wrong.
  void add(std::string_view secret);

  /// A decoded value or a text quoted from one.
  std::string text(std::string_view plain) const;
  /// A target, form body or any text that may be percent-encoded.
  std::string encoded(std::string_view raw) const;
  /// A JSON body, valid or not.
  std::string json(std::string_view raw) const;
  /// A header block; the values of Authorization, Proxy-Authorization, Cookie and Webhook-Signature are masked whole.
  std::string headers(std::string_view block) const;

 private:
  /// Length of the longest sought token that starts at `text[at]`, 0 if none.
  std::size_t match(std::string_view text, std::size_t at) const;
  bool contains(std::string_view text) const;
  /// Whether a decoded value is, or holds, a secret.
  bool is_secret(std::string_view value) const;
  /// Whether it is one of the secrets that count only as a whole.
  bool is_whole_secret(std::string_view value) const;

  const TokenIndex& tokens_;
  std::vector<std::string_view> sought_;  ///< Of this request and in no network: long enough to be looked for anywhere.
  std::vector<std::string_view> whole_;   ///< Too short for that.
};

}  // namespace postback
