// BatchWriter: rows that are judged again, imported clicks, and steps of forgetting.
#include "postback/domain/judge_again.hpp"
#include "postback/store/replayer.hpp"
#include "store/sqlite/batch_writer.hpp"

#include <utility>

namespace postback::sqlite {

/// Judged in the fold like any other, but against what became of it so far; its row changes only with its verdict.
int BatchWriter::judge_logged(PostbackItem& item, SnowflakeGenerator& ids) {
  item.postback_id = item.judged_again;
  LoggedOutcome logged;
  if (const int code = postbacks_.find(item.judged_again, logged); code != SQLITE_OK || !logged.found) return code;
  EarlierJudgement earlier{.code = logged.code, .result = logged.result, .status = logged.status};
  if (earlier.had_effect() && logged.conversion_number != 0) {
    const int code = find_left_by(left_by_, logged.click, logged.conversion_number, item.judged_again, earlier.own);
    if (code != SQLITE_OK) return code;
  }
  Facts facts;
  if (const int code = look_up(item, facts); code != SQLITE_OK) return code;
  JudgedAgain again = judge_again(item.reading, facts, earlier);
  item.judgement = std::move(again.judgement);
  item.changed = again.changes;
  // Its click is there, and it says the same all the same: nothing is to come that it could wait for.
  if (!again.changes)
    return item.cause == kCausedByLateMatch ? waiting_.remove(logged.click, item.judged_again) : SQLITE_OK;
  if (item.judgement.effect) {
    const Conversion* const own = earlier.own ? &*earlier.own : nullptr;
    if (const int code = store_effect(item, facts, own, ids); code != SQLITE_OK) return code;
  }
  item.conversion_click = item.judgement.conversion_click;
  const bool waits = item.judgement.verdict.code == VerdictCode::click_unknown;
  const SnowflakeId click = item.reading.click_id.high;
  const int code = waits ? waiting_.add(click, item.judged_again) : waiting_.remove(logged.click, item.judged_again);
  return code == SQLITE_OK ? postbacks_.update(item, now_) : code;
}

int BatchWriter::write_import(ImportItem& item) {
  for (auto& click : item.clicks) {
    if (const int code = imports_.import(click, clicks_, agents_); code != SQLITE_OK) return code;
    if (click.outcome != ImportedClick::Outcome::imported) continue;
    imported_ids_.add(click.id);
    foreign_ids_ = foreign_ids_ || click.click.id.high == 0;
  }
  return SQLITE_OK;
}

int BatchWriter::write_forget(ForgetItem& item, SnowflakeGenerator& ids) {
  const int code = forgetting_.forget(item);
  return code == SQLITE_OK ? write_audit(item.audit, ids) : code;
}

/// Imported clicks have times of their own: a row for them alone, so that no range of the others holds them.
int BatchWriter::write_import_row() {
  batch_.integer(1, next_batch_ + 1);
  batch_.integer(2, kImportNode);
  batch_.integer(3, imported_ids_.count);
  batch_.id(4, imported_ids_.first);
  batch_.id(5, imported_ids_.last);
  batch_.integer(6, 0);
  batch_.integer(9, 0);
  return batch_.run();
}

}  // namespace postback::sqlite
