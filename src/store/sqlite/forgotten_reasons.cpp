// Empties reasons in conversions, in their states, and in what tells a resend.
#include "store/sqlite/forgotten_reasons.hpp"

#include "domain/conversion_record.hpp"

#include <string>
#include <utility>
#include <vector>

namespace postback::sqlite {

ForgottenReasons::ForgottenReasons(Database& database)
    : of_click_(database.prepare(
          "SELECT id, last_said FROM conversion c WHERE click = ?1 AND (reason IS NOT NULL OR EXISTS (SELECT 1 FROM "
          "conversion_revision r WHERE r.conversion = c.id AND r.reason IS NOT NULL))")),
      of_postback_(
          database.prepare("SELECT c.id, c.last_said, r.reason FROM conversion_revision r JOIN conversion c ON "
                           "c.id = r.conversion WHERE r.postback = ?1 AND r.reason IS NOT NULL")),
      revisions_(
          database.prepare("UPDATE conversion_revision SET reason = NULL WHERE conversion = ?1 AND reason IS NOT "
                           "NULL AND (?2 IS NULL OR reason = ?2)")),
      conversion_(database.prepare("UPDATE conversion SET last_said = ?3, reason = CASE WHEN ?2 IS NULL OR reason = ?2 "
                                   "THEN NULL ELSE reason END WHERE id = ?1")) {}

int ForgottenReasons::of_click(SnowflakeId click) {
  std::vector<std::pair<SnowflakeId, std::string>> conversions;
  {
    const ResetAtEnd reset(of_click_);
    of_click_.id(1, click);
    int code = of_click_.step();
    for (; code == SQLITE_ROW; code = of_click_.step()) {
      conversions.emplace_back(of_click_.id_at(0), of_click_.text_at(1));
    }
    if (code != SQLITE_DONE) return code;
  }
  for (const auto& [conversion, said] : conversions) {
    if (const int code = forget(conversion, said, {}); code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

int ForgottenReasons::of_postback(SnowflakeId postback) {
  SnowflakeId conversion = 0;
  std::string said;
  std::string reason;
  {
    const ResetAtEnd reset(of_postback_);
    of_postback_.id(1, postback);
    const int code = of_postback_.step();
    if (code == SQLITE_DONE) return SQLITE_OK;
    if (code != SQLITE_ROW) return code;
    conversion = of_postback_.id_at(0);
    said = of_postback_.text_at(1);
    reason = of_postback_.text_at(2);
  }
  return forget(conversion, said, reason);
}

/// `reason`: only this one; empty: all.
int ForgottenReasons::forget(SnowflakeId conversion, std::string_view last_said, std::string_view reason) {
  revisions_.id(1, conversion);
  revisions_.text(2, reason);
  if (const int code = revisions_.run(); code != SQLITE_OK) return code;
  conversion_.id(1, conversion);
  conversion_.text(2, reason);
  conversion_.text(3, without_reason(last_said, reason));
  return conversion_.run();
}

}  // namespace postback::sqlite
