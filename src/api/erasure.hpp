// Forgets one person.
#pragma once

#include "call.hpp"

namespace postback::api {

/// `POST /api/v1/erasure`: `{"click_id"}`, `{"ip"}` or `{"external_id"}`, with `dry_run` and `cursor`. Empties what is
/// personal in the person's clicks and in the postbacks and deliveries about them, page by page: go on while `next` is
/// set. That the clicks happened, and their conversions, stay. The audit log does not repeat the value. Blocks until it
/// is durable.
http::Response erase_person(const Call& call);

}  // namespace postback::api
