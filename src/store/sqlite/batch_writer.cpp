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
      outbox_(database),
      left_by_(database.prepare(left_by_sql())),
      batch_(database.prepare(
          "INSERT INTO batch (number, node, clicks, first_click, last_click, postbacks, first_postback, "
          "last_postback, conversion_changes) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)")) {
  if (const auto newest = database.number("SELECT max(number) FROM batch")) next_batch_ = *newest + 1;
}

int BatchWriter::write(std::span<Item* const> items, SnowflakeGenerator& ids, TimeMs now) {
  agents_.begin_batch(now);
  visits_.begin_batch();
  outbox_.begin_batch();
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
    case ItemKind::click:
    case ItemKind::cta:
    case ItemKind::impression: return write_visit(item, ids);
    case ItemKind::postback: return write_postback(static_cast<PostbackItem&>(item), ids);
    case ItemKind::change: return operator_tables_.write(*static_cast<ChangeItem&>(item).change, ids);
    case ItemKind::release: return write_release(static_cast<ReleaseItem&>(item), ids);
    case ItemKind::correction: return write_correction(static_cast<CorrectionItem&>(item), ids);
    case ItemKind::import: return write_import(static_cast<ImportItem&>(item));
    case ItemKind::forget: return write_forget(static_cast<ForgetItem&>(item), ids);
    case ItemKind::plan:
    case ItemKind::attempt:
    case ItemKind::delivery_change:
    case ItemKind::destination_state: return write_outgoing(item, ids);
  }
  return SQLITE_MISUSE;
}

int BatchWriter::write_visit(Item& item, SnowflakeGenerator& ids) {
  if (item.kind == ItemKind::click) {
    const auto& visit = static_cast<ClickItem&>(item);
    click_ids_.add(visit.click.id.high);
    const int code = clicks_.append(visit.click, agents_);
    return code == SQLITE_OK && visit.told ? outbox_.tell(visit.click, ids) : code;
  }
  if (item.kind == ItemKind::cta) {
    const auto& visit = static_cast<CtaItem&>(item);
    const int code = visits_.append(visit.cta);
    return code == SQLITE_OK && visit.told ? outbox_.tell(visit.cta, ids) : code;
  }
  const auto& visit = static_cast<ImpressionItem&>(item);
  visits_.count(visit.impressions);
  return visit.told ? outbox_.tell(visit, ids) : SQLITE_OK;
}

int BatchWriter::look_up(const PostbackItem& item, Facts& facts) {
  const Reading& reading = item.reading;
  if (reading.refusal) return SQLITE_OK;
  facts.click = item.click;
  if (!facts.click && reading.click_id.high != 0) {
    if (const int code = clicks_.find(reading.click_id.high, facts.click); code != SQLITE_OK) return code;
  }
  if (!facts.click) return SQLITE_OK;
  settle_offer(reading, *facts.click);
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

/// Stores what the judgement changes, and who has its transaction ID. `before`: what it changes, where the facts do not
/// have it; or null.
int BatchWriter::store_effect(PostbackItem& item, const Facts& facts, const Conversion* before,
                              SnowflakeGenerator& ids) {
  Judgement& judgement = item.judgement;
  Conversion& effect = *judgement.effect;
  if (judgement.creates) {
    effect.id = item.postback_id;
    effect.number = judgement.conversion_number = facts.conversions_of_click + 1;
  }
  ++conversion_changes_;
  int code = store_conversion(item, ids);
  if (code == SQLITE_OK) code = resends_.note(item.reading, effect);
  if (code == SQLITE_OK) code = offer_counts_.apply(facts, before, effect);
  if (code != SQLITE_OK || !judgement.creates) return code;
  const auto owner = txid_owner(item.reading, *facts.click);
  return owner ? txid_claims_.claim(*owner, effect) : SQLITE_OK;
}

/// Nobody who did not authenticate is matched later, but where the click is to tell how.
int BatchWriter::let_wait(const PostbackItem& item) {
  const Reading& reading = item.reading;
  if (reading.awaits_network) return waiting_.add_unproved(reading.click_id.high, item.postback_id, reading.proved_to);
  if (reading.authentication == Authentication::none) return SQLITE_OK;
  return waiting_.add(reading.click_id.high, item.postback_id);
}

int BatchWriter::write_postback(PostbackItem& item, SnowflakeGenerator& ids) {
  if (item.judged_again != 0) return judge_logged(item, ids);
  Facts facts;
  if (const int code = look_up(item, facts); code != SQLITE_OK) return code;
  Judgement& judgement = item.judgement;
  judgement = judge(item.reading, facts);
  item.postback_id = ids.next();
  postback_ids_.add(item.postback_id);
  if (judgement.effect && judgement.verdict.result != VerdictResult::test) {
    if (const int code = store_effect(item, facts, nullptr, ids); code != SQLITE_OK) return code;
  }
  item.conversion_click = judgement.conversion_click;
  const bool waits =
      judgement.verdict.code == VerdictCode::click_unknown && judgement.verdict.result != VerdictResult::test;
  if (waits) {
    if (const int code = let_wait(item); code != SQLITE_OK) return code;
  }
  return postbacks_.append(item);
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
