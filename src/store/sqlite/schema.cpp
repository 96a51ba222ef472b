// Schema: migrations by user_version, the mark of a clean stop, quick_check.
#include "store/sqlite/schema.hpp"

#include "store/migrations.hpp"
#include "store/sqlite/file_check.hpp"
#include "store/sqlite/operator_tables.hpp"

namespace postback::sqlite {

Result<void> mark_as_ours(Database& database) {
  const auto tables = database.number("SELECT count(*) FROM sqlite_schema");
  if (!tables) return tables.error();
  const auto mark = database.number("PRAGMA application_id");
  if (!mark) return mark.error();
  if (*mark == kApplicationId) return {};
  if (*tables > 0) {
    return Error{ErrorCode::store_corrupt, database.path() + " is a database of another program; it was left as it is"};
  }
  return database.run("PRAGMA page_size=4096; PRAGMA application_id=" + std::to_string(kApplicationId));
}

Result<void> migrate(Database& database) {
  const auto& all = migrations();
  const auto newest = static_cast<std::int64_t>(all.size());
  const auto version = database.number("PRAGMA user_version");
  if (!version) return version.error();
  if (*version > newest) return newer_schema(database.path(), *version, newest);
  for (auto next = *version; next < newest; ++next) {
    auto done = database.run("BEGIN IMMEDIATE;" + std::string(all[static_cast<std::size_t>(next)].sql) +
                             ";PRAGMA user_version=" + std::to_string(next + 1) + ";COMMIT;");
    if (!done) return done;
  }
  return {};
}

Result<bool> stopped_cleanly(Database& database) {
  const auto version = database.number("PRAGMA user_version");
  if (!version) return version.error();
  if (*version == 0) return true;
  const auto stopped = database.text("SELECT value FROM meta WHERE key='stopped'");
  if (!stopped) return stopped.error();
  return *stopped == "cleanly";
}

Result<void> begin_session(Database& database) {
  return database.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('stopped', 'no')");
}

Result<void> end_session(Database& database) {
  return database.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('stopped', 'cleanly')");
}

Result<std::vector<EntityDocument>> read_catalog(Database& database, std::uint64_t& revision) {
  const auto newest = database.number("SELECT max(number) FROM revision");
  if (!newest) return newest.error();
  revision = static_cast<std::uint64_t>(*newest);
  Statement rows = database.prepare(kSelectCatalog);
  rows.id(1, revision);
  return read_documents(database, rows);
}

Result<void> quick_check(Database& database) {
  const auto finding = database.text("PRAGMA quick_check(1)");
  if (!finding) return finding.error();
  if (*finding == "ok") return {};
  return Error{ErrorCode::store_corrupt, database.path() + " is damaged (" + *finding +
                                             "); it was left as it is. Restore the newest backup to this path"};
}

}  // namespace postback::sqlite
