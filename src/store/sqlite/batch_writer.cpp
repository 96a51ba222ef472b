// BatchWriter: a batch as a fold over its items.
#include "store/sqlite/batch_writer.hpp"

namespace postback::sqlite {

BatchWriter::BatchWriter(Database& database, OfferCounters& offer_counters)
    : clicks_(database),
      agents_(database),
      conversions_(database),
      conversion_search_(database),
      txid_claims_(database),
      postbacks_(database),
      operator_tables_(database),
      offer_counts_(database, offer_counters),
      visits_(database),
      batch_(database.prepare(
          "INSERT INTO batch (number, node, clicks, first_click, last_click, postbacks, first_postback, "
          "last_postback, conversion_changes) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)")) {
  if (const auto newest = database.number("SELECT max(number) FROM batch")) next_batch_ = *newest + 1;
}

int BatchWriter::write(std::span<Item* const> items, SnowflakeGenerator& ids, TimeMs now) {
  agents_.begin_batch(now);
  visits_.begin_batch();
  click_ids_ = {};
  postback_ids_ = {};
  conversion_changes_ = 0;
  for (Item* item : items) {
    if (const int code = write_item(*item, ids); code != SQLITE_OK) return code;
  }
  if (const int code = visits_.write_counted(); code != SQLITE_OK) return code;
  return write_batch_row(ids.node());
}

void BatchWriter::end(bool committed) {
  offer_counts_.end(committed);
  if (committed) {
    ++next_batch_;
  } else {
    agents_.roll_back();
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
    case ItemKind::cta: return visits_.append(static_cast<CtaItem&>(item).cta);
    case ItemKind::impression: visits_.count(static_cast<ImpressionItem&>(item).impressions); return SQLITE_OK;
    case ItemKind::release:
    case ItemKind::import:
    case ItemKind::forget: break;
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
  if (const int code = offer_counts_.look_up(reading, facts); code != SQLITE_OK) return code;
  return conversion_search_.look_up(reading, facts);
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
  int code = conversions_.store(effect, judgement.creates, item.postback_id);
  if (code == SQLITE_OK) code = offer_counts_.apply(facts, effect);
  if (code != SQLITE_OK || !judgement.creates) return code;
  const auto owner = txid_owner(item.reading, *facts.click);
  return owner ? txid_claims_.claim(*owner, effect) : SQLITE_OK;
}

int BatchWriter::write_postback(PostbackItem& item, SnowflakeGenerator& ids) {
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
