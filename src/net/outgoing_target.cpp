// Takes a URL apart strictly and writes it anew.
#include "net/outgoing_target.hpp"

#include "postback/base/percent.hpp"
#include "postback/base/public_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>

namespace postback::net {
namespace {

constexpr std::size_t kLongestUrl = 32 * 1024;
constexpr std::size_t kLongestName = 253;  ///< RFC 1035 section 2.3.4, as text.
constexpr std::size_t kLongestLabel = 63;

Error wrong(std::string_view why) { return {ErrorCode::invalid_argument, "the URL " + std::string(why)}; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }
bool is_name_character(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.'; }

/// Takes `http://` or `https://`, in any case, off the front. False: neither.
bool take_scheme(std::string_view& rest, bool& https) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (rest.size() < scheme.size()) continue;
    if (!std::equal(scheme.begin(), scheme.end(), rest.begin(), [](char a, char b) { return a == lower(b); })) continue;
    rest.remove_prefix(scheme.size());
    https = scheme.size() == 8;
    return true;
  }
  return false;
}

/// Whether an IPv4 address must be meant: the last label is a number (as the URL standard of WHATWG, section 3.5).
bool ends_in_number(std::string_view host) {
  const auto label = host.substr(host.find_last_of('.') + 1);
  if (label.empty()) return false;
  if (std::all_of(label.begin(), label.end(), is_digit)) return true;
  return label.starts_with("0x") && std::all_of(label.begin() + 2, label.end(), is_hex);
}

std::optional<Address> parse_any_v4(const std::string& host) {
  in_addr parsed{};
  if (inet_aton(host.c_str(), &parsed) == 0) return std::nullopt;
  char text[INET_ADDRSTRLEN] = {};
  inet_ntop(AF_INET, &parsed, text, sizeof text);
  return parse_address(text);
}

bool has_valid_labels(std::string_view name) {
  while (!name.empty()) {
    const auto dot = std::min(name.find('.'), name.size());
    if (dot == 0 || dot > kLongestLabel) return false;
    if (dot + 1 == name.size()) return false;
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  return true;
}

Result<void> read_name(std::string_view encoded, OutgoingTarget& target) {
  append_path_decoded(target.host, encoded);
  std::ranges::transform(target.host, target.host.begin(), lower);
  if (target.host.ends_with('.')) target.host.pop_back();
  if (target.host.empty()) return wrong("has no host");
  if (!std::ranges::all_of(target.host, is_name_character))
    return wrong(
        "has a host with other characters than letters, digits, '-', '_' and '.'; write an international name "
        "in its xn-- form");
  if (target.host.size() > kLongestName || !has_valid_labels(target.host)) return wrong("has no valid host name");
  if (!ends_in_number(target.host)) return {};
  target.literal = parse_any_v4(target.host);
  if (!target.literal) return wrong("has a host that is neither a name nor an address");
  target.host = address_text(*target.literal);
  return {};
}

Result<void> read_bracketed(std::string_view inside, OutgoingTarget& target) {
  if (inside.find(':') != std::string_view::npos) target.literal = parse_address(inside);
  if (!target.literal) return wrong("has no IPv6 address between its brackets");
  target.host = address_text(*target.literal);
  if (!target.literal->is_v4()) target.host = "[" + target.host + "]";
  return {};
}

Result<void> read_port(std::string_view text, OutgoingTarget& target) {
  target.port = target.https ? 443 : 80;
  if (text.empty()) return {};
  const auto [end, fault] = std::from_chars(text.data() + 1, text.data() + text.size(), target.port);
  if (text.front() == ':' && text.size() == 1) return {};  // RFC 3986 section 3.2.3: an empty port is the scheme's
  if (text.front() != ':' || fault != std::errc{} || end != text.data() + text.size() || target.port == 0)
    return wrong("has a port that is no number from 1 to 65535");
  return {};
}

Result<void> read_authority(std::string_view authority, OutgoingTarget& target) {
  if (authority.find('@') != std::string_view::npos)
    return wrong("has a user name; send it in the header Authorization instead");
  if (!authority.starts_with('[')) {
    const auto colon = std::min(authority.find(':'), authority.size());
    if (auto name = read_name(authority.substr(0, colon), target); !name) return name;
    return read_port(authority.substr(colon), target);
  }
  const auto bracket = authority.find(']');
  if (bracket == std::string_view::npos) return wrong("has no ']' behind its address");
  if (auto literal = read_bracketed(authority.substr(1, bracket - 1), target); !literal) return literal;
  return read_port(authority.substr(bracket + 1), target);
}

void write_url(std::string_view rest, OutgoingTarget& target) {
  target.url = target.https ? "https://" : "http://";
  target.url += target.host;
  if (target.port != (target.https ? 443 : 80)) target.url += ":" + std::to_string(target.port);
  if (!rest.starts_with('/')) target.url += '/';
  target.url += rest.substr(0, rest.find('#'));
}

}  // namespace

Result<OutgoingTarget> parse_outgoing_target(std::string_view url) {
  if (url.size() > kLongestUrl) return wrong("is longer than " + std::to_string(kLongestUrl / 1024) + " KiB");
  if (!std::ranges::all_of(url, [](char c) { return c > ' ' && c < '\x7f'; }))
    return wrong("has a blank, a control character or one that is not ASCII; percent-encode it");
  OutgoingTarget target;
  auto rest = url;
  if (!take_scheme(rest, target.https)) return wrong("begins neither with http:// nor with https://");
  const auto authority = rest.substr(0, rest.find_first_of("/?#\\"));
  rest.remove_prefix(authority.size());
  if (rest.starts_with('\\')) return wrong("has a '\\' behind its host");
  if (auto read = read_authority(authority, target); !read) return read.error();
  write_url(rest, target);
  return target;
}

}  // namespace postback::net
