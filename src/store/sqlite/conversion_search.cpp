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

/// The click's (?1) newest conversion of an event (?2) that is not rejected, else its newest. Most are those of the
/// policy `new`, which have an index; the others are one without a transaction ID and those with one.
std::string newest_sql() {
  const std::string of_event = "SELECT id, status = 2 AS rejected FROM conversion WHERE click = ?1 AND event = ?2 AND ";
  const auto newest_slotted = [&](const char* rejected) {
    return "SELECT * FROM (" + of_event + "slot > 0 AND (status = 2) = " + rejected + " ORDER BY id DESC LIMIT 1)";
  };
  return select_where("id = (SELECT id FROM (" + newest_slotted("0") + " UNION ALL " + newest_slotted("1") +
                      " UNION ALL " + of_event + "txid = '' AND slot = 0 UNION ALL " + of_event +
                      "txid > '') ORDER BY rejected, id DESC LIMIT 1)");
}

/// Which conversion a request (?2) made or changed near a time (?3, within ?4).
std::string resend_sql(const std::string& more) {
  return "SELECT r.conversion FROM resend r WHERE r.click = ?1 AND r.request_hash = ?2 AND "
         "r.time_ms BETWEEN ?3 - ?4 AND ?3 + ?4 AND " +
         more + " ORDER BY r.time_ms DESC, r.conversion DESC LIMIT 1";
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

/// ?1 to ?4 of resend_sql.
void bind_request(Statement& statement, const Reading& reading, const ClickFacts& click) {
  statement.id(1, click.id);
  statement.id(2, reading.request_hash);
  statement.integer(3, ms(reading.arrival));
  statement.integer(4, resend_window_ms(reading));
}

}  // namespace

ConversionSearch::ConversionSearch(Database& database)
    : count_(database.prepare("SELECT max(number) FROM conversion WHERE click = ?1")),
      by_identity_(database.prepare(select_where("click = ?1 AND event = ?2 AND txid = ?3 AND slot = 0"))),
      by_claim_(database.prepare(select_where("id = (SELECT conversion FROM txid_claim WHERE scope = ?1 AND owner = ?2 "
                                              "AND event = ?3 AND txid = ?4)"))),
      newest_(database.prepare(newest_sql())),
      same_request_(database.prepare(select_where(
          "id = (" + resend_sql("(SELECT event FROM conversion c WHERE c.id = r.conversion) = ?5") + ")"))),
      same_earlier_request_(database.prepare(resend_sql("r.conversion = ?5"))) {}

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
  bind_request(same_earlier_request_, reading, *facts.click);
  same_earlier_request_.id(5, facts.conversion->id);
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
  bind_request(same_request_, reading, *facts.click);
  same_request_.empty_or_text(5, reading.event);
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

ResendTable::ResendTable(Database& database)
    : insert_(database.prepare(
          "INSERT OR IGNORE INTO resend (click, request_hash, time_ms, conversion) VALUES (?1, ?2, ?3, ?4)")) {}

int ResendTable::note(const Reading& reading, const Conversion& conversion) {
  if (!resends_by_time(reading)) return SQLITE_OK;
  insert_.id(1, conversion.click);
  insert_.id(2, reading.request_hash);
  insert_.integer(3, ms(reading.arrival));
  insert_.id(4, conversion.id);
  return insert_.run();
}

}  // namespace postback::sqlite
