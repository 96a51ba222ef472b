// The reference part of docs/http-api.md, written from the OpenAPI document.
#pragma once

#include <string>
#include <string_view>

namespace postback::testing {

inline constexpr std::string_view kReferenceBegin =
    "<!-- From here on made from src/api/openapi.json; do not edit. -->\n";
inline constexpr std::string_view kReferenceEnd = "<!-- To here. -->\n";

/// Every operation by tag, in the document's order: what it does, parameters, body, answers; then every object.
std::string api_reference(std::string_view openapi_json);

}  // namespace postback::testing
