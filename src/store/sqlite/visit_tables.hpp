// VisitTables: CTAs, and impressions by campaign and quarter of an hour.
#pragma once

#include "postback/store/visit_items.hpp"
#include "store/sqlite/database.hpp"

#include <optional>
#include <vector>

namespace postback::sqlite {

/// Used by the store's thread, inside its transaction. All but `begin_batch` return SQLITE_OK or an error code.
class VisitTables {
 public:
  explicit VisitTables(Database& database);

  /// Forgets what a batch that failed had counted.
  void begin_batch() { counted_.clear(); }
  /// Gives the CTA its number within its click.
  int append(const Cta& cta);
  /// Adds to what this batch has of the same campaign and bucket.
  void count(const Impressions& impressions);
  /// Writes what was counted, one row for each campaign and bucket.
  int write_counted();

 private:
  Statement cta_;
  Statement impressions_;
  std::vector<Impressions> counted_;
};

/// A click's CTAs, the newest first: ?1 is the click, ?2 how many.
inline constexpr const char* kSelectCtas =
    "SELECT number, time_ms, offer FROM cta WHERE click = ?1 ORDER BY number DESC LIMIT ?2";
StoredCta read_cta(const Statement& row, SnowflakeId click);

}  // namespace postback::sqlite
