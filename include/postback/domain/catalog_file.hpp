// A whole catalog as one JSON object, as it is exported and imported, read into edits.
#pragma once

#include "postback/base/strict_json.hpp"
#include "postback/domain/catalog_change.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace postback {

/// What an export says of itself in its member `format`.
inline constexpr std::string_view kCatalogFormat = "postbackd-catalog";

/// An entity as a user sends it, apart from its ID.
struct EntityObject {
  std::optional<std::string> id;  ///< The member `id`, when there is one.
  Json object;  ///< Without `id`, `archived`, `revision` and `updated`, so that what was read can be put back.
};

/// Faults: not an object, an `id` that is not a slug.
std::variant<EntityObject, Fault> read_entity_object(Json value);

/// A catalog's objects as edits, and what is wrong with its form; then the readable ones are there all the same, so
/// that their own faults can be told along with it.
struct CatalogFile {
  std::vector<EntityEdit> edits;
  Faults faults;
};

/// `{"networks":[{"id":"acme", ...}],"offers":[...],"sources":[...],"campaigns":[...]}`, each list optional; `format`,
/// `revision` and `exported` are what an export says of itself. Faults: not an object, an unknown member, a collection
/// that is no list, an object without a valid ID, an ID that stands twice in its collection.
CatalogFile read_catalog_file(Json file);

/// Adds edits that archive everything in `catalog` that `file` does not have.
void archive_the_rest(CatalogFile& file, const Catalog& catalog);

/// Checks the edits against `current` and gives what they would change; else every fault of form and content. An ID
/// that belongs to an archived entity is a fault.
std::variant<CatalogChange, Faults> check_catalog_file(const CatalogFile& file, const Catalog& current, TimeMs now,
                                                       Entropy& entropy);

}  // namespace postback
