// SqliteReader: what late matches, clicks of other trackers and forgetting look up. Asked for rarely, so most
// statements are prepared at each call.
#include "store/sqlite/conversion_table.hpp"
#include "store/sqlite/forgetting.hpp"
#include "store/sqlite/person_search.hpp"
#include "store/sqlite/sqlite_reader.hpp"
#include "store/sqlite/waiting_table.hpp"

#include <limits>
#include <utility>

namespace postback::sqlite {
namespace {

/// Rows between two looks at the clock, and the most found in one call.
constexpr std::size_t kRowsPerClockLook = 64;
constexpr std::size_t kMostFound = 200;

}  // namespace

Result<std::optional<Conversion>> SqliteReader::left_by(SnowflakeId click, std::uint32_t number, SnowflakeId postback) {
  std::optional<Conversion> found;
  if (const int code = find_left_by(left_by_, click, number, postback, found); code != SQLITE_OK) {
    return database_.error(code, Phase::reading);
  }
  return found;
}

Result<std::vector<WaitingPostback>> SqliteReader::waiting(const WaitingPostback& after, std::size_t limit) {
  Statement rows = database_.prepare(
      "SELECT click, postback, proved_to FROM waiting WHERE (click, postback) > (?1, ?2) ORDER BY click, postback "
      "LIMIT ?3");
  rows.id(1, after.click);
  rows.id(2, after.postback);
  rows.id(3, limit);
  std::vector<WaitingPostback> waiting;
  int code = rows.step();
  for (; code == SQLITE_ROW; code = rows.step())
    waiting.push_back({rows.id_at(0), rows.id_at(1), read_proved_to(rows.view_at(2))});
  if (code != SQLITE_DONE) return database_.error(code, Phase::reading);
  return waiting;
}

Result<SnowflakeId> SqliteReader::foreign_click(std::string_view foreign_id) {
  SnowflakeId click = 0;
  if (!foreign_ids_->load(std::memory_order_relaxed)) return click;
  if (const int code = foreign_clicks_.find(foreign_id, click); code != SQLITE_OK) {
    return database_.error(code, Phase::reading);
  }
  return click;
}

Result<SnowflakeId> SqliteReader::forgotten_to(ForgetTable table) {
  Statement row = database_.prepare(kForgottenTo);
  row.text(1, forgotten_key(table));
  const int code = row.step();
  if (code == SQLITE_ROW) return row.id_at(0);
  if (code != SQLITE_DONE) return database_.error(code, Phase::reading);
  return SnowflakeId{0};
}

Result<FoundRows> SqliteReader::rows_about(const Person& person, ForgetTable table, SnowflakeId before,
                                           std::chrono::milliseconds budget) {
  const auto deadline = clock_.steady() + budget;
  const LongRead long_read(*gate_);
  std::vector<std::string> foreign_ids;
  if (const int failed = foreign_clicks_.of_click(person.click, foreign_ids); failed != SQLITE_OK) {
    return database_.error(failed, Phase::reading);
  }
  const PersonSearch search(person, table, std::move(foreign_ids));
  auto rows = database_.prepare_once(search.sql());
  if (!rows) return rows.error();
  rows->id(1, before == 0 ? static_cast<SnowflakeId>(std::numeric_limits<std::int64_t>::max()) : before);
  if (table == ForgetTable::delivery && person.click != 0) rows->id(2, person.click);
  FoundRows found;
  std::size_t looked_at = 0;
  int code = rows->step();
  for (; code == SQLITE_ROW; code = rows->step()) {
    const SnowflakeId row = rows->id_at(0);
    if (search.is_about(*rows)) found.rows.push_back(row);
    const bool look = ++looked_at % kRowsPerClockLook == 0;
    if (found.rows.size() < kMostFound && !(look && (clock_.steady() >= deadline || long_read.asked_to_let_go()))) {
      continue;
    }
    found.next = row;
    return found;
  }
  if (code != SQLITE_DONE) return database_.error(code, Phase::reading);
  return found;
}

}  // namespace postback::sqlite
