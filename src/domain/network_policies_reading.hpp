// The policies of a network document: what its postbacks count as.
#pragma once

#include "domain/object_reader.hpp"
#include "postback/domain/network_policies.hpp"

namespace postback {

/// Reads the fields `txid_scope`, `attribution_window_s`, `resend_window_s`, `adjustments`, `events` and `rules`, and
/// adds their canonical form to `canonical`.
void read_policies(ObjectReader& reader, NetworkPolicies& policies, Json& canonical);

}  // namespace postback
