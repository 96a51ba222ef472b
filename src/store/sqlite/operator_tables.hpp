// OperatorTables: what operators change: catalog revisions, API keys, the ledger of spend, the audit log.
#pragma once

#include "postback/base/result.hpp"
#include "postback/domain/snowflake.hpp"
#include "postback/store/operator_change.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/spend_table.hpp"

#include <vector>

namespace postback::sqlite {

/// Writes changes; used by the store's thread, inside its transaction.
class OperatorTables {
 public:
  explicit OperatorTables(Database& database);
  /// SQLITE_OK or an error code.
  int write(const OperatorChange& change, SnowflakeGenerator& ids);

 private:
  bool follows_the_newest(std::uint64_t revision);
  int write_documents(const OperatorChange& change);
  int write_key(const StoredKey& key);
  int write_audit(const AuditEntry& entry, SnowflakeGenerator& ids);
  int write_seal(const Revision& revision);

  Statement newest_;
  Statement forget_unfinished_;
  Statement document_;
  Statement revision_;
  Statement key_;
  Statement audit_;
  SpendTable spend_;
};

/// The catalog as revision ?1 left it, in the columns that read_documents takes: of each entity the newest version up
/// to it. Versions whose revision was never finished do not count.
inline constexpr const char* kSelectCatalog =
    "SELECT v.kind, v.id, v.number, max(v.revision), r.time_ms, v.archived, v.json FROM entity_version v "
    "JOIN revision r ON r.number = v.revision WHERE v.revision <= ?1 GROUP BY v.kind, v.id ORDER BY v.kind, v.id";
/// The newest state of entity ?2 (kind) ?3 (ID) up to revision ?1, in the same columns.
inline constexpr const char* kSelectDocument =
    "SELECT v.kind, v.id, v.number, v.revision, r.time_ms, v.archived, v.json FROM entity_version v "
    "JOIN revision r ON r.number = v.revision WHERE v.revision <= ?1 AND v.kind = ?2 AND v.id = ?3 "
    "ORDER BY v.revision DESC LIMIT 1";
/// The entities that revision ?1 changed, in the same columns.
inline constexpr const char* kSelectChanged =
    "SELECT v.kind, v.id, v.number, v.revision, r.time_ms, v.archived, v.json FROM entity_version v "
    "JOIN revision r ON r.number = v.revision WHERE v.revision = ?1 ORDER BY v.kind, v.id";
inline constexpr const char* kRevisionColumns = "number, time_ms, actor, action, changes";
inline constexpr const char* kSelectKeys =
    "SELECT id, name, sha256, role, created_ms, updated_ms, version, expires_ms, revoked_ms FROM api_key ORDER BY id";
inline constexpr const char* kAuditColumns = "id, time_ms, actor, peer, action, target, revision, detail";

Result<std::vector<EntityDocument>> read_documents(const Database& database, Statement& rows);
Revision read_revision(const Statement& row);
/// Error store_corrupt: the row cannot be a key.
Result<StoredKey> read_key(const Statement& row);
AuditEntry read_audit_entry(const Statement& row);

}  // namespace postback::sqlite
