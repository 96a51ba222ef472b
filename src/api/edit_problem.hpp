// What all writes check first, and what those that were refused answer.
#pragma once

#include "postback/api/catalog_editor.hpp"
#include "postback/http/request.hpp"
#include "postback/http/response.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace postback::api {

/// 415 when a body is declared as something else than JSON. Not declared at all is taken as JSON.
std::optional<http::Response> refuse_unless_json(const http::Request& request);
/// The object of a put to the address that ends in `path_id`, or of a post when that is empty; its ID is set. Else the
/// answer that says what is wrong with parameters, media type, body or ID.
std::variant<EntityObject, http::Response> read_entity(const http::Request& request, std::string_view path_id);
/// 400: nothing was changed, since the document has these faults.
http::Response document_problem(const Faults& faults);
/// 412 or 409; not for EditConflict::not_found.
http::Response conflict_problem(EditConflict conflict);
/// 304 with the tag of the state that the reader has already.
http::Response not_modified(std::string tag);

}  // namespace postback::api
