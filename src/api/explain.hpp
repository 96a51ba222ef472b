// What a postback would get, and why, without any effect.
#pragma once

#include "call.hpp"

namespace postback::api {

/// `POST /api/v1/postbacks/explain`: judges the postback described in the body with today's catalog and store, by the
/// same two steps as a real one. Nothing is written, not even a row of the log.
http::Response explain_postback(const Call& call);

}  // namespace postback::api
