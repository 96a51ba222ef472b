// BatchWriter: a batch as a fold over its items.
#include "store/sqlite/batch_writer.hpp"

#include "store/sqlite/stored_click.hpp"

#include <memory>

namespace postback::sqlite {

BatchWriter::BatchWriter(Database& database, OfferCounters& offer_counters)
    : clicks_(database),
      agents_(database),
      conversions_(database),
      conversion_search_(database),
      txid_claims_(database),
      resends_(database),
      conversion_decisions_(database),
      click_row_(database.prepare(select_click_by_id_sql())),
      postbacks_(database),
      operator_tables_(database),
      offer_counts_(database, offer_counters),
      visits_(database),
      waiting_(database),
      imports_(database),
      forgetting_(database),
      left_by_(database.prepare(left_by_sql())),
      batch_(database.prepare(
          "INSERT INTO batch (number, node, clicks, first_click, last_click, postbacks, first_postback, "
          "last_postback, conversion_changes) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)")) {
  if (const auto newest = database.number("SELECT max(number) FROM batch")) next_batch_ = *newest + 1;
}

int BatchWriter::write(std::span<Item* const> items, SnowflakeGenerator& ids, TimeMs now) {
  agents_.begin_batch(now);
  visits_.begin_batch();
  now_ = now;
  click_ids_ = {};
  imported_ids_ = {};
  foreign_ids_ = false;
  postback_ids_ = {};
  conversion_changes_ = 0;
  for (Item* item : items) {
    if (const int code = write_item(*item, ids); code != SQLITE_OK) return code;
  }
  if (const int code = visits_.write_counted(); code != SQLITE_OK) return code;
  if (const int code = write_batch_row(ids.node()); code != SQLITE_OK) return code;
  return imported_ids_.count == 0 ? SQLITE_OK : write_import_row();
}

void BatchWriter::end(bool committed) {
  offer_counts_.end(committed);
  if (committed) {
    next_batch_ += imported_ids_.count == 0 ? 1 : 2;
  } else {
    agents_.roll_back();
    forgetting_.roll_back();
  }
}

int BatchWriter::write_item(Item& item, SnowflakeGenerator& ids) {
  switch (item.kind) {
    case ItemKind::click: {
      const Click& click = static_cast<ClickItem&>(item).click;
      click_ids_.add(click.id.high);
      return clicks_.append(click, agents_);
    }
    case ItemKind::postback: return write_postback(static_cast<PostbackItem&>(item), ids);
    case ItemKind::change: return operator_tables_.write(*static_cast<ChangeItem&>(item).change, ids);
    case ItemKind::release: return write_release(static_cast<ReleaseItem&>(item));
    case ItemKind::correction: return write_correction(static_cast<CorrectionItem&>(item), ids);
    case ItemKind::cta: return visits_.append(static_cast<CtaItem&>(item).cta);
    case ItemKind::impression: visits_.count(static_cast<ImpressionItem&>(item).impressions); return SQLITE_OK;
    case ItemKind::import: return write_import(static_cast<ImportItem&>(item));
    case ItemKind::forget: return write_forget(static_cast<ForgetItem&>(item), ids);
    case ItemKind::plan:
    case ItemKind::attempt:
    case ItemKind::delivery_change:
    case ItemKind::destination_state: break;
  }
  return SQLITE_MISUSE;
}

int BatchWriter::look_up(const PostbackItem& item, Facts& facts) {
  const Reading& reading = item.reading;
  if (reading.refusal) return SQLITE_OK;
  facts.click = item.click;
  if (!facts.click && reading.click_id.high != 0) {
    if (const int code = clicks_.find(reading.click_id.high, facts.click); code != SQLITE_OK) return code;
  }
  if (!facts.click) return SQLITE_OK;
  if (needs_click_row(reading) && facts.click->row == nullptr) {
    if (const int code = read_click_row(*facts.click); code != SQLITE_OK) return code;
  }
  if (const int code = offer_counts_.look_up(reading, facts); code != SQLITE_OK) return code;
  return conversion_search_.look_up(reading, facts);
}

/// For rules, where no reader fetched it beforehand.
int BatchWriter::read_click_row(ClickFacts& click) {
  const ResetAtEnd reset(click_row_);
  click_row_.id(1, click.id);
  const int code = click_row_.step();
  if (code == SQLITE_ROW) click.row = std::make_shared<const StoredClick>(read_stored_click(click_row_));
  return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

/// Stores what the judgement changes, and who has its transaction ID.
int BatchWriter::store_effect(PostbackItem& item, const Facts& facts) {
  Judgement& judgement = item.judgement;
  Conversion& effect = *judgement.effect;
  if (judgement.creates) {
    effect.id = item.postback_id;
    effect.number = judgement.conversion_number = facts.conversions_of_click + 1;
  }
  ++conversion_changes_;
  int code = conversions_.store(effect, judgement.creates, item.postback_id, item.cause);
  if (code == SQLITE_OK) code = resends_.note(item.reading, effect);
  if (code == SQLITE_OK) code = offer_counts_.apply(facts, effect);
  if (code != SQLITE_OK || !judgement.creates) return code;
  const auto owner = txid_owner(item.reading, *facts.click);
  return owner ? txid_claims_.claim(*owner, effect) : SQLITE_OK;
}

int BatchWriter::write_postback(PostbackItem& item, SnowflakeGenerator& ids) {
  if (item.judged_again != 0) return judge_logged(item);
  Facts facts;
  if (const int code = look_up(item, facts); code != SQLITE_OK) return code;
  Judgement& judgement = item.judgement;
  judgement = judge(item.reading, facts);
  item.postback_id = ids.next();
  postback_ids_.add(item.postback_id);
  if (judgement.effect && judgement.verdict.result != VerdictResult::test) {
    if (const int code = store_effect(item, facts); code != SQLITE_OK) return code;
  }
  item.conversion_click = judgement.conversion_click;
  // Nobody who did not authenticate is matched later.
  const bool may_wait =
      judgement.verdict.result != VerdictResult::test && item.reading.authentication != Authentication::none;
  if (judgement.verdict.code == VerdictCode::click_unknown && may_wait) {
    if (const int code = waiting_.add(item.reading.click_id.high, item.postback_id); code != SQLITE_OK) return code;
  }
  return postbacks_.append(item);
}

int BatchWriter::write_release(ReleaseItem& item) {
  const int code = conversion_decisions_.release(item, conversions_);
  conversion_changes_ += static_cast<std::int64_t>(item.released);
  return code;
}

int BatchWriter::write_correction(CorrectionItem& item, SnowflakeGenerator& ids) {
  if (const int code = conversion_decisions_.correct(item, conversions_); code != SQLITE_OK || !item.after) return code;
  ++conversion_changes_;
  Facts facts;
  facts.conversion = item.before;
  if (const int code = clicks_.find(item.click, facts.click); code != SQLITE_OK) return code;
  if (facts.click) {
    if (const int code = offer_counts_.apply(facts, *item.after); code != SQLITE_OK) return code;
  }
  OperatorChange change;
  change.audit = item.audit;
  return operator_tables_.write(change, ids);
}

int BatchWriter::write_batch_row(unsigned node) {
  batch_.integer(1, next_batch_);
  batch_.integer(2, node);
  batch_.integer(3, click_ids_.count);
  batch_.id_or_null(4, click_ids_.first);
  batch_.id_or_null(5, click_ids_.last);
  batch_.integer(6, postback_ids_.count);
  batch_.id_or_null(7, postback_ids_.first);
  batch_.id_or_null(8, postback_ids_.last);
  batch_.integer(9, conversion_changes_);
  return batch_.run();
}

}  // namespace postback::sqlite
