// Strict JSON: one value, nothing ambiguous, nothing left over, bounded depth.
#pragma once

#include "postback/base/result.hpp"

#include <nlohmann/json.hpp>

#include <string_view>

namespace postback {

using Json = nlohmann::json;

/// Parses one JSON text (RFC 8259). Errors (invalid_argument, a clause for people): malformed text, anything after the
/// value, a byte order mark, invalid UTF-8, a key that stands twice in one object, nesting deeper than 32.
Result<Json> parse_strict_json(std::string_view text);

}  // namespace postback
