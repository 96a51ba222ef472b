// The secrets in a destination's document, whatever revision it is of.
#pragma once

#include "postback/base/strict_json.hpp"

#include <string>
#include <vector>

namespace postback {

/// As Destination::secrets: those of its headers, settings, signing, feed and URL, the longest first, in every form
/// that a text may have them. What is wrong with the document does not matter.
std::vector<std::string> secrets_of_destination(const Json& document);

}  // namespace postback
