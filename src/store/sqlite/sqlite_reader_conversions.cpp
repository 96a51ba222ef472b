// SqliteReader: single conversions with their revisions, and when the next held one is due.
#include "postback/domain/conversion_hold.hpp"
#include "store/sqlite/sqlite_reader.hpp"
#include "store/sqlite/stored_conversion.hpp"

namespace postback::sqlite {
namespace {

TimeMs time_at(const Statement& row, int column) { return TimeMs{std::chrono::milliseconds{row.integer_at(column)}}; }

ConversionRevision read_conversion_revision(const Statement& row) {
  return {.revision = row.number_at<std::uint32_t>(0),
          .postback = row.id_at(1),
          .cause = row.text_at(2),
          .time = time_at(row, 3),
          .status = row.number_at<ConversionStatus>(4),
          .original_status = row.text_at(5),
          .payout = row.integer_at(6),
          .amount = row.optional_at(7),
          .currency = row.text_at(8),
          .reason = row.text_at(9)};
}

}  // namespace

Result<std::optional<StoredConversion>> SqliteReader::conversion(SnowflakeId click, std::uint32_t number) {
  const ResetAtEnd reset_number(conversion_number_);
  conversion_number_.id(1, click);
  conversion_number_.integer(2, number);
  const int found = conversion_number_.step();
  if (found == SQLITE_DONE) return std::optional<StoredConversion>{};
  if (found != SQLITE_ROW) return database_.error(found, Phase::reading);
  const ResetAtEnd reset(conversion_);
  conversion_.id(1, conversion_number_.id_at(0));
  const int code = conversion_.step();
  if (code != SQLITE_ROW) return database_.error(code, Phase::reading);
  return std::optional(read_stored_conversion(conversion_));
}

Result<std::vector<ConversionRevision>> SqliteReader::conversion_revisions(SnowflakeId id) {
  const ResetAtEnd reset(conversion_revisions_);
  conversion_revisions_.id(1, id);
  std::vector<ConversionRevision> revisions;
  int code = conversion_revisions_.step();
  for (; code == SQLITE_ROW; code = conversion_revisions_.step()) {
    revisions.push_back(read_conversion_revision(conversion_revisions_));
  }
  if (code != SQLITE_DONE) return database_.error(code, Phase::reading);
  return revisions;
}

Result<std::optional<TimeMs>> SqliteReader::next_release() {
  const ResetAtEnd reset(next_release_);
  const int code = next_release_.step();
  if (code != SQLITE_ROW) return database_.error(code, Phase::reading);
  if (next_release_.is_null(0)) return std::optional<TimeMs>{};
  const TimeMs next = time_at(next_release_, 0);
  return next == kUntilDecided ? std::nullopt : std::optional(next);
}

}  // namespace postback::sqlite
