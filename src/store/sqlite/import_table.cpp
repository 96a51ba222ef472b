// Imports clicks: each gets the first free ID of its own time.
#include "store/sqlite/import_table.hpp"

#include "postback/domain/snowflake.hpp"

#include <algorithm>
#include <chrono>

namespace postback::sqlite {
namespace {

constexpr unsigned kLastSequence = (1U << kSnowflakeSequenceBits) - 1;
/// A millisecond has 4096 IDs. When they are used up, later ones are taken: nearer than this.
constexpr std::chrono::milliseconds kFarthest{std::chrono::minutes{1}};

int existence(Statement& statement, SnowflakeId id, bool& exists) {
  const ResetAtEnd reset(statement);
  statement.id(1, id);
  const int code = statement.step();
  exists = code == SQLITE_ROW;
  return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

}  // namespace

ImportTable::ImportTable(Database& database)
    : foreign_ids_(database),
      exists_(database.prepare("SELECT 1 FROM click WHERE id = ?1")),
      newest_(database.prepare("SELECT max(id) FROM click WHERE id BETWEEN ?1 AND ?2")),
      insert_(database.prepare("INSERT INTO foreign_click (foreign_id, click) VALUES (?1, ?2)")),
      // What is personal in it is forgotten with the others of its age: the next step of retention begins before it.
      step_back_(database.prepare("UPDATE meta SET value = CAST(?1 AS TEXT) WHERE key = 'forgotten.click' AND "
                                  "CAST(value AS INTEGER) > ?1")) {}

int ImportTable::newest_at(TimeMs time, SnowflakeId& newest) {
  const ResetAtEnd reset(newest_);
  newest_.id(1, make_snowflake(time, kImportNode, 0));
  newest_.id(2, make_snowflake(time, kImportNode, kLastSequence));
  const int code = newest_.step();
  newest = code == SQLITE_ROW ? newest_.id_at(0) : 0;
  return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

/// The ID behind the newest of its millisecond: rows are never deleted, so it was never given out. 0: none is left.
int ImportTable::free_at(TimeMs time, SnowflakeId& id) {
  SnowflakeId newest = 0;
  const int code = newest_at(time, newest);
  if (newest == 0) {
    id = make_snowflake(time, kImportNode, 0);
  } else {
    id = (newest & kLastSequence) == kLastSequence ? 0 : newest + 1;
  }
  return code;
}

/// Of clicks whose times are rounded very many have the same, so a free millisecond is not looked for one by one: first
/// in steps that double, then by halves between the last full one and that.
int ImportTable::choose_id(ImportedClick& imported) {
  using std::chrono::milliseconds;
  milliseconds full{-1};
  milliseconds later{0};
  while (true) {
    if (const int code = free_at(imported.time + later, imported.id); code != SQLITE_OK) return code;
    if (imported.id != 0) break;
    full = later;
    later = std::max(2 * later, milliseconds{1});
    if (later >= kFarthest) {
      imported.outcome = ImportedClick::Outcome::no_room;
      return SQLITE_OK;
    }
  }
  while (later - full > milliseconds{1}) {
    const milliseconds middle = full + (later - full) / 2;
    SnowflakeId id = 0;
    if (const int code = free_at(imported.time + middle, id); code != SQLITE_OK) return code;
    (id == 0 ? full : later) = middle;
    if (id != 0) imported.id = id;
  }
  return SQLITE_OK;
}

int ImportTable::import(ImportedClick& imported, ClickTable& clicks, UserAgents& agents) {
  using Outcome = ImportedClick::Outcome;
  imported.outcome = Outcome::imported;
  imported.id = imported.click.id.high;
  const bool own = imported.id != 0;
  bool known = false;
  int code = SQLITE_OK;
  if (own) {
    code = existence(exists_, imported.id, known);
  } else {
    code = foreign_ids_.find(imported.foreign_id, imported.id);
    known = imported.id != 0;
  }
  if (code == SQLITE_OK && !own && !known) code = choose_id(imported);
  if (known) imported.outcome = Outcome::known;
  if (code != SQLITE_OK || imported.outcome != Outcome::imported) return code;
  Click click = imported.click;
  click.id.high = imported.id;
  code = clicks.append(click, agents);
  if (code != SQLITE_OK) return code;
  step_back_.id(1, imported.id - 1);
  code = step_back_.run();
  if (code != SQLITE_OK || own) return code;
  insert_.text(1, imported.foreign_id);
  insert_.id(2, imported.id);
  return insert_.run();
}

}  // namespace postback::sqlite
