// The API's description: the text of src/api/openapi.json, which is embedded into the binary.
#pragma once

#include <string_view>

namespace postback::api {

/// An OpenAPI 3.1 document that describes every route of this server; tests hold it against them.
std::string_view openapi_json();

}  // namespace postback::api
