// OperatorTables: the statements of entity_version, revision, api_key and audit, and their rows.
#include "store/sqlite/operator_tables.hpp"

#include <algorithm>

namespace postback::sqlite {
namespace {

std::int64_t ms(TimeMs time) { return time.time_since_epoch().count(); }
TimeMs time_at(const Statement& row, int column) { return TimeMs{std::chrono::milliseconds{row.integer_at(column)}}; }

std::optional<std::int64_t> ms(const std::optional<TimeMs>& time) {
  return time ? std::optional(ms(*time)) : std::nullopt;
}
std::optional<TimeMs> optional_time_at(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(time_at(row, column));
}

}  // namespace

OperatorTables::OperatorTables(Database& database)
    : newest_(database.prepare("SELECT max(number) FROM revision")),
      forget_unfinished_(database.prepare("DELETE FROM entity_version WHERE revision >= ?1")),
      document_(database.prepare("INSERT INTO entity_version (revision, kind, id, number, archived, json) "
                                 "VALUES (?1,?2,?3,?4,?5,?6)")),
      revision_(database.prepare("INSERT INTO revision (number, time_ms, actor, action, changes) "
                                 "VALUES (?1,?2,?3,?4,?5)")),
      key_(database.prepare(
          "INSERT INTO api_key (id, name, sha256, role, created_ms, updated_ms, version, expires_ms, revoked_ms) "
          "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9) ON CONFLICT (id) DO UPDATE SET name=?2, role=?4, updated_ms=?6, "
          "version=?7, expires_ms=?8, revoked_ms=?9")),
      audit_(database.prepare("INSERT INTO audit (id, time_ms, actor, peer, action, target, revision, detail) "
                              "VALUES (?1,?2,?3,?4,?5,?6,?7,?8)")),
      spend_(database) {}

int OperatorTables::write(const OperatorChange& change, SnowflakeGenerator& ids) {
  int code = change.revision != 0 ? write_documents(change) : SQLITE_OK;
  if (code == SQLITE_OK && change.seal) code = write_seal(*change.seal);
  if (code == SQLITE_OK && change.key) code = write_key(*change.key);
  for (SpendEntry& entry : change.spend) {
    if (code == SQLITE_OK) code = spend_.append(entry, ids);
  }
  if (code == SQLITE_OK && change.audit) code = write_audit(*change.audit, ids);
  return code;
}

/// A change that was made against another catalog than the one in force is refused, not merged.
bool OperatorTables::follows_the_newest(std::uint64_t revision) {
  const ResetAtEnd reset(newest_);
  return newest_.step() == SQLITE_ROW && newest_.id_at(0) + 1 == revision;
}

int OperatorTables::write_documents(const OperatorChange& change) {
  if (!follows_the_newest(change.revision)) return SQLITE_CONSTRAINT;
  if (change.first) {
    forget_unfinished_.id(1, change.revision);
    if (const int code = forget_unfinished_.run(); code != SQLITE_OK) return code;
  }
  for (const EntityDocument* const document : change.documents) {
    document_.id(1, change.revision);
    document_.integer(2, static_cast<std::int64_t>(document->kind));
    document_.text(3, document->id);
    document_.integer(4, document->number);
    document_.integer(5, document->archived ? 1 : 0);
    document_.text(6, document->json);
    if (const int code = document_.run(); code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

int OperatorTables::write_seal(const Revision& revision) {
  revision_.id(1, revision.number);
  revision_.integer(2, ms(revision.time));
  revision_.text(3, revision.actor);
  revision_.text(4, revision.action);
  revision_.id(5, revision.changes);
  return revision_.run();
}

int OperatorTables::write_key(const StoredKey& key) {
  key_.text(1, key.id);
  key_.empty_or_text(2, key.name);
  key_.blob(3, key.sha256);
  key_.text(4, to_string(key.role));
  key_.integer(5, ms(key.created));
  key_.integer(6, ms(key.updated));
  key_.id(7, key.version);
  key_.integer(8, ms(key.expires));
  key_.integer(9, ms(key.revoked));
  return key_.run();
}

int OperatorTables::write_audit(const AuditEntry& entry, SnowflakeGenerator& ids) {
  audit_.id(1, ids.next());
  audit_.integer(2, ms(entry.time));
  audit_.empty_or_text(3, entry.actor);
  audit_.text(4, entry.peer);
  audit_.text(5, entry.action);
  audit_.text(6, entry.target);
  audit_.id_or_null(7, entry.revision);
  audit_.text(8, entry.detail);
  return audit_.run();
}

Result<std::vector<EntityDocument>> read_documents(const Database& database, Statement& rows) {
  const ResetAtEnd reset(rows);
  std::vector<EntityDocument> documents;
  int code = rows.step();
  for (; code == SQLITE_ROW; code = rows.step()) {
    documents.push_back({.kind = rows.number_at<EntityKind>(0),
                         .id = rows.text_at(1),
                         .number = rows.number_at<EntityNumber>(2),
                         .revision = rows.id_at(3),
                         .updated = time_at(rows, 4),
                         .archived = rows.integer_at(5) != 0,
                         .json = rows.text_at(6)});
  }
  if (code != SQLITE_DONE) return database.error(code, Phase::reading);
  return documents;
}

Revision read_revision(const Statement& row) {
  return {row.id_at(0), time_at(row, 1), row.text_at(2), row.text_at(3), row.id_at(4)};
}

Result<StoredKey> read_key(const Statement& row) {
  StoredKey key;
  key.id = row.text_at(0);
  key.name = row.text_at(1);
  const std::string_view hash = row.view_at(2);
  const auto role = parse_role(row.view_at(3));
  if (hash.size() != key.sha256.size() || !role) {
    return Error{ErrorCode::store_corrupt, "the API key '" + key.id + "' is damaged; restore the newest backup"};
  }
  std::transform(hash.begin(), hash.end(), key.sha256.begin(),
                 [](char byte) { return static_cast<std::uint8_t>(byte); });
  key.role = *role;
  key.created = time_at(row, 4);
  key.updated = time_at(row, 5);
  key.version = row.id_at(6);
  key.expires = optional_time_at(row, 7);
  key.revoked = optional_time_at(row, 8);
  return key;
}

AuditEntry read_audit_entry(const Statement& row) {
  return {row.id_at(0),   time_at(row, 1), row.text_at(2), row.text_at(3),
          row.text_at(4), row.text_at(5),  row.id_at(6),   row.text_at(7)};
}

}  // namespace postback::sqlite
