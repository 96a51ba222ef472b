// Importing the clicks of another tracker into a running server, as `import` does it.
#pragma once

#include "app/commands/catalog_transfer.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace postback {

/// Whether a file looks like clicks: JSON with a member `clicks`, or NDJSON or CSV with a member or column
/// `foreign_id`.
bool looks_like_clicks(std::string_view text);

/// Sends the clicks in parts and prints what became of them. The exit status.
int import_clicks(const CatalogImport& options, const std::string& text);

}  // namespace postback
