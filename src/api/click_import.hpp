// Takes over the clicks of another tracker.
#pragma once

#include "call.hpp"

namespace postback::api {

/// Bounds of one request.
inline constexpr std::size_t kClickImportLimit = 16 * 1024 * 1024;
inline constexpr std::size_t kMostImportedClicks = 10'000;

/// `POST /api/v1/clicks/import`: `{"clicks":[...]}`, NDJSON or CSV; a verdict for each row, and one bad row hurts no
/// other. Each foreign ID is imported once. `dry_run=true` only checks. Blocks until the clicks are durable.
http::Response import_clicks(const Call& call);

}  // namespace postback::api
