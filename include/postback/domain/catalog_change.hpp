// A change of the catalog: edits of entities, checked against the whole, giving the next snapshot and what to store.
#pragma once

#include "postback/base/entropy.hpp"
#include "postback/base/strict_json.hpp"
#include "postback/domain/catalog.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace postback {

/// What one entity shall become.
struct EntityEdit {
  EntityKind kind = EntityKind::network;
  std::string id;
  Json object;  ///< As the user sent it. Not used when `archived`: then the entity keeps what it says.
  bool archived = false;
  bool stored = false;  ///< The object is one that the store has from before: rules made since are no matter.
};

/// An entity that a change alters.
struct EntityChange {
  DocumentPointer before;  ///< Null: it is new.
  DocumentPointer after;
};

struct CatalogChange {
  std::uint64_t revision = 0;           ///< Of `next`.
  std::vector<EntityChange> entities;   ///< Ordered by kind, then ID. Empty: everything is as it was.
  std::shared_ptr<const Catalog> next;  ///< The snapshot to publish once the change is committed.
};

/// Whether an edit that leaves its entity as it is makes a new revision of it.
enum class Unchanged : std::uint8_t { kept, left_out };

/// Applies the edits, at most one for each entity. Unknown fields are refused by name, fields of parts that do not
/// exist yet when they are not empty. A new network without a token gets a random one; an existing one keeps its token
/// when the edit has none. An entity that keeps its words is spared rules that are newer than it. Numbers and the
/// revision follow from `current`. Faults name the document they are in.
std::variant<CatalogChange, Faults> change_catalog(const Catalog& current, std::span<const EntityEdit> edits,
                                                   Unchanged unchanged, TimeMs now, Entropy& entropy);

/// The same faults with the plain path of those in the document edited.
Faults seen_from(Faults faults, const EntityEdit& edit);

}  // namespace postback
