// Judges logged postbacks again after something was mended.
#pragma once

#include "call.hpp"

namespace postback::api {

/// `POST /api/v1/postbacks/replay`: `{"ids":[...]}` or `{"filter":{...}}` with the names and values of the log's
/// filters, `dry_run`, `fire` (destinations are told of what changes), `limit` (rows looked at) and `cursor`. One page
/// at a time, oldest first; it may be short while `next` is set. Rows that never authenticated only by ID and for an
/// admin. Blocks until the effects are durable.
http::Response replay_postbacks(const Call& call);

}  // namespace postback::api
