// The logs over the API: clicks, conversions, postbacks, newest first.
#pragma once

#include "call.hpp"

namespace postback::api {

/// Parameters limit, cursor, click_id, from (inclusive), to (exclusive); for postbacks also code. A page may be short
/// or empty while `next` is set: it ends when its time budget is used up.
http::Response list_clicks(const Call& call);
http::Response list_conversions(const Call& call);
http::Response list_postbacks(const Call& call);
/// `GET /api/v1/clicks/{id}`.
http::Response get_click(const Call& call);

}  // namespace postback::api
