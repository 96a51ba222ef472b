// The catalog's revisions over the API: who changed what and when, compared and restored.
#pragma once

#include "call.hpp"

namespace postback::api {

/// `GET /api/v1/revisions`: newest first; parameters limit and cursor.
http::Response list_revisions(const Call& call);
/// `GET /api/v1/revisions/{number}`: with the entities that it changed, and how.
http::Response get_revision(const Call& call);
/// `GET /api/v1/revisions/{number}/compare?with=N`: what differs from revision N (default: the one before) to this one,
/// field by field.
http::Response compare_revisions(const Call& call);
/// `POST /api/v1/revisions/{number}/restore`: makes the catalog, or the entities that the body lists, what they were in
/// this revision, as a new revision. Networks keep the token of today unless the body
/// lists them. `dry_run=true` only says what would change.
http::Response restore_revision(const Call& call);

}  // namespace postback::api
