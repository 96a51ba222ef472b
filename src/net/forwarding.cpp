// Reads X-Forwarded-For from its right end, and X-Forwarded-Proto.
#include "net/forwarding.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include <optional>
#include <string_view>

namespace postback::net {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711` without brackets and port.
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) return text.substr(1, text.find(']') - 1);
  const auto colon = text.find(':');
  return colon != std::string_view::npos && colon == text.rfind(':') ? text.substr(0, colon) : text;
}

/// The entries of a list, from the last to the first.
class FromTheRight {
 public:
  explicit FromTheRight(std::string_view list) : rest_(list) {}
  std::optional<std::string_view> next() {
    if (ended_) return std::nullopt;
    const auto comma = rest_.rfind(',');
    ended_ = comma == std::string_view::npos;
    const auto entry = ended_ ? rest_ : rest_.substr(comma + 1);
    rest_ = ended_ ? std::string_view() : rest_.substr(0, comma);
    return trimmed(entry);
  }

 private:
  std::string_view rest_;
  bool ended_ = false;
};

/// False: the way back ends here.
bool take_address(std::span<const AddressRange> proxies, std::string_view entry, http::Request& request) {
  const auto text = without_port(entry);
  const auto address = parse_address(text);
  if (!address) return false;
  request.peer = text;
  return contains(proxies, *address);
}

void take_peer(std::span<const AddressRange> proxies, http::Request& request) {
  for (auto header = request.headers.rbegin(); header != request.headers.rend(); ++header) {
    if (!boost::algorithm::iequals(header->name, "x-forwarded-for")) continue;
    FromTheRight entries(header->value);
    while (const auto entry = entries.next()) {
      if (!take_address(proxies, *entry, request)) return;
    }
  }
}

}  // namespace

void take_forwarding(std::span<const AddressRange> proxies, http::Request& request) {
  request.forwarded = true;
  take_peer(proxies, request);
  // The last word of the last field is the nearest proxy's; whatever stands before it may be the caller's.
  for (const auto& header : request.headers) {
    if (!boost::algorithm::iequals(header.name, "x-forwarded-proto")) continue;
    request.secure = boost::algorithm::iequals(FromTheRight(header.value).next().value_or(""), "https");
  }
}

}  // namespace postback::net
