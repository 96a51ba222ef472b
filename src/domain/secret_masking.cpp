// SecretMask: one pass over the text, whatever the number of networks.
#include "domain/secret_masking.hpp"

#include "domain/ascii_text.hpp"
#include "postback/base/percent.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::string_view kValueDelimiters = "&?=/;,# \t\r\n\"";

bool is_credential_header(std::string_view name) {
  return equal_ignoring_case(name, "authorization") || equal_ignoring_case(name, "proxy-authorization") ||
         equal_ignoring_case(name, "cookie") || equal_ignoring_case(name, "webhook-signature");
}

/// The character that `\uXXXX` at `text[at]` stands for, if it is an ASCII one.
std::optional<char> ascii_escape(std::string_view text, std::size_t at) {
  if (at + 6 > text.size()) return std::nullopt;
  unsigned value = 0;
  for (const char c : text.substr(at + 2, 4)) {
    const char lower = ascii_lower(c);
    const bool digit = lower >= '0' && lower <= '9';
    if (!digit && !(lower >= 'a' && lower <= 'f')) return std::nullopt;
    value = value * 16 + static_cast<unsigned>(digit ? lower - '0' : lower - 'a' + 10);
  }
  if (value >= 0x80) return std::nullopt;
  return static_cast<char>(value);
}

/// `literal` with the JSON escapes undone that could hide a token: `\uXXXX` of ASCII characters and `\/`.
std::string without_json_escapes(std::string_view literal) {
  std::string plain;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (literal[i] != '\\' || i + 1 >= literal.size()) {
      plain += literal[i];
    } else if (const auto c = literal[i + 1] == 'u' ? ascii_escape(literal, i) : std::nullopt) {
      plain += *c;
      i += 5;
    } else {
      plain += literal[++i];
    }
  }
  return plain;
}

}  // namespace

void SecretMask::add(std::string_view secret) {
  if (secret.empty() || tokens_.contains(secret)) return;
  (secret.size() < TokenIndex::kShortest ? whole_ : sought_).push_back(secret);
}

std::size_t SecretMask::match(std::string_view text, std::size_t at) const {
  std::size_t longest = tokens_.match(text, at);
  for (const std::string_view secret : sought_) {
    if (secret.size() > longest && text.compare(at, secret.size(), secret) == 0) longest = secret.size();
  }
  return longest;
}

bool SecretMask::is_whole_secret(std::string_view value) const {
  const auto& shorter = tokens_.short_tokens();
  return std::find(whole_.begin(), whole_.end(), value) != whole_.end() ||
         std::find(shorter.begin(), shorter.end(), value) != shorter.end();
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
  if (whole_.empty() && tokens_.short_tokens().empty() && plain.find_first_of("%+") == std::string::npos) return plain;
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
    auto close = open == std::string::npos ? open : plain.find_first_of("\\\"", open + 1);
    while (close != std::string::npos && plain[close] == '\\') {
      close = close + 2 <= plain.size() ? plain.find_first_of("\\\"", close + 2) : std::string::npos;
    }
    if (close == std::string::npos) break;
    const auto literal = std::string_view(plain).substr(open + 1, close - open - 1);
    masked.append(plain, at, open + 1 - at);
    const bool hidden = literal.find('\\') != std::string_view::npos && is_secret(without_json_escapes(literal));
    masked += hidden || (literal.size() < TokenIndex::kShortest && is_secret(literal)) ? kMasked : literal;
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
