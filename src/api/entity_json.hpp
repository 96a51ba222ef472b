// Catalog entities as the API shows them, and the entity tags that tell their states apart.
#pragma once

#include "postback/api/catalog_editor.hpp"
#include "postback/domain/role.hpp"
#include "postback/http/request.hpp"

#include <cstdint>
#include <string>

namespace postback::api {

/// The document's object as `reader` may see it.
std::string shown_json(const EntityDocument& document, Role reader);
/// The document between its ID and what the server knows of it. Secrets are shown to admins only.
void append_entity(std::string& out, const EntityDocument& document, Role reader);

/// The entity tag (RFC 9110 section 8.8.3) of what revision `revision` made: `"7"`.
std::string entity_tag(std::uint64_t revision);
/// What If-Match and If-None-Match of a write ask for. A tag that is not ours matches nothing.
Precondition read_precondition(const http::Request& request);
/// Whether If-None-Match says that the reader has this state already: answer 304.
bool is_known(const http::Request& request, std::uint64_t revision);

}  // namespace postback::api
