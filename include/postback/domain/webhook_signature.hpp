// Signatures of Standard Webhooks, version 1, symmetric (https://www.standardwebhooks.com).
//
//   secret            = "whsec_" base64( 24 to 64 bytes )
//   webhook-signature = signature *( " " signature )            one for each key
//   signature         = "v1," base64( HMAC-SHA256( key, webhook-id "." webhook-timestamp "." body ) )
#pragma once

#include "postback/base/entropy.hpp"
#include "postback/base/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace postback {

/// The key in a secret. Error: invalid_argument, saying what would be right.
Result<std::string> webhook_key(std::string_view secret);

/// A new secret of 32 random bytes.
std::string new_webhook_secret(Entropy& entropy);

/// The header webhook-signature of a message sent at `timestamp` (Unix seconds).
std::string sign_webhook(std::span<const std::string> keys, std::string_view id, std::int64_t timestamp,
                         std::string_view body);

}  // namespace postback
