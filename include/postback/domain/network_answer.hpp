// What a network is answered, whatever its postback's verdict.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/verdict.hpp"

namespace postback {

/// The HTTP status that a verdict is answered with: its own, or 200 where the network wants that. `rate_limited` and
/// `store_unavailable` stay as they are, since the network must send those again. `network` may be null.
int answered_status(const Verdict& verdict, const Network* network);

}  // namespace postback
