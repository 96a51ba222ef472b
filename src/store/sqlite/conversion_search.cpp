// The look-ups of conversions: by identity, by claim, and without a transaction ID.
#include "store/sqlite/conversion_search.hpp"

#include "store/sqlite/conversion_table.hpp"

#include <string>
#include <utility>

namespace postback::sqlite {
namespace {

std::string select_where(const std::string& rest) {
  return std::string("SELECT ") + kConversionColumns + " FROM conversion WHERE " + rest;
}

/// Reads the one row that a bound statement may give. The caller resets it.
int take_row(Statement& statement, std::optional<Conversion>& found) {
  const int code = statement.step();
  if (code == SQLITE_ROW) found = read_conversion(statement);
  return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

std::int64_t ms(TimeMs time) { return time.time_since_epoch().count(); }

std::int64_t resend_window_ms(const Reading& reading) {
  return std::chrono::milliseconds(reading.network->policies.resend_window).count();
}

}  // namespace

ConversionSearch::ConversionSearch(Database& database)
    : count_(database.prepare("SELECT count(*) FROM conversion WHERE click = ?1")),
      by_identity_(database.prepare(select_where("click = ?1 AND event = ?2 AND txid = ?3 AND slot = 0"))),
      by_claim_(database.prepare(select_where("id = (SELECT conversion FROM txid_claim WHERE scope = ?1 AND owner = ?2 "
                                              "AND event = ?3 AND txid = ?4)"))),
      newest_(database.prepare(select_where("click = ?1 AND event = ?2 ORDER BY status = 2, id DESC LIMIT 1"))),
      same_request_(database.prepare(
          select_where("click = ?1 AND event = ?2 AND EXISTS (SELECT 1 FROM conversion_revision r WHERE r.conversion = "
                       "conversion.id AND r.request_hash = ?3 AND abs(r.time_ms - ?4) <= ?5) "
                       "ORDER BY id DESC LIMIT 1"))),
      same_earlier_request_(database.prepare("SELECT 1 FROM conversion_revision WHERE conversion = ?1 AND "
                                             "request_hash = ?2 AND abs(time_ms - ?3) <= ?4 LIMIT 1")) {}

int ConversionSearch::look_up(const Reading& reading, Facts& facts) {
  if (const int code = count(facts); code != SQLITE_OK) return code;
  // Most postbacks bring a click's first conversion: then there is nothing of its own to find.
  if (facts.conversions_of_click > 0) {
    const int code = counts_each(reading) ? find_without_txid(reading, facts) : find_by_identity(reading, facts);
    if (code != SQLITE_OK) return code;
  }
  return facts.conversion ? SQLITE_OK : find_by_claim(reading, facts);
}

int ConversionSearch::count(Facts& facts) {
  const ResetAtEnd reset(count_);
  count_.id(1, facts.click->id);
  const int code = count_.step();
  facts.conversions_of_click = code == SQLITE_ROW ? count_.number_at<std::uint32_t>(0) : 0;
  return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

int ConversionSearch::find_by_identity(const Reading& reading, Facts& facts) {
  {
    const ResetAtEnd reset(by_identity_);
    by_identity_.id(1, facts.click->id);
    by_identity_.empty_or_text(2, reading.event);
    by_identity_.empty_or_text(3, reading.txid);
    if (const int code = take_row(by_identity_, facts.conversion); code != SQLITE_OK) return code;
  }
  if (!facts.conversion || !resends_by_time(reading)) return SQLITE_OK;
  const ResetAtEnd reset(same_earlier_request_);
  same_earlier_request_.id(1, facts.conversion->id);
  same_earlier_request_.id(2, reading.request_hash);
  same_earlier_request_.integer(3, ms(reading.arrival));
  same_earlier_request_.integer(4, resend_window_ms(reading));
  const int code = same_earlier_request_.step();
  if (code == SQLITE_ROW) facts.same_request = facts.conversion;
  return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

int ConversionSearch::find_without_txid(const Reading& reading, Facts& facts) {
  if (const int code = find_same_request(reading, facts); code != SQLITE_OK) return code;
  if (facts.same_request || !rejects_newest(reading)) return SQLITE_OK;
  const ResetAtEnd reset(newest_);
  newest_.id(1, facts.click->id);
  newest_.empty_or_text(2, reading.event);
  return take_row(newest_, facts.newest);
}

int ConversionSearch::find_same_request(const Reading& reading, Facts& facts) {
  const ResetAtEnd reset(same_request_);
  same_request_.id(1, facts.click->id);
  same_request_.empty_or_text(2, reading.event);
  same_request_.id(3, reading.request_hash);
  same_request_.integer(4, ms(reading.arrival));
  same_request_.integer(5, resend_window_ms(reading));
  return take_row(same_request_, facts.same_request);
}

int ConversionSearch::find_by_claim(const Reading& reading, Facts& facts) {
  const auto owner = txid_owner(reading, *facts.click);
  if (!owner) return SQLITE_OK;
  const ResetAtEnd reset(by_claim_);
  by_claim_.integer(1, static_cast<std::int64_t>(owner->scope));
  by_claim_.integer(2, owner->number);
  by_claim_.empty_or_text(3, reading.event);
  by_claim_.empty_or_text(4, reading.txid);
  return take_row(by_claim_, facts.conversion);
}

TxidClaims::TxidClaims(Database& database)
    : insert_(database.prepare("INSERT INTO txid_claim (scope, owner, event, txid, conversion) VALUES (?1,?2,?3,?4,?5) "
                               "ON CONFLICT DO NOTHING")) {}

int TxidClaims::claim(const TxidOwner& owner, const Conversion& conversion) {
  insert_.integer(1, static_cast<std::int64_t>(owner.scope));
  insert_.integer(2, owner.number);
  insert_.empty_or_text(3, conversion.event);
  insert_.empty_or_text(4, conversion.txid);
  insert_.id(5, conversion.id);
  return insert_.run();
}

}  // namespace postback::sqlite
