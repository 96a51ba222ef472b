// Reads how a network's postbacks authenticate, and what they are answered.
#pragma once

#include "domain/object_reader.hpp"
#include "postback/domain/catalog.hpp"

namespace postback {

/// `security`: fills `network.token_required` and `network.security`; returns the canonical object.
///
///   {"token": true, "tokens": ["..."], "hmac": {"secrets": ["..."], "skew_s": 300},
///    "webhook": {"secrets": ["whsec_..."], "skew_s": 300}, "allow_ips": ["192.0.2.0/24"], "https_only": false,
///    "requests_per_minute": null}
///
/// A check without anything to check by, such as an empty list of secrets, is a fault: it would let everybody in.
Json read_security(ObjectReader& reader, Network& network);

/// `token`, the network's own; after read_security. Faults never hold the value: they are shown and logged.
void read_token(ObjectReader& reader, Network& network);

/// `answer`: {"always_200": false, "body": "OK"}. What is left out, or null, stays as `answer` has it from the profile;
/// returns the canonical object, as the document has it.
Json read_answer(ObjectReader& reader, NetworkAnswer& answer);

}  // namespace postback
