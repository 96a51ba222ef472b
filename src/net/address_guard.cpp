// Judges addresses: own listeners, allowed networks, ports, what is not public.
#include "postback/net/address_guard.hpp"

#include "net/socket_address.hpp"
#include "postback/base/public_address.hpp"

#include <ifaddrs.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

namespace postback::net {
namespace {

constexpr std::string_view kHowToAllow =
    " is not allowed as a destination; to allow it, add its network to delivery.allow_private_networks";

bool is_unspecified(const Address& address) {
  const auto zero = [](std::uint8_t byte) { return byte == 0; };
  return std::all_of(address.bytes.begin() + (address.is_v4() ? 12 : 0), address.bytes.end(), zero);
}

bool is_loopback(const Address& address) {
  if (address.is_v4()) return address.bytes[12] == 127;
  return address == *parse_address("::1");
}

bool is_usual_port(std::uint16_t port) { return port == 80 || port == 443 || port >= 1024; }

struct FreeInterfaces {
  void operator()(ifaddrs* list) const { ::freeifaddrs(list); }
};

}  // namespace

std::string endpoint_text(const Endpoint& endpoint) {
  const auto address = address_text(endpoint.address);
  return (endpoint.address.is_v4() ? address : "[" + address + "]") + ":" + std::to_string(endpoint.port);
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  host = host.substr(0, host.find('%'));  // the interface of a link-local address (RFC 4007, section 11)
  const auto address = parse_address(host);
  Endpoint endpoint;
  const auto [end, fault] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), endpoint.port);
  if (!address || fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  endpoint.address = *address;
  return endpoint;
}

std::vector<Address> interface_addresses() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, FreeInterfaces> list(first);
  std::vector<Address> addresses;
  for (const auto* each = first; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr) continue;
    if (const auto endpoint = endpoint_of(*each->ifa_addr)) addresses.push_back(endpoint->address);
  }
  return addresses;
}

OwnAddresses::OwnAddresses(const Clock& clock, Read read)
    : clock_(clock), read_(std::move(read)), addresses_(read_()), read_again_(clock.steady() + kAge) {}

bool OwnAddresses::contains(const Address& address) {
  const std::lock_guard lock(mutex_);
  if (clock_.steady() >= read_again_) {
    // A machine always has some: where none can be read, those that were known go on.
    if (auto read = read_(); !read.empty()) addresses_ = std::move(read);
    read_again_ = clock_.steady() + kAge;
  }
  return std::ranges::find(addresses_, address) != addresses_.end();
}

bool AddressGuard::listens_at(const Address& address, std::uint16_t port) const {
  return std::ranges::any_of(settings_.listening, [&](const Endpoint& own) {
    if (own.port != port) return false;
    // Connecting to the unspecified address reaches whatever of this machine listens there.
    if (own.address == address || is_unspecified(address)) return true;
    return is_unspecified(own.address) && (is_loopback(address) || is_own(address));
  });
}

std::optional<std::string> AddressGuard::refusal(const Address& address, std::uint16_t port) const {
  if (listens_at(address, port)) {
    return endpoint_text({address, port}) + " is where this server itself listens; it sends nothing to itself";
  }
  if (!is_usual_port(port)) {
    return "port " + std::to_string(port) + " of " + address_text(address) +
           " is not allowed as a destination: below 1024 only 80 and 443 are";
  }
  if (contains(settings_.allowed, address)) return std::nullopt;
  if (const auto purpose = special_purpose(address)) {
    return address_text(address) + ", " + std::string(*purpose) + "," + std::string(kHowToAllow);
  }
  if (is_own(address)) {
    return address_text(address) + ", an address of this machine," + std::string(kHowToAllow);
  }
  return std::nullopt;
}

std::optional<std::string> AddressGuard::refusal(std::string_view name, std::span<const Address> addresses,
                                                 std::uint16_t port) const {
  for (const auto& address : addresses) {
    if (auto why = refusal(address, port)) return std::string(name) + ": " + *why;
  }
  return std::nullopt;
}

}  // namespace postback::net
