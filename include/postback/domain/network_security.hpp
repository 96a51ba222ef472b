// NetworkSecurity: how the postbacks of a network prove where they come from.
#pragma once

#include "postback/base/address_range.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace postback {

/// As in `"security":{"token":true,"hmac":{"secrets":["..."],"skew_s":300},"allow_ips":["..."],"https_only":false}`.
/// Where both kinds of signature are set, a request needs one of them.
struct NetworkSecurity {
  bool token = true;                           ///< Whether the token is required.
  std::vector<std::string> tokens{};           ///< Accepted beside the network's own, for rotation and moved links.
  std::vector<std::string> hmac_secrets{};     ///< Not empty: the parameter `sign` is required; any of them may sign.
  std::vector<std::string> webhook_secrets{};  ///< Not empty: Standard Webhooks headers are required; `whsec_...`.
  std::chrono::seconds skew{300};              ///< How far an HMAC's time may be from the arrival, either way.
  std::chrono::seconds webhook_skew{300};      ///< The same for Standard Webhooks.
  std::vector<AddressRange> allow_ips{};       ///< Not empty: only from these.
  bool https_only = false;
  std::optional<std::uint32_t> requests_per_minute{};  ///< For authenticated requests as well.
};

}  // namespace postback
