// Conversions that an operator enters or uploads.
#pragma once

#include "call.hpp"

namespace postback::api {

/// POST /api/v1/conversions: one JSON object, an array, NDJSON or CSV. Each row is judged as a postback of the network
/// of its click's offer and logged as one, authenticated by the key; the answer has a verdict for each.
http::Response post_conversions(const Call& call);

}  // namespace postback::api
