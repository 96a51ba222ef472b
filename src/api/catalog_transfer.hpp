// The whole catalog over the API: exported and imported as one JSON file.
#pragma once

#include "call.hpp"

namespace postback::api {

/// Largest catalog that is imported, in bytes.
inline constexpr std::size_t kImportLimit = 64 * 1024 * 1024;

/// `GET /api/v1/catalog`: every collection as an array, archived entities left out; secrets included.
http::Response export_catalog(const Call& call);
/// `POST /api/v1/catalog`: puts all the entities of an export as one revision: all of them or none. `dry_run=true` only
/// says what would change; `replace=true` archives what the file does not have.
http::Response import_catalog(const Call& call);

}  // namespace postback::api
