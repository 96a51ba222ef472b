// SqliteReader: revisions of the catalog, and the ledger of spend. Asked for rarely, so statements are prepared anew.
#include "store/sqlite/operator_tables.hpp"
#include "store/sqlite/spend_table.hpp"
#include "store/sqlite/sqlite_reader.hpp"

namespace postback::sqlite {

Result<std::vector<Revision>> SqliteReader::revisions(std::uint64_t before, std::size_t limit) {
  Statement rows = database_.prepare(std::string("SELECT ") + kRevisionColumns +
                                     " FROM revision WHERE ?1 IS NULL OR number < ?1 ORDER BY number DESC LIMIT ?2");
  rows.id_or_null(1, before);
  rows.id(2, limit);
  std::vector<Revision> revisions;
  int code = rows.step();
  for (; code == SQLITE_ROW; code = rows.step()) revisions.push_back(read_revision(rows));
  if (code != SQLITE_DONE) return database_.error(code, Phase::reading);
  return revisions;
}

Result<std::optional<Revision>> SqliteReader::revision(std::uint64_t number) {
  Statement row = database_.prepare(std::string("SELECT ") + kRevisionColumns + " FROM revision WHERE number = ?1");
  row.id(1, number);
  const int code = row.step();
  if (code == SQLITE_ROW) return std::optional(read_revision(row));
  if (code != SQLITE_DONE) return database_.error(code, Phase::reading);
  return std::optional<Revision>{};
}

Result<std::vector<EntityDocument>> SqliteReader::changed_in(std::uint64_t number) {
  Statement rows = database_.prepare(kSelectChanged);
  rows.id(1, number);
  return read_documents(database_, rows);
}

Result<std::optional<EntityDocument>> SqliteReader::document_at(EntityKind kind, std::string_view id,
                                                                std::uint64_t number) {
  Statement row = database_.prepare(kSelectDocument);
  row.id(1, number);
  row.integer(2, static_cast<std::int64_t>(kind));
  row.text(3, id);
  auto documents = read_documents(database_, row);
  if (!documents) return documents.error();
  if (documents->empty()) return std::optional<EntityDocument>{};
  return std::optional(std::move(documents->front()));
}

Result<std::vector<SpendEntry>> SqliteReader::spend(const SpendQuery& query) { return read_spend(database_, query); }

Result<std::uint64_t> SqliteReader::last_change(EntityKind kind, std::uint64_t until) {
  // By revisions that are there whole: the parts of one that is being written have no row in `revision` yet.
  Statement row = database_.prepare(
      "SELECT max(v.revision) FROM entity_version v JOIN revision r ON r.number = v.revision "
      "WHERE v.kind = ?1 AND v.revision <= ?2");
  row.integer(1, static_cast<std::int64_t>(kind));
  row.id(2, until);
  if (const int code = row.step(); code != SQLITE_ROW) return database_.error(code, Phase::reading);
  return row.id_at(0);
}

Result<std::vector<EntityDocument>> SqliteReader::catalog_at(std::uint64_t number) {
  Statement rows = database_.prepare(kSelectCatalog);
  rows.id(1, number);
  return read_documents(database_, rows);
}

}  // namespace postback::sqlite
