// The answer to an import or a restore: what changed, or would change.
#pragma once

#include "postback/api/catalog_editor.hpp"

#include "call.hpp"

namespace postback::api {

/// 200 with the catalog's revision and every entity that changed, field by field for a dry run; else why not.
http::Response edit_result(const CatalogEditor::Outcome& outcome, bool dry_run, const Call& call);

}  // namespace postback::api
