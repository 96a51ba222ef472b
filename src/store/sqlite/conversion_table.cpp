// ConversionTable: the statements of conversion and conversion_revision.
#include "store/sqlite/conversion_table.hpp"

#include <optional>
#include <string>

namespace postback::sqlite {
namespace {

TimeMs time_at(const Statement& row, int column) { return TimeMs{std::chrono::milliseconds{row.integer_at(column)}}; }
std::int64_t ms(TimeMs time) { return time.time_since_epoch().count(); }

std::optional<TimeMs> optional_time_at(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(time_at(row, column));
}

/// Binds what may change, in the positions that insert and update share (?6 to ?15, ?18 and ?19).
void bind_state(Statement& statement, const Conversion& conversion) {
  statement.integer(6, static_cast<std::int64_t>(conversion.status));
  statement.text(7, conversion.original_status);
  statement.integer(8, conversion.payout);
  statement.integer(9, conversion.amount);
  statement.text(10, conversion.currency);
  statement.text(11, conversion.reason);
  statement.integer(12, ms(conversion.time));
  statement.integer(13, ms(conversion.updated));
  statement.integer(14, conversion.revision);
  statement.text(15, conversion.last_said);
  if (conversion.hold_until) statement.integer(18, ms(*conversion.hold_until));
  statement.id_or_null(19, conversion.request_hash);
}

}  // namespace

Conversion read_conversion(const Statement& row) {
  Conversion conversion;
  conversion.id = row.id_at(0);
  conversion.click = row.id_at(1);
  conversion.number = row.number_at<std::uint32_t>(2);
  conversion.event = row.text_at(3);
  conversion.txid = row.text_at(4);
  conversion.status = row.number_at<ConversionStatus>(5);
  conversion.original_status = row.text_at(6);
  conversion.payout = row.integer_at(7);
  conversion.amount = row.optional_at(8);
  conversion.currency = row.text_at(9);
  conversion.reason = row.text_at(10);
  conversion.time = time_at(row, 11);
  conversion.updated = time_at(row, 12);
  conversion.revision = row.number_at<std::uint32_t>(13);
  conversion.last_said = row.text_at(14);
  conversion.slot = row.number_at<std::uint32_t>(15);
  conversion.offer = row.number_at<std::uint32_t>(16);
  conversion.hold_until = optional_time_at(row, 17);
  conversion.request_hash = row.id_at(18);
  return conversion;
}

std::string left_by_sql() {
  return std::string("SELECT ") + kConversionColumns +
         " FROM conversion WHERE click = ?1 AND number = ?2 AND ?3 = (SELECT postback FROM conversion_revision r WHERE "
         "r.conversion = conversion.id AND r.revision = conversion.revision)";
}

int find_left_by(Statement& statement, SnowflakeId click, std::uint32_t number, SnowflakeId postback,
                 std::optional<Conversion>& found) {
  const ResetAtEnd reset(statement);
  statement.id(1, click);
  statement.integer(2, number);
  statement.id(3, postback);
  const int code = statement.step();
  found.reset();
  if (code == SQLITE_ROW) found = read_conversion(statement);
  return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

ConversionTable::ConversionTable(Database& database)
    : insert_(database.prepare("INSERT INTO conversion (" + std::string(kConversionColumns) +
                               ") VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19)")),
      update_(
          database.prepare("UPDATE conversion SET status=?6, original_status=?7, payout=?8, amount=?9, currency=?10, "
                           "reason=?11, time_ms=?12, updated_ms=?13, revision=?14, last_said=?15, hold_until_ms=?18, "
                           "request_hash=?19 WHERE id=?1")),
      revision_(
          database.prepare("INSERT INTO conversion_revision (conversion, revision, postback, time_ms, status, payout, "
                           "amount, currency, original_status, reason, cause) VALUES "
                           "(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)")) {}

int ConversionTable::store(const Conversion& conversion, bool creates, SnowflakeId postback, std::string_view cause) {
  Statement& statement = creates ? insert_ : update_;
  statement.id(1, conversion.id);
  if (creates) {
    statement.id(2, conversion.click);
    statement.integer(3, conversion.number);
    statement.empty_or_text(4, conversion.event);
    statement.empty_or_text(5, conversion.txid);
    statement.integer(16, conversion.slot);
    statement.id_or_null(17, conversion.offer);
  }
  bind_state(statement, conversion);
  if (const int code = statement.run(); code != SQLITE_OK) return code;
  revision_.id(1, conversion.id);
  revision_.integer(2, conversion.revision);
  revision_.id(3, postback);
  revision_.integer(4, ms(conversion.updated));
  revision_.integer(5, static_cast<std::int64_t>(conversion.status));
  revision_.integer(6, conversion.payout);
  revision_.integer(7, conversion.amount);
  revision_.text(8, conversion.currency);
  revision_.text(9, conversion.original_status);
  revision_.text(10, conversion.reason);
  revision_.text(11, cause);
  return revision_.run();
}

}  // namespace postback::sqlite
