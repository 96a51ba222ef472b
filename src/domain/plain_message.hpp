// What a verdict's message says without what arrived.
#pragma once

#include <string_view>

namespace postback {

/// `message` of a verdict of that code; a sentence that quotes nothing in its place where it may hold what arrived.
std::string_view plain_message(std::string_view code, std::string_view message);

}  // namespace postback
