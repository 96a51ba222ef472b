// `POST /api/v1/destinations/{id}/test`: renders a delivery of an invented conversion, and sends it.
#pragma once

#include "call.hpp"

#include <mutex>

namespace postback::api {

/// `one_at_a_time`: a test blocks its thread until the other side answered or time is up, and other requests need
/// threads too; while one is under way the next is answered 503. With `dry_run` nothing is sent.
http::Response test_destination(const Call& call, std::mutex& one_at_a_time);

}  // namespace postback::api
