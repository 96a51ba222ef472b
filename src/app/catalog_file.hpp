// A whole catalog as one JSON file, read into documents.
#pragma once

#include "postback/domain/catalog.hpp"

#include <string_view>
#include <variant>
#include <vector>

namespace postback {

/// Reads the file of a catalog export: `{"networks":[{"id":"acme", ...}], "offers":[...], "sources":[...],
/// "campaigns":[...]}`; members `revision` and `updated` of an object are dropped, other members of the file that are
/// no lists are left alone. A network that needs a token and has none gets a placeholder: a real one is made when it is
/// stored. Faults: malformed JSON, a collection that is no list, an object without a valid `id`, an `id` that stands
/// twice in its collection.
std::variant<std::vector<EntityDocument>, Faults> read_catalog_file(std::string_view text);

}  // namespace postback
