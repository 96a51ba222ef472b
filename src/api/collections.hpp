// The catalog's collections over the API: list, get, put, post, delete.
#pragma once

#include "postback/domain/catalog.hpp"

#include "call.hpp"

namespace postback::api {

/// `GET /api/v1/{collection}`: pages ordered by ID; parameters limit, cursor, archived (true,
/// false, all; default false).
http::Response list_entities(EntityKind kind, const Call& call);
/// `GET /api/v1/{collection}/{id}`.
http::Response get_entity(EntityKind kind, const Call& call);
/// `PUT /api/v1/{collection}/{id}`: 201 created or 200 replaced, durable and in force when answered.
http::Response put_entity(EntityKind kind, const Call& call);
/// `DELETE /api/v1/{collection}/{id}`: archives; 200 with the archived object.
http::Response delete_entity(EntityKind kind, const Call& call);
/// `POST /api/v1/{collection}` with `id` in the body: as PUT.
http::Response post_entity(EntityKind kind, const Call& call);

}  // namespace postback::api
