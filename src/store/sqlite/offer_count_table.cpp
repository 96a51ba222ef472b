// The statements of offer_count.
#include "store/sqlite/offer_count_table.hpp"

#include <algorithm>
#include <chrono>

namespace postback::sqlite {
namespace {

bool counts(const Conversion& conversion) { return conversion.status != ConversionStatus::rejected; }

bool counted_before(const Facts& facts, const Conversion* before, const Conversion& effect) {
  if (before != nullptr && before->id == effect.id) return counts(*before);
  for (const auto* found : {&facts.conversion, &facts.newest, &facts.same_request}) {
    if (*found && (*found)->id == effect.id) return counts(**found);
  }
  return false;
}

}  // namespace

std::string offer_counts_sql() {
  return "SELECT coalesce(sum(CASE WHEN day = ?4 THEN conversions END), 0), "
         "coalesce(sum(CASE WHEN day >= ?2 AND day < ?3 THEN conversions END), 0), coalesce(sum(conversions), 0) "
         "FROM offer_count WHERE offer = ?1";
}

int find_offer_counts(Statement& statement, EntityNumber offer, TimeMs now, OfferCounts& counts) {
  using namespace std::chrono;
  const std::int64_t today = utc_day(now);
  const year_month_day date{sys_days{days{today}}};
  const sys_days first{date.year() / date.month() / day{1}};
  const sys_days next{(date.year() / date.month() + months{1}) / day{1}};
  const ResetAtEnd reset(statement);
  statement.integer(1, offer);
  statement.integer(2, std::int64_t{first.time_since_epoch().count()});
  statement.integer(3, std::int64_t{next.time_since_epoch().count()});
  statement.integer(4, today);
  if (const int code = statement.step(); code != SQLITE_ROW) return code == SQLITE_DONE ? SQLITE_OK : code;
  const auto not_negative = [&statement](int column) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(statement.integer_at(column), 0));
  };
  counts = {.day = not_negative(0), .month = not_negative(1), .total = not_negative(2)};
  return SQLITE_OK;
}

int find_capped_counts(Statement& statement, const Reading& reading, Facts& facts) {
  if (!facts.click || reading.catalog == nullptr) return SQLITE_OK;
  const Offer* const offer = reading.catalog->offer(facts.click->offer);
  if (offer == nullptr || !offer->caps.any()) return SQLITE_OK;
  return find_offer_counts(statement, offer->number, reading.arrival, facts.offer_counts.emplace());
}

OfferCountTable::OfferCountTable(Database& database, OfferCounters& counters)
    : counters_(counters),
      add_(database.prepare("INSERT INTO offer_count (offer, day, conversions) VALUES (?1,?2,?3) "
                            "ON CONFLICT (offer, day) DO UPDATE SET conversions = conversions + ?3")),
      find_(database.prepare(offer_counts_sql())) {}

int OfferCountTable::apply(const Facts& facts, const Conversion* before, const Conversion& effect) {
  const EntityNumber offer = effect.offer != 0 ? effect.offer : facts.click->offer;
  const int change = (counts(effect) ? 1 : 0) - (counted_before(facts, before, effect) ? 1 : 0);
  if (change == 0 || offer == 0) return SQLITE_OK;
  // The day it was counted on, whenever it changes.
  const Change applied{offer, utc_day(snowflake_time(effect.id)), change};
  add_.integer(1, applied.offer);
  add_.integer(2, applied.day);
  add_.integer(3, applied.conversions);
  if (const int code = add_.run(); code != SQLITE_OK) return code;
  pending_.push_back(applied);
  return SQLITE_OK;
}

void OfferCountTable::end(bool committed) {
  if (committed) {
    for (const Change& change : pending_) counters_.add(change.offer, change.day, change.conversions);
  }
  pending_.clear();
}

Result<void> load_offer_counts(Database& database, OfferCounters& counters) {
  Statement rows = database.prepare("SELECT offer, day, conversions FROM offer_count ORDER BY offer, day");
  int code = rows.step();
  for (; code == SQLITE_ROW; code = rows.step()) {
    counters.add(rows.number_at<EntityNumber>(0), rows.integer_at(1), rows.integer_at(2));
  }
  if (code != SQLITE_DONE) return database.error(code, Phase::reading);
  return {};
}

}  // namespace postback::sqlite
