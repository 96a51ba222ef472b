// API keys over the API: list, get, put, post, delete.
#pragma once

#include "call.hpp"

namespace postback::api {

/// `GET /api/v1/keys`: pages ordered by ID; parameters limit, cursor, archived (true: the revoked ones, false, all;
/// default false).
http::Response list_keys(const Call& call);
/// `GET /api/v1/keys/{id}`.
http::Response get_key(const Call& call);
/// `PUT /api/v1/keys/{id}`: 201 created, with the key itself as `key`, this once; 200 changed.
http::Response put_key(const Call& call);
/// `POST /api/v1/keys` with `id` in the body: as PUT.
http::Response post_key(const Call& call);
/// `DELETE /api/v1/keys/{id}`: revokes; 200 with the revoked key.
http::Response delete_key(const Call& call);

}  // namespace postback::api
