// OccurrenceTable: the statements of occurrence.
#include "store/sqlite/occurrence_table.hpp"

#include <string>

namespace postback::sqlite {

Occurrence read_occurrence(const Statement& row) {
  return {.id = row.id_at(0),
          .kind = row.number_at<Trigger>(1),
          .time = TimeMs{std::chrono::milliseconds{row.integer_at(2)}},
          .click = row.id_at(3),
          .conversion = row.id_at(4),
          .conversion_revision = row.number_at<std::uint32_t>(5),
          .cta = row.number_at<std::uint32_t>(6),
          .campaign = row.number_at<EntityNumber>(7),
          .detail = row.text_at(8),
          .revision = row.id_at(9)};
}

OccurrenceTable::OccurrenceTable(Database& database)
    : handle_(database.handle()),
      insert_(database.prepare("INSERT INTO occurrence (" + std::string(kOccurrenceColumns) +
                               ") VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,(SELECT max(number) FROM revision))")),
      remove_(database.prepare("DELETE FROM occurrence WHERE id = ?1")) {}

int OccurrenceTable::append(const Occurrence& occurrence) {
  insert_.id(1, occurrence.id);
  insert_.integer(2, static_cast<std::int64_t>(occurrence.kind));
  insert_.integer(3, occurrence.time.time_since_epoch().count());
  insert_.id_or_null(4, occurrence.click);
  insert_.id_or_null(5, occurrence.conversion);
  insert_.id_or_null(6, occurrence.conversion_revision);
  insert_.id_or_null(7, occurrence.cta);
  insert_.id_or_null(8, occurrence.campaign);
  insert_.text(9, occurrence.detail);
  written_ = true;
  return insert_.run();
}

int OccurrenceTable::remove(SnowflakeId id, bool& was_there) {
  remove_.id(1, id);
  const int code = remove_.run();
  was_there = code == SQLITE_OK && sqlite3_changes(handle_) > 0;
  return code;
}

}  // namespace postback::sqlite
