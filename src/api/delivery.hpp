// `GET /api/v1/deliveries/{id}`: one delivery with its attempts.
#pragma once

#include "call.hpp"

namespace postback::api {

/// The row of the log, and under `attempts` what was tried and what came of it, the first first. Parts of requests that
/// are secret were masked when they were stored.
http::Response get_delivery(const Call& call);

}  // namespace postback::api
