// DocumentBody: the body of a put or post, separated from the members that the API itself adds to every object.
#pragma once

#include "postback/base/strict_json.hpp"
#include "postback/domain/catalog.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace postback::api {

struct DocumentBody {
  std::optional<std::string> id;  ///< The member `id`, when there is one.
  Json object;  ///< Without `id`, `archived`, `revision` and `updated`, so that what was read can be put back.
};

/// Faults: what parse_strict_json refuses, not an object, an `id` that is not a slug.
std::variant<DocumentBody, Faults> read_document_body(std::string_view body);
/// The same for an object that was parsed already; faults are named by their plain field.
std::variant<DocumentBody, Faults> read_document(Json object);

}  // namespace postback::api
