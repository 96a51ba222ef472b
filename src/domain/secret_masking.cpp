// SecretMask: one pass over the text, whatever the number of networks.
#include "domain/secret_masking.hpp"

#include "domain/ascii_text.hpp"
#include "domain/json_escapes.hpp"
#include "postback/base/percent.hpp"

#include <algorithm>
#include <cstring>

namespace postback {
namespace {

constexpr std::string_view kValueDelimiters = "&?=/;,# \t\r\n\"";

bool is_credential_header(std::string_view name) {
  return equal_ignoring_case(name, "authorization") || equal_ignoring_case(name, "proxy-authorization") ||
         equal_ignoring_case(name, "cookie") || equal_ignoring_case(name, "webhook-signature");
}

}  // namespace

void SecretMask::add(std::string_view secret) {
  if (secret.empty() || tokens_.contains(secret)) return;
  if (std::ranges::find(sought_, secret, &Sought::text) != sought_.end()) return;
  const bool fits = secret.size() >= TokenIndex::kShortest && secret.size() <= kLongestSought;
  if (fits && sought_.size() < kMostSought) {
    sought_.push_back({start_of(secret), secret});
    return;
  }
  const auto place = std::ranges::lower_bound(whole_, secret);
  if (place == whole_.end() || *place != secret) whole_.insert(place, secret);
}

std::uint64_t SecretMask::start_of(std::string_view text) {
  std::uint64_t start = 0;
  static_assert(sizeof start <= TokenIndex::kShortest);
  std::memcpy(&start, text.data(), sizeof start);
  return start;
}

std::size_t SecretMask::match(std::string_view text, std::size_t at) const {
  std::size_t longest = tokens_.match(text, at);
  if (sought_.empty()) return longest;
  const auto start = start_of(text.substr(at));
  for (const auto& secret : sought_) {
    if (secret.start != start || secret.text.size() <= longest) continue;
    if (text.compare(at, secret.text.size(), secret.text) == 0) longest = secret.text.size();
  }
  return longest;
}

bool SecretMask::is_whole_secret(std::string_view value) const {
  return std::ranges::binary_search(whole_, value) || tokens_.is_short_token(value);
}

bool SecretMask::contains(std::string_view text) const {
  for (std::size_t at = 0; at + TokenIndex::kShortest <= text.size(); ++at) {
    if (match(text, at) != 0) return true;
  }
  return false;
}

bool SecretMask::is_secret(std::string_view value) const { return is_whole_secret(value) || contains(value); }

std::string SecretMask::text(std::string_view plain) const {
  if (is_whole_secret(plain)) return std::string(kMasked);
  if (sought_.empty() && tokens_.empty()) return std::string(plain);
  std::string masked;
  masked.reserve(plain.size());
  std::size_t copied = 0;
  for (std::size_t at = 0; at + TokenIndex::kShortest <= plain.size();) {
    const std::size_t length = match(plain, at);
    if (length == 0) {
      ++at;
      continue;
    }
    masked.append(plain.substr(copied, at - copied)).append(kMasked);
    at += length;
    copied = at;
  }
  masked.append(plain.substr(copied));
  return masked;
}

std::string SecretMask::encoded(std::string_view raw) const {
  const std::string plain = text(raw);
  if (whole_.empty() && !tokens_.has_short_tokens() && plain.find_first_of("%+") == std::string::npos) return plain;
  std::string masked;
  masked.reserve(plain.size());
  std::string once;
  std::string twice;
  for (std::size_t at = 0; at <= plain.size();) {
    const auto end = std::min(plain.find_first_of(kValueDelimiters, at), plain.size());
    const auto piece = std::string_view(plain).substr(at, end - at);
    bool secret = is_whole_secret(piece);
    if (!secret && needs_query_decoding(piece)) {
      once.clear();
      twice.clear();
      append_query_decoded(once, piece);
      append_query_decoded(twice, once);
      secret = is_secret(once) || is_secret(twice);
    }
    masked += secret ? kMasked : piece;
    if (end < plain.size()) masked += plain[end];
    at = end + 1;
  }
  return masked;
}

std::string SecretMask::json(std::string_view raw) const {
  const std::string plain = text(raw);
  std::string masked;
  masked.reserve(plain.size());
  std::size_t at = 0;
  while (true) {
    const auto open = plain.find('"', at);
    const auto close = open == std::string::npos ? open : json_literal_end(plain, open);
    if (close == std::string::npos) break;
    const auto literal = std::string_view(plain).substr(open + 1, close - open - 1);
    masked.append(plain, at, open + 1 - at);
    const bool hidden = literal.find('\\') != std::string_view::npos && is_secret(without_json_escapes(literal));
    masked += hidden || is_whole_secret(literal) ? kMasked : literal;
    masked += '"';
    at = close + 1;
  }
  return masked.append(plain, at);
}

std::string SecretMask::headers(std::string_view block) const {
  std::string masked;
  masked.reserve(block.size());
  while (!block.empty()) {
    const auto end = std::min(block.find('\n'), block.size() - 1) + 1;
    const auto line = block.substr(0, end);
    block.remove_prefix(end);
    const auto colon = line.find(':');
    if (colon != std::string_view::npos && is_credential_header(line.substr(0, colon))) {
      const auto value_end = line.find_last_not_of("\r\n") + 1;
      masked.append(line.substr(0, colon + 1)).append(" ").append(kMasked).append(line.substr(value_end));
    } else {
      masked += encoded(line);
    }
  }
  return masked;
}

}  // namespace postback
