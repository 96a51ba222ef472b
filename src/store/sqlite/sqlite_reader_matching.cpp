// SqliteReader: what late matches, clicks of other trackers and forgetting look up. Asked for rarely, so most
// statements are prepared at each call.
#include "store/sqlite/conversion_table.hpp"
#include "store/sqlite/forgetting.hpp"
#include "store/sqlite/import_table.hpp"
#include "store/sqlite/sqlite_reader.hpp"

#include <algorithm>
#include <limits>

namespace postback::sqlite {
namespace {

/// Rows between two looks at the clock, and the most found in one call.
constexpr std::size_t kRowsPerClockLook = 64;
constexpr std::size_t kMostFound = 200;
/// Shorter external IDs are not looked for in the texts of postbacks: they would be found in everything.
constexpr std::size_t kShortestSought = 8;

constexpr const char* kTexts =
    "coalesce(target, '') || char(10) || coalesce(headers, '') || char(10) || coalesce(body, '')";

/// The value that is looked for.
std::string value_of(const Person& person) { return person.ip.empty() ? person.external_id : person.ip; }

std::string deliveries_about_sql(const Person& person, const std::string& column) {
  if (person.click != 0) {
    return "SELECT id, 1, NULL FROM delivery INDEXED BY delivery_subject WHERE click = ?3 AND id < ?1 ORDER BY id DESC";
  }
  return "SELECT id, (SELECT " + column + " FROM click WHERE click.id = delivery.click) IS ?2 OR CASE WHEN " +
         "json_valid(detail) THEN json_extract(detail, '$." + column + "') = ?2 END, NULL FROM delivery " +
         "WHERE id < ?1 ORDER BY id DESC";
}

/// Columns: the row's ID, whether it is the person's, and its texts where the value stands in them.
std::string search_sql(const Person& person, ForgetTable table) {
  const std::string column = person.ip.empty() ? "external_id" : "ip";
  if (table == ForgetTable::click) {
    return "SELECT id, " + (person.click != 0 ? "id = ?3" : column + " IS ?2") +
           ", NULL FROM click WHERE id < ?1 ORDER BY id DESC";
  }
  if (table == ForgetTable::delivery) return deliveries_about_sql(person, column);
  if (person.click != 0) return "SELECT id, click IS ?3, NULL FROM postback WHERE id < ?1 ORDER BY id DESC";
  const bool sought = !person.ip.empty() || person.external_id.size() >= kShortestSought;
  std::string sql = "SELECT id, (SELECT " + column + " FROM click WHERE click.id = postback.click) IS ?2";
  if (!person.ip.empty()) sql += " OR peer IS ?2";
  sql += sought ? std::string(", CASE WHEN instr(") + kTexts + ", ?2) > 0 THEN " + kTexts + " END" : ", NULL";
  return sql + " FROM postback WHERE id < ?1 ORDER BY id DESC";
}

/// Whether `value` stands in `text` by itself: not within a longer number, word or address.
bool stands_in(std::string_view text, std::string_view value) {
  const auto goes_on = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == ':';
  };
  for (auto at = text.find(value); at != std::string_view::npos; at = text.find(value, at + 1)) {
    const auto end = at + value.size();
    if ((at == 0 || !goes_on(text[at - 1])) && (end == text.size() || !goes_on(text[end]))) return true;
  }
  return false;
}

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
      "SELECT click, postback FROM waiting WHERE (click, postback) > (?1, ?2) ORDER BY click, postback LIMIT ?3");
  rows.id(1, after.click);
  rows.id(2, after.postback);
  rows.id(3, limit);
  std::vector<WaitingPostback> waiting;
  int code = rows.step();
  for (; code == SQLITE_ROW; code = rows.step()) waiting.push_back({rows.id_at(0), rows.id_at(1)});
  if (code != SQLITE_DONE) return database_.error(code, Phase::reading);
  return waiting;
}

Result<SnowflakeId> SqliteReader::foreign_click(std::string_view foreign_id) {
  SnowflakeId click = 0;
  if (!foreign_ids_->load(std::memory_order_relaxed)) return click;
  if (const int code = find_foreign_click(foreign_click_, foreign_id, click); code != SQLITE_OK) {
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
  const std::string value = value_of(person);
  const LongRead long_read(*gate_);
  auto rows = database_.prepare_once(search_sql(person, table));
  if (!rows) return rows.error();
  rows->id(1, before == 0 ? static_cast<SnowflakeId>(std::numeric_limits<std::int64_t>::max()) : before);
  if (person.click != 0) {
    rows->id(3, person.click);
  } else {
    rows->empty_or_text(2, value);
  }
  FoundRows found;
  std::size_t looked_at = 0;
  int code = rows->step();
  for (; code == SQLITE_ROW; code = rows->step()) {
    const SnowflakeId row = rows->id_at(0);
    if (rows->integer_at(1) != 0 || (!value.empty() && stands_in(rows->view_at(2), value))) found.rows.push_back(row);
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
