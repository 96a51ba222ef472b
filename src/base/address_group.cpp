// Groups IPv6 addresses by their network.
#include "postback/base/address_group.hpp"

#include "postback/base/address_range.hpp"

namespace postback {

std::string address_group(std::string_view peer) {
  const auto address = parse_address(peer);
  if (!address || address->is_v4()) return std::string(peer);
  constexpr std::size_t kNetworkBytes = 8;
  return {address->bytes.begin(), address->bytes.begin() + kNetworkBytes};
}

}  // namespace postback
