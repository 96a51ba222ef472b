// Reading and matching of hosts and origins (RFC 6454, WHATWG URL).
#include "domain/web_addresses.hpp"

#include "domain/ascii.hpp"
#include "domain/url_origin.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::size_t kMostEntries = 100;
constexpr std::string_view kHttps = "https://";

/// The entries of an array of texts, each as `settle` makes it; what it leaves empty is a fault.
template <class Settle>
std::vector<std::string> read_texts(ObjectReader& reader, std::string_view field, const std::string& expected,
                                    Settle settle) {
  std::vector<std::string> texts;
  for (const Json& entry : reader.array(field, kMostEntries)) {
    const std::string given = entry.is_string() ? entry.get<std::string>() : std::string();
    std::string text = settle(given);
    if (text.empty()) {
      reader.fault(field, entry.is_string() ? "\"" + given.substr(0, 100) + "\" cannot stand here" : "is not text",
                   expected);
    } else if (std::find(texts.begin(), texts.end(), text) == texts.end()) {
      texts.push_back(std::move(text));
    }
  }
  return texts;
}

/// The host of an origin without a port, or nothing.
std::string_view host_without_port(std::string_view origin, std::string_view scheme) {
  const auto host = origin.substr(scheme.size());
  return host.find(':') == std::string_view::npos ? host : std::string_view();
}

std::string settle_host(const std::string& given) {
  const bool all_below = given.starts_with('.');
  const std::string name = to_ascii_lower(std::string_view(given).substr(all_below ? 1 : 0));
  const std::string url = std::string(kHttps) + name;
  const auto origin = parse_origin(url);
  if (!origin || *origin != url.size() || name.ends_with('.') || host_without_port(url, kHttps).empty()) return {};
  return all_below ? "." + name : name;
}

std::string settle_origin(const std::string& given) {
  std::string origin = to_ascii_lower(given);
  const auto length = parse_origin(origin);
  if (!length || *length != origin.size()) return {};
  const std::string_view own_port = origin.starts_with(kHttps) ? ":443" : ":80";
  if (origin.ends_with(own_port)) origin.resize(origin.size() - own_port.size());
  return origin;
}

bool is_host_of(std::string_view host, std::string_view entry) {
  if (!entry.starts_with('.')) return host == entry;
  return host == entry.substr(1) || (host.size() > entry.size() && host.ends_with(entry));
}

}  // namespace

std::vector<std::string> read_hosts(ObjectReader& reader) {
  return read_texts(reader, "hosts", "host names such as \"shop.example\", or \".shop.example\" with all below it",
                    settle_host);
}

std::vector<std::string> read_origins(ObjectReader& reader) {
  return read_texts(reader, "origins", "origins such as \"https://shop.example\", without a path", settle_origin);
}

bool is_allowed_target(std::string_view url, std::span<const std::string> hosts) {
  // Browsers take a backslash for a slash.
  if (hosts.empty() || url.find('\\') != std::string_view::npos) return false;
  const auto length = parse_origin(url);
  if (!length) return false;
  std::string origin = to_ascii_lower(url.substr(0, *length));
  if (!origin.starts_with(kHttps)) return false;
  constexpr std::string_view kOwnPort = ":443";
  if (origin.ends_with(kOwnPort)) origin.resize(origin.size() - kOwnPort.size());
  const auto host = host_without_port(origin, kHttps);
  if (host.empty()) return false;
  return std::any_of(hosts.begin(), hosts.end(), [host](const std::string& entry) { return is_host_of(host, entry); });
}

}  // namespace postback
