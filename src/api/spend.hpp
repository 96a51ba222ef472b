// The ledger of spend that became known later: /api/v1/spend.
#pragma once

#include "call.hpp"

namespace postback::api {

/// Adds entries, all or none: one JSON object, an array of them, or CSV.
http::Response post_spend(const Call& call);
/// A page of entries, the newest first.
http::Response list_spend(const Call& call);

}  // namespace postback::api
