// Texts that match a pattern, for generated JSON.
#pragma once

#include <random>
#include <string>
#include <string_view>

namespace postback::testing {

/// A text that the ECMAScript pattern matches. Understood are literals, classes, `.`, `\d`, `\w`, `\s`, escapes,
/// groups, `|` and quantifiers; anchors are passed over. Throws std::invalid_argument for the rest.
std::string text_matching(std::string_view pattern, std::mt19937_64& random);

}  // namespace postback::testing
