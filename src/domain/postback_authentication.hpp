// Whether a postback may be read at all: is its network in use, did it come the right way, and from whom.
#pragma once

#include "domain/request_context.hpp"

namespace postback {

/// Checks in this order and stops at the first that fails: network_disabled, https_required, ip_not_allowed,
/// token_missing or token_wrong, signature_missing, signature_wrong or signature_stale. Sets `reading.authentication`
/// or `reading.refusal`, and neither where the body was not kept and could have told.
///
/// A postback with `authenticated` set is only asked whether its network is in use. Where the caller's address is not
/// known, as in explanations, the address is not checked, with a warning.
void authenticate(const RequestContext& context, Reading& reading);

}  // namespace postback
