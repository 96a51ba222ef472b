// The audit log over the API.
#pragma once

#include "call.hpp"

namespace postback::api {

/// `GET /api/v1/audit`: newest first; parameters limit, cursor, from (inclusive), to (exclusive).
http::Response list_audit(const Call& call);

}  // namespace postback::api
