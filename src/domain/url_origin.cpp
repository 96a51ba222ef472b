// The origin of a URL (RFC 3986 sections 3.1 and 3.2), parsed by Boost.URL and then narrowed to what a redirect may
// use.
#include "domain/url_origin.hpp"

#include "domain/ascii.hpp"

#include <boost/url/parse.hpp>

#include <algorithm>
#include <optional>
#include <string>

namespace postback {
namespace {

Error refused(std::string detail) { return Error{ErrorCode::invalid_argument, std::move(detail)}; }

std::optional<Error> find_bad_byte(std::string_view url) {
  const auto bad = std::find_if(url.begin(), url.end(), [](char c) { return c < '!' || c > '~'; });
  if (bad == url.end()) return std::nullopt;
  const auto byte = static_cast<unsigned char>(*bad);
  const std::string place = " at byte " + std::to_string(bad - url.begin() + 1);
  if (byte == ' ') return refused("has a space" + place + "; write it as %20");
  if (byte < 0x20 || byte == 0x7F) return refused("has a control character" + place + "; remove it");
  return refused("has a character outside ASCII" + place + "; write it percent-encoded (in a host name: in Punycode)");
}

/// A DNS name as registries and browsers take it: dot-separated labels of letters, digits, `-` and `_`.
bool is_dns_name(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.empty() || host.size() > 253) return false;
  std::size_t label = 0;
  for (const char c : host) {
    if (c == '.' ? label == 0 : !is_ascii_alphanumeric(c) && c != '-' && c != '_') return false;
    label = c == '.' ? 0 : label + 1;
    if (label > 63) return false;
  }
  return label > 0;
}

bool is_port(std::string_view text) {
  if (text.empty() || text.size() > 5 || !std::all_of(text.begin(), text.end(), is_ascii_digit)) return false;
  const int port = std::stoi(std::string(text));
  return port >= 1 && port <= 65535;
}

std::optional<Error> check_authority(const boost::urls::url_view& url) {
  if (url.has_userinfo()) return refused("has a user name or password before the host; remove it");
  const bool address =
      url.host_type() == boost::urls::host_type::ipv4 || url.host_type() == boost::urls::host_type::ipv6;
  const std::string host(url.encoded_host().data(), url.encoded_host().size());
  if (host.empty()) return refused("has no host; write for example https://offer.example/");
  if (!address && !is_dns_name(host)) {
    return refused("has the host \"" + host + "\", which is neither a DNS name nor an IP address");
  }
  if (url.has_port() && !is_port(std::string_view(url.port().data(), url.port().size()))) {
    return refused("has a port that is not a number from 1 to 65535");
  }
  return std::nullopt;
}

bool has_web_scheme(std::string_view url) {
  const std::string start = to_ascii_lower(url.substr(0, 8));
  return start.starts_with("http://") || start.starts_with("https://");
}

}  // namespace

std::size_t authority_end(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return 0;
  return std::min(url.find_first_of("/?#", scheme + 3), url.size());
}

Result<std::size_t> parse_origin(std::string_view url) {
  if (url.size() > kLongestUrl) return refused("is longer than " + std::to_string(kLongestUrl) + " bytes");
  if (auto error = find_bad_byte(url)) return *std::move(error);
  if (!has_web_scheme(url)) return refused("is not an absolute URL that starts with http:// or https://");
  const std::size_t length = authority_end(url);
  const auto parsed = boost::urls::parse_absolute_uri({url.data(), length});
  // Boost 1.81 takes what follows the digits of a port for a path, though a path must start with a slash.
  if (!parsed || !parsed->encoded_path().empty()) {
    return refused("has a host or port that is not valid; write for example https://offer.example:8443/");
  }
  if (auto error = check_authority(*parsed)) return *std::move(error);
  return length;
}

std::string host_and_port(std::string_view url) {
  const std::size_t end = authority_end(url);
  const std::size_t begin = end == 0 ? 0 : url.find("://") + 3;
  return to_ascii_lower(url.substr(begin, end - begin));
}

}  // namespace postback
