// JSON bodies of postbacks, flattened into parameters.
#pragma once

#include "postback/domain/parameters.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace postback {

/// Why a body cannot be read.
struct BodyFault {
  std::size_t position = 0;  ///< Byte of the body, from 0.
  std::string reason;        ///< A clause for people.
};

/// Adds each string, number and boolean of the object `body` to `parameters`: nested objects with dots between the
/// names, arrays with the index as a name; nulls are left out. Numbers keep the text they arrived in. A name that comes
/// twice is added twice. At most kDeepestJson levels. Faults: not one JSON object (RFC 8259), a byte order mark,
/// anything after it, half a surrogate pair, too deep.
std::optional<BodyFault> add_json(std::string_view body, Parameters& parameters);

inline constexpr std::size_t kDeepestJson = 32;

}  // namespace postback
