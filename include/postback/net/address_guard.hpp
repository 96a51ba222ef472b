// AddressGuard: which addresses requests to other servers may go to.
#pragma once

#include "postback/base/address_range.hpp"
#include "postback/base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postback::net {

/// An address with a TCP port.
struct Endpoint {
  Address address;
  std::uint16_t port = 0;
  bool operator==(const Endpoint&) const = default;
};
/// `192.0.2.1:80`, `[2001:db8::1]:80`.
std::string endpoint_text(const Endpoint& endpoint);
/// The reverse. A name or a missing port gives nothing.
std::optional<Endpoint> parse_endpoint(std::string_view text);

/// The addresses of this machine's network interfaces, as they are now.
std::vector<Address> interface_addresses();

/// This machine's addresses, which change while a server runs: read again once they are a minute old. Thread-safe.
class OwnAddresses {
 public:
  using Read = std::function<std::vector<Address>()>;
  static constexpr std::chrono::minutes kAge{1};

  /// `clock` outlives it.
  explicit OwnAddresses(const Clock& clock, Read read = interface_addresses);
  bool contains(const Address& address);

 private:
  const Clock& clock_;
  const Read read_;
  std::mutex mutex_;
  std::vector<Address> addresses_;          ///< Guarded by `mutex_`.
  std::chrono::milliseconds read_again_{};  ///< By the monotonic clock. Guarded by `mutex_`.
};

struct GuardSettings {
  std::vector<AddressRange> allowed{};  ///< `delivery.allow_private_networks`: reachable, public or not.
  std::vector<Endpoint> listening{};    ///< Where this server listens: refused even where allowed. May be 0.0.0.0, ::.
  /// Whether an address is this machine's: refused as private ones are. Thread-safe; empty: none is.
  std::function<bool(const Address&)> own{};
};

/// Refuses ports below 1024 other than 80 and 443, and what is not public or is this machine's, unless the address is
/// in an allowed network. Immutable, so for any thread.
class AddressGuard {
 public:
  explicit AddressGuard(GuardSettings settings) : settings_(std::move(settings)) {}
  /// Why the address must not be connected to, as a sentence that says how to allow it; nothing if it may be.
  std::optional<std::string> refusal(const Address& address, std::uint16_t port) const;
  /// As above, for all that a name stands for: one that is refused is enough.
  std::optional<std::string> refusal(std::string_view name, std::span<const Address> addresses,
                                     std::uint16_t port) const;

 private:
  bool is_own(const Address& address) const { return settings_.own && settings_.own(address); }
  bool listens_at(const Address& address, std::uint16_t port) const;
  GuardSettings settings_;
};

}  // namespace postback::net
