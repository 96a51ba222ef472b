// RecordedAddress: what of a visitor's address is recorded and sent on.
#pragma once

#include "postback/base/address_range.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

enum class AddressPrivacy : std::uint8_t {
  whole,      ///< As it is.
  truncated,  ///< The network: /24 of IPv4, /48 of IPv6.
  hashed,     ///< 32 hexadecimal digits: BLAKE2b (RFC 7693) under a key that stays in the store.
};

/// Immutable; shared by threads.
class RecordedAddress {
 public:
  using Key = std::array<std::uint8_t, 16>;

  /// `secret`: bytes that nobody outside knows and that outlive a restart; the hash's key is derived from them.
  RecordedAddress(AddressPrivacy privacy, const Key& secret);

  /// What is recorded of `whole`; it may lie in `buffer`. Empty for what is no address, unless addresses are whole.
  std::string_view of(std::string_view whole, std::string& buffer) const;
  /// What else may have been recorded of `whole` under another setting: its network and its hash. None for no address.
  std::vector<std::string> others_of(std::string_view whole) const;

 private:
  std::string hash_of(const Address& address) const;

  AddressPrivacy privacy_;
  std::array<std::uint8_t, 32> key_{};
};

}  // namespace postback
