// OccurrenceTable: the outbox: what destinations may be told of and nothing was planned for yet.
#pragma once

#include "postback/domain/delivery.hpp"
#include "store/sqlite/database.hpp"

namespace postback::sqlite {

/// The columns that `read_occurrence` expects, in its order.
inline constexpr const char* kOccurrenceColumns =
    "id, kind, time_ms, click, conversion, conversion_revision, cta, campaign, detail, revision";
Occurrence read_occurrence(const Statement& row);

/// Used by the store's thread, inside its transaction. All but `begin_batch` and `written` return SQLITE_OK or an error
/// code.
class OccurrenceTable {
 public:
  explicit OccurrenceTable(Database& database);

  void begin_batch() { written_ = false; }
  /// Whether this batch wrote any.
  bool written() const { return written_; }
  /// Its revision is the newest one in the store.
  int append(const Occurrence& occurrence);
  /// `was_there`: it was not planned before.
  int remove(SnowflakeId id, bool& was_there);

 private:
  sqlite3* handle_;
  Statement insert_;
  Statement remove_;
  bool written_ = false;
};

}  // namespace postback::sqlite
