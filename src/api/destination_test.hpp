// `POST /api/v1/destinations/{id}/test`: renders a delivery of an invented conversion, and sends it.
#pragma once

#include "call.hpp"

namespace postback::api {

/// Blocks its thread until the other side answered or time is up; while one test is under way the next is answered 503.
/// With `dry_run` nothing is sent.
http::Response test_destination(const Call& call);

}  // namespace postback::api
