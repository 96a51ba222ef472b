// Explains why no network goes by the name in a postback's path.
#pragma once

#include "postback/domain/catalog.hpp"

#include <string>
#include <string_view>

namespace postback {

/// What to change when `segment` (the path segment after /postback/, decoded) names no network of `catalog`: a missing
/// `?` or too many segments behind a known slug, else the nearest slug if one is near, else how to create one. One or
/// two sentences for operators.
std::string explain_unknown_network(const Catalog& catalog, std::string_view segment);

}  // namespace postback
