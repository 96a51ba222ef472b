// OfferCountTable: conversions of offers by day, kept in the transaction of the conversion.
#pragma once

#include "postback/domain/conversion.hpp"
#include "postback/domain/matcher.hpp"
#include "postback/store/offer_counters.hpp"
#include "store/sqlite/database.hpp"

#include <string>
#include <vector>

namespace postback::sqlite {

/// ?1 offer, ?2 first day of the month, ?3 the day after the month, ?4 the day. Gives day, month, total.
std::string offer_counts_sql();
/// Reads what that statement finds, as of the UTC day of `now`. SQLITE_OK or an error code.
int find_offer_counts(Statement& statement, EntityNumber offer, TimeMs now, OfferCounts& counts);

/// What the caps of a reading's offer are compared with; nothing where it has none. SQLITE_OK or an error code.
int find_capped_counts(Statement& statement, const Reading& reading, Facts& facts);

/// Used by the store's thread. `counters` are brought up to date once a batch is committed.
class OfferCountTable {
 public:
  OfferCountTable(Database& database, OfferCounters& counters);

  /// Counts what a judgement makes of a conversion, which is new unless `before` is it or the facts have it. `before`
  /// may be null. SQLITE_OK or an error code.
  int apply(const Facts& facts, const Conversion* before, const Conversion& effect);
  /// Fills Facts::offer_counts, with the effects of the items before. SQLITE_OK or an error code.
  int look_up(const Reading& reading, Facts& facts) { return find_capped_counts(find_, reading, facts); }
  /// The batch was committed or rolled back.
  void end(bool committed);

 private:
  struct Change {
    EntityNumber offer;
    std::int64_t day;
    std::int64_t conversions;
  };
  OfferCounters& counters_;
  Statement add_;
  Statement find_;
  std::vector<Change> pending_;
};

/// Reads the whole table into memory, once at start.
Result<void> load_offer_counts(Database& database, OfferCounters& counters);

}  // namespace postback::sqlite
