// A change of the catalog: one put, checked against the whole, giving the next snapshot and what to store.
#pragma once

#include "postback/base/entropy.hpp"
#include "postback/domain/catalog.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace postback {

struct CatalogChange {
  EntityDocument document;  ///< As it is to be stored.
  std::string before;       ///< The JSON it replaces, empty when it is new.
  bool created = false;
  std::shared_ptr<const Catalog> next;  ///< The snapshot to publish once the change is committed.
};

/// Puts the object `body` (JSON text as the user sent it) under `kind`/`id`. Unknown fields are refused by name, fields
/// of parts that do not exist yet when they are not empty. A new network without a token gets a random one; an existing
/// one keeps its token when the body has none. Numbers and the revision follow from `current`.
std::variant<CatalogChange, Faults> put_entity(const Catalog& current, EntityKind kind, std::string_view id,
                                               std::string_view body, TimeMs now, Entropy& entropy);

}  // namespace postback
