// The secrets in documents of the catalog: hidden from all but admins, and not brought back by a restore.
#pragma once

#include "postback/base/strict_json.hpp"
#include "postback/domain/catalog.hpp"

namespace postback::api {

/// Puts `***` in place of every secret in the document's object.
void mask_secrets_of(EntityKind kind, Json& object);

/// Puts the secrets of `today` in place of those in `then`, an older state of the same entity: who was told a new
/// secret uses that one.
void keep_secrets_of_today(EntityKind kind, const Json& today, Json& then);

}  // namespace postback::api
