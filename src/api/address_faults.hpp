// Whether the servers of changed destinations may be connected to, asked before the change is made.
#pragma once

#include "postback/api/catalog_editor.hpp"

#include "call.hpp"

namespace postback::api {

/// The faults of destinations that `edit` would create, or send elsewhere, and whose server must not be connected to,
/// each saying why and how to allow it. None when the edit has other faults, which whoever makes it tells. Looks names
/// up and so may block for a while: kPatience and one look-up at most; a name that is not looked up by then is a fault.
Faults address_faults(const CatalogEdit& edit, const Call& call);

}  // namespace postback::api
