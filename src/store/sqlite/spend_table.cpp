// SpendTable: the statements of spend and its rows.
#include "store/sqlite/spend_table.hpp"

#include <limits>
#include <string>

namespace postback::sqlite {
namespace {

std::int64_t ms(TimeMs time) { return time.time_since_epoch().count(); }
TimeMs time_at(const Statement& row, int column) { return TimeMs{std::chrono::milliseconds{row.integer_at(column)}}; }

constexpr const char* kSelect =
    "SELECT id, campaign, from_ms, to_ms, amount, currency, note, time_ms, actor FROM spend "
    "WHERE id < ?1 AND (?2 IS NULL OR campaign = ?2) AND (?3 IS NULL OR to_ms > ?3) AND (?4 IS NULL OR from_ms < ?4) "
    "ORDER BY id DESC LIMIT ?5";

}  // namespace

SpendTable::SpendTable(Database& database)
    : insert_(database.prepare("INSERT INTO spend (id, campaign, from_ms, to_ms, amount, currency, note, time_ms, "
                               "actor) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)")) {}

int SpendTable::append(SpendEntry& entry, SnowflakeGenerator& ids) {
  entry.id = ids.next();
  insert_.id(1, entry.id);
  insert_.integer(2, entry.campaign);
  insert_.integer(3, ms(entry.from));
  insert_.integer(4, ms(entry.to));
  insert_.integer(5, entry.amount);
  insert_.empty_or_text(6, entry.currency);
  insert_.text(7, entry.note);
  insert_.integer(8, ms(entry.time));
  insert_.empty_or_text(9, entry.actor);
  return insert_.run();
}

Result<std::vector<SpendEntry>> read_spend(Database& database, const SpendQuery& query) {
  Statement rows = database.prepare(kSelect);
  rows.id(1, query.before != 0 ? query.before : std::numeric_limits<std::int64_t>::max());
  rows.id_or_null(2, query.campaign);
  if (query.from) rows.integer(3, ms(*query.from));
  if (query.to) rows.integer(4, ms(*query.to));
  rows.id(5, query.limit);
  std::vector<SpendEntry> entries;
  int code = rows.step();
  for (; code == SQLITE_ROW; code = rows.step()) {
    entries.push_back({.id = rows.id_at(0),
                       .campaign = rows.number_at<EntityNumber>(1),
                       .from = time_at(rows, 2),
                       .to = time_at(rows, 3),
                       .amount = rows.integer_at(4),
                       .currency = rows.text_at(5),
                       .note = rows.text_at(6),
                       .time = time_at(rows, 7),
                       .actor = rows.text_at(8)});
  }
  if (code != SQLITE_DONE) return database.error(code, Phase::reading);
  return entries;
}

}  // namespace postback::sqlite
