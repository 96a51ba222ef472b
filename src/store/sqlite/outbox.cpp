// Outbox: occurrences as they come, then what becomes of them.
#include "store/sqlite/outbox.hpp"

#include <unordered_set>

namespace postback::sqlite {

Outbox::Outbox(Database& database)
    : occurrences_(database),
      deliveries_(database),
      newest_cta_(database.prepare("SELECT max(number) FROM cta WHERE click = ?1")),
      status_(database.prepare("SELECT status FROM conversion WHERE id = ?1")),
      remainder_(database.prepare("INSERT INTO destination_state (destination, remainder) VALUES (?1,?2) "
                                  "ON CONFLICT (destination) DO UPDATE SET remainder = ?2")),
      state_(database.prepare("INSERT INTO destination_state (destination, remainder, paused_ms, reason) "
                              "VALUES (?1,0,?2,?3) ON CONFLICT (destination) DO UPDATE SET paused_ms = ?2, "
                              "reason = ?3")) {}

int Outbox::tell(const Click& click, SnowflakeGenerator& ids) {
  return occurrences_.append(
      {.id = ids.next(), .kind = Trigger::click, .time = click.id.time(), .click = click.id.high});
}

int Outbox::tell(const Cta& cta, SnowflakeGenerator& ids) {
  const ResetAtEnd reset(newest_cta_);
  newest_cta_.id(1, cta.click);
  if (const int code = newest_cta_.step(); code != SQLITE_ROW) return code == SQLITE_DONE ? SQLITE_OK : code;
  return occurrences_.append({.id = ids.next(),
                              .kind = Trigger::cta,
                              .time = cta.time,
                              .click = cta.click,
                              .cta = newest_cta_.number_at<std::uint32_t>(0)});
}

int Outbox::tell(const ImpressionItem& item, SnowflakeGenerator& ids) {
  return occurrences_.append({.id = ids.next(),
                              .kind = Trigger::impression,
                              .time = item.told_time,
                              .campaign = item.impressions.campaign,
                              .detail = item.told_detail});
}

int Outbox::tell(const Conversion& conversion, std::optional<ConversionStatus> before, TimeMs now,
                 SnowflakeGenerator& ids) {
  if (before == conversion.status) return SQLITE_OK;
  return occurrences_.append({.id = ids.next(),
                              .kind = before ? Trigger::status_change : Trigger::conversion,
                              .time = now,
                              .click = conversion.click,
                              .conversion = conversion.id,
                              .conversion_revision = conversion.revision});
}

int Outbox::find_status(SnowflakeId conversion, std::optional<ConversionStatus>& status) {
  const ResetAtEnd reset(status_);
  status_.id(1, conversion);
  const int code = status_.step();
  status.reset();
  if (code == SQLITE_ROW) status = status_.number_at<ConversionStatus>(0);
  return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

int Outbox::plan(PlanItem& item, SnowflakeGenerator& ids) {
  std::unordered_set<SnowflakeId> open;
  for (const SnowflakeId occurrence : item.occurrences) {
    bool was_there = false;
    if (const int code = occurrences_.remove(occurrence, was_there); code != SQLITE_OK) return code;
    if (was_there) open.insert(occurrence);
  }
  for (auto& planned : item.deliveries) {
    planned.delivery.id = 0;
    if (!open.contains(planned.occurrence)) continue;
    planned.delivery.id = ids.next();
    if (const int code = deliveries_.append(planned.delivery); code != SQLITE_OK) return code;
  }
  if (open.empty()) return SQLITE_OK;
  for (const auto& [destination, remainder] : item.remainders) {
    remainder_.integer(1, destination);
    remainder_.integer(2, remainder);
    if (const int code = remainder_.run(); code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

int Outbox::note(AttemptItem& item) {
  for (auto& noted : item.attempts) {
    if (const int code = deliveries_.note(noted); code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

int Outbox::change_one(DeliveryChangeItem& item, SnowflakeId delivery, SnowflakeGenerator& ids) {
  using Action = DeliveryChangeItem::Action;
  bool changed = false;
  int code = SQLITE_OK;
  if (item.action == Action::resend) {
    const SnowflakeId made = ids.next();
    code = deliveries_.resend(delivery, made, item.now, changed);
    if (changed) item.made.push_back(made);
  } else if (item.action == Action::cancel) {
    code = deliveries_.cancel(delivery, item.now, item.reason, changed);
  } else if (item.action == Action::list) {
    code = deliveries_.list(delivery, item.now, changed);
  } else {
    code = deliveries_.retry(delivery, item.now, changed);
  }
  if (changed) item.changed.push_back(delivery);
  return code;
}

int Outbox::change(DeliveryChangeItem& item, SnowflakeGenerator& ids) {
  item.changed.clear();
  item.made.clear();
  if (item.deliveries.size() > DeliveryChangeItem::kMost) return SQLITE_TOOBIG;
  for (const SnowflakeId delivery : item.deliveries) {
    if (const int code = change_one(item, delivery, ids); code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

int Outbox::set_state(const DestinationStateItem& item) {
  state_.integer(1, item.destination);
  if (item.paused) state_.integer(2, item.paused->time_since_epoch().count());
  state_.text(3, item.reason);
  return state_.run();
}

}  // namespace postback::sqlite
