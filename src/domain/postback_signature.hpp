// Signatures of postbacks: HMAC-SHA256 in the last parameter, or Standard Webhooks headers.
//
//   sign   = hex( HMAC-SHA256( secret, METHOD LF target-before-&sign= LF hex( SHA-256( body ) ) ) )
//   webhook-signature = "v1," base64( HMAC-SHA256( secret, webhook-id "." webhook-timestamp "." body ) )
//
// The second is version 1 of https://www.standardwebhooks.com, symmetric.
#pragma once

#include "domain/request_context.hpp"
#include "postback/base/result.hpp"

#include <string>
#include <string_view>

namespace postback {

/// Sets `reading.authentication` to `signature` or `webhook`, or a refusal: signature_missing, signature_wrong,
/// signature_stale, or unparseable where the time that was signed is none. Any of the network's secrets may have
/// signed. Where a network takes both ways, the headers decide which is meant.
void check_signature(const RequestContext& context, Reading& reading);

/// The key in a secret of Standard Webhooks, `whsec_` and base64. Error: invalid_argument, saying what would be right.
Result<std::string> webhook_key(std::string_view secret);

}  // namespace postback
