// BatchWriter: conversions and what destinations are told of them; items of the outbox.
#include "store/sqlite/batch_writer.hpp"

namespace postback::sqlite {
namespace {

/// Whether any destination may be told of conversions: who has none pays nothing. One for conversions listens to
/// changes of status, too, and one for changes needs no beginning, but that is the planner's to know.
bool tells_conversions(const PostbackItem& item) {
  const Catalog* const catalog = item.reading.catalog.get();
  return item.fires && catalog != nullptr &&
         !(catalog->destinations(Trigger::conversion).empty() && catalog->destinations(Trigger::status_change).empty());
}

}  // namespace

/// Stores the effect of a postback; with it, if its status is news, the occurrence.
int BatchWriter::store_conversion(PostbackItem& item, SnowflakeGenerator& ids) {
  const Conversion& effect = *item.judgement.effect;
  const bool creates = item.judgement.creates;
  const bool tells = tells_conversions(item);
  std::optional<ConversionStatus> before;
  if (tells && !creates) {
    if (const int code = outbox_.find_status(effect.id, before); code != SQLITE_OK) return code;
  }
  const int code = conversions_.store(effect, creates, item.postback_id, item.cause);
  return code == SQLITE_OK && tells ? outbox_.tell(effect, before, now_, ids) : code;
}

int BatchWriter::write_release(ReleaseItem& item, SnowflakeGenerator& ids) {
  const int code = conversion_decisions_.release(item, conversions_, outbox_, ids);
  conversion_changes_ += static_cast<std::int64_t>(item.released);
  return code;
}

int BatchWriter::write_correction(CorrectionItem& item, SnowflakeGenerator& ids) {
  if (const int code = conversion_decisions_.correct(item, conversions_); code != SQLITE_OK || !item.after) return code;
  ++conversion_changes_;
  Facts facts;
  if (const int code = clicks_.find(item.click, facts.click); code != SQLITE_OK) return code;
  if (facts.click) {
    if (const int code = offer_counts_.apply(facts, &*item.before, *item.after); code != SQLITE_OK) return code;
  }
  if (const int code = outbox_.tell(*item.after, item.before->status, now_, ids); code != SQLITE_OK) return code;
  return write_audit(item.audit, ids);
}

int BatchWriter::write_outgoing(Item& item, SnowflakeGenerator& ids) {
  if (item.kind == ItemKind::plan) return outbox_.plan(static_cast<PlanItem&>(item), ids);
  if (item.kind == ItemKind::attempt) return outbox_.note(static_cast<AttemptItem&>(item));
  if (item.kind == ItemKind::delivery_change) {
    auto& change = static_cast<DeliveryChangeItem&>(item);
    const int code = outbox_.change(change, ids);
    return code == SQLITE_OK && !change.changed.empty() ? write_audit(change.audit, ids) : code;
  }
  const auto& state = static_cast<const DestinationStateItem&>(item);
  const int code = outbox_.set_state(state);
  return code == SQLITE_OK ? write_audit(state.audit, ids) : code;
}

int BatchWriter::write_audit(const std::optional<AuditEntry>& entry, SnowflakeGenerator& ids) {
  if (!entry) return SQLITE_OK;
  OperatorChange change;
  change.audit = entry;
  return operator_tables_.write(change, ids);
}

}  // namespace postback::sqlite
