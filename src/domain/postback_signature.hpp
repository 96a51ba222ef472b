// Signatures of postbacks: HMAC-SHA256 in the last parameter, or Standard Webhooks headers.
//
//   sign   = hex( HMAC-SHA256( secret, METHOD LF target-before-&sign= LF hex( SHA-256( body ) ) ) )
//   webhook-signature   see webhook_signature.hpp
#pragma once

#include "domain/request_context.hpp"

namespace postback {

/// Sets `reading.authentication` to `signature` or `webhook`, or a refusal: signature_missing, signature_wrong,
/// signature_stale, or unparseable where the time that was signed is none. Any of the network's secrets may have
/// signed. Where a network takes both ways, the headers decide which is meant.
void check_signature(const RequestContext& context, Reading& reading);

}  // namespace postback
