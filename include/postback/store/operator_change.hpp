// OperatorChange: what an operator changes in one transaction: catalog entities, API keys, the audit log.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/domain/role.hpp"
#include "postback/domain/snowflake.hpp"
#include "postback/store/spend.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace postback {

/// An API key as it is kept: by its hash.
struct StoredKey {
  std::string id;  ///< Slug, never reused.
  std::string name;
  std::array<std::uint8_t, 32> sha256{};
  Role role = Role::admin;
  TimeMs created{};
  TimeMs updated{};
  std::uint64_t version = 1;        ///< Counts the changes of this key.
  std::optional<TimeMs> expires{};  ///< Not accepted from this time on.
  std::optional<TimeMs> revoked{};  ///< Deleted at this time.
};

/// A catalog revision: who changed the catalog, when, and by what.
struct Revision {
  std::uint64_t number = 0;  ///< From 1 on, without gaps.
  TimeMs time{};
  std::string actor;          ///< ID of the key.
  std::string action;         ///< `put`, `delete`, `import` or `restore`.
  std::uint64_t changes = 0;  ///< How many entities it changed.
};

/// One line of the audit log: every write that was asked for over the API and done.
struct AuditEntry {
  SnowflakeId id = 0;  ///< Given by the store.
  TimeMs time{};
  std::string actor{};         ///< ID of the key.
  std::string peer{};          ///< Address of the caller.
  std::string action{};        ///< `put`, `delete`, `import`, `restore`, `key.create`, ...
  std::string target{};        ///< `campaigns/summer`, `keys/reports`, `catalog`.
  std::uint64_t revision = 0;  ///< The catalog revision it made; 0: none.
  std::string detail{};        ///< A few words more; may be empty.
};

/// Part of one transaction. A large catalog change comes in several of them, so that clicks are committed in between:
/// `documents` of one revision, which are in force only when `seal` of that revision is committed.
struct OperatorChange {
  std::uint64_t revision = 0;  ///< Of `documents`; 0: no documents.
  bool first = true;  ///< The revision's first part: takes away what an unfinished change left under this number.
  std::span<const EntityDocument* const> documents;
  std::optional<Revision> seal;
  std::optional<StoredKey> key;  ///< Added, or replaces the one with its ID.
  std::optional<AuditEntry> audit;
  std::span<SpendEntry> spend;  ///< Added to the ledger; the store gives each its ID.
};

}  // namespace postback
