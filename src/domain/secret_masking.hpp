// SecretMask: takes tokens, signing secrets, signatures and credentials out of what is logged or quoted.
#pragma once

#include "domain/token_index.hpp"
#include "postback/domain/catalog.hpp"

#include <cstdint>
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
/// or with JSON escapes; one of the catalog in letters of either case. A shorter one is masked only where it is a whole
/// value: it would blot out ordinary text. So are those of one request beyond kMostSought, and longer ones than any
/// token: looking for each at every byte would let a few requests stall all others.
class SecretMask {
 public:
  /// Most texts of one request that are looked for anywhere, and their longest, in bytes.
  static constexpr std::size_t kMostSought = 16;
  static constexpr std::size_t kLongestSought = 256;

  explicit SecretMask(const Catalog& catalog) : tokens_(catalog.tokens()) {}

  /// Another secret of this request: the value of its token or signature parameter, right or wrong.
  void add(std::string_view secret);
  /// How many of them are looked for anywhere.
  std::size_t sought() const { return sought_.size(); }

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

  /// A secret of this request that is in no network.
  struct Sought {
    std::uint64_t start;  ///< Its first bytes, which most places are told from at once.
    std::string_view text;
  };
  static std::uint64_t start_of(std::string_view text);

  const TokenIndex& tokens_;
  std::vector<Sought> sought_;           ///< Looked for anywhere.
  std::vector<std::string_view> whole_;  ///< Looked for as whole values; sorted.
};

}  // namespace postback
