// The tokens that networks and sources call us with.
#pragma once

#include "domain/object_reader.hpp"

#include <string>
#include <string_view>

namespace postback {

/// A token in `field`: 8 to 128 characters that a URL carries unchanged, or nothing.
std::string read_token(ObjectReader& reader, std::string_view field = "token");
/// What a token may be, for faults.
std::string expected_token();

}  // namespace postback
