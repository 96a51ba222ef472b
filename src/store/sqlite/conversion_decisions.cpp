// Releases held conversions and corrects others.
#include "store/sqlite/conversion_decisions.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace postback::sqlite {

std::string conversion_by_number_sql() {
  return std::string("SELECT ") + kConversionColumns + " FROM conversion WHERE click = ?1 AND number = ?2";
}

ConversionDecisions::ConversionDecisions(Database& database)
    : due_(
          database.prepare(std::string("SELECT ") + kConversionColumns +
                           " FROM conversion WHERE hold_until_ms <= ?1 ORDER BY hold_until_ms, id LIMIT ?2 OFFSET ?3")),
      by_number_(database.prepare(conversion_by_number_sql())) {}

int ConversionDecisions::release(ReleaseItem& item, ConversionTable& conversions, Outbox& outbox,
                                 SnowflakeGenerator& ids) {
  item.released = 0;
  std::vector<Conversion> due;
  {
    const ResetAtEnd reset(due_);
    due_.integer(1, item.now.time_since_epoch().count());
    due_.id(2, item.limit);
    due_.id(3, item.skip);
    int code = due_.step();
    for (; code == SQLITE_ROW; code = due_.step()) due.push_back(read_conversion(due_));
    if (code != SQLITE_DONE) return code;
  }
  for (Conversion& conversion : due) {
    const ConversionStatus before = conversion.status;
    postback::release(item.now, conversion);
    if (const int code = conversions.store(conversion, false, 0, kCausedByHold); code != SQLITE_OK) return code;
    if (const int code = outbox.tell(conversion, before, item.now, ids); code != SQLITE_OK) return code;
  }
  item.released = due.size();
  return SQLITE_OK;
}

int ConversionDecisions::correct(CorrectionItem& item, ConversionTable& conversions) {
  item.before.reset();
  item.after.reset();
  {
    const ResetAtEnd reset(by_number_);
    by_number_.id(1, item.click);
    by_number_.integer(2, item.number);
    const int code = by_number_.step();
    if (code == SQLITE_DONE) return SQLITE_OK;
    if (code != SQLITE_ROW) return code;
    item.before = read_conversion(by_number_);
  }
  item.outdated =
      item.if_revisions && std::ranges::find(*item.if_revisions, item.before->revision) == item.if_revisions->end();
  if (item.outdated) return SQLITE_OK;
  Conversion corrected = *item.before;
  if (!postback::correct(item.correction, item.audit.time, corrected)) return SQLITE_OK;
  if (const int code = conversions.store(corrected, false, 0, kCausedByCorrection); code != SQLITE_OK) return code;
  item.after = std::move(corrected);
  return SQLITE_OK;
}

}  // namespace postback::sqlite
