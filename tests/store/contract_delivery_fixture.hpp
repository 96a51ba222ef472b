// DeliveryContract: a store whose catalog has a destination, and what happens to its deliveries.
#pragma once

#include "contract_fixture.hpp"

#include "postback/store/delivery_items.hpp"
#include "postback/store/visit_items.hpp"
#include "support/example_destination.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace postback {

inline constexpr EntityNumber kCrm = 7;
inline constexpr EntityNumber kOther = 9;

class DeliveryContract : public StoreContract {
 protected:
  void SetUp() override {
    StoreContract::SetUp();
    world_.catalog = catalog_of(with_destination(example_documents(), "conversion"));
  }
  std::vector<Occurrence> outbox() { return reader_->occurrences(0, 1'000).value(); }
  /// A click with a conversion; the occurrence of it.
  Occurrence conversion(const std::string& more = "&payout=5") {
    ClickItem& click = world_.click();
    EXPECT_OK(commit({&click, &world_.postback(click.click.id, more)}));
    return outbox().back();
  }
  Delivery delivery_of(const Occurrence& occurrence, EntityNumber destination = kCrm) {
    Delivery delivery;
    delivery.destination = destination;
    delivery.click = occurrence.click;
    delivery.conversion = occurrence.conversion;
    delivery.conversion_number = 1;
    delivery.conversion_revision = occurrence.conversion_revision;
    delivery.campaign = 1;
    delivery.occurred = occurrence.time;
    delivery.created = delivery.retry_from = world_.clock.wall();
    delivery.due = world_.clock.wall();
    return delivery;
  }
  SnowflakeId plan(const Occurrence& occurrence, const Delivery& delivery) {
    Idle<PlanItem> item;
    item.occurrences = {occurrence.id};
    item.deliveries.push_back({occurrence.id, delivery});
    EXPECT_OK(commit({&item}));
    return item.deliveries[0].delivery.id;
  }
  /// A delivery of a new conversion.
  SnowflakeId planned() {
    const Occurrence occurrence = conversion();
    return plan(occurrence, delivery_of(occurrence));
  }
  AttemptItem::Noted note(SnowflakeId delivery, std::uint32_t number, AttemptReason reason, DeliveryState state,
                          std::optional<TimeMs> due = {}, std::optional<TimeMs> retry_from = {}) {
    Idle<AttemptItem> item;
    AttemptItem::Noted noted;
    noted.attempt.delivery = delivery;
    noted.attempt.number = number;
    noted.retry_from = retry_from.value_or(reader_->delivery(delivery).value().value_or(Delivery{}).retry_from);
    noted.attempt.time = world_.clock.wall();
    noted.attempt.duration = std::chrono::milliseconds{40};
    noted.attempt.http_status = reason == AttemptReason::delivered ? 200 : 503;
    noted.attempt.reason = reason;
    noted.attempt.error = reason == AttemptReason::delivered ? "" : "it answered 503";
    noted.attempt.answer = "busy";
    noted.attempt.request = "GET https://crm.example/in?c=EXT1";
    noted.attempt.address = "192.0.2.80";
    noted.state = state;
    noted.due = due;
    item.attempts.push_back(noted);
    EXPECT_OK(commit({&item}));
    return item.attempts[0];
  }
  using Action = DeliveryChangeItem::Action;
  Idle<DeliveryChangeItem> change(Action action, std::vector<SnowflakeId> deliveries) {
    Idle<DeliveryChangeItem> item;
    item.action = action;
    item.deliveries = std::move(deliveries);
    item.now = world_.clock.wall();
    item.audit = AuditEntry{.time = item.now, .actor = "me", .action = "deliveries.change", .target = "deliveries"};
    EXPECT_OK(commit({&item}));
    return item;
  }
  Delivery found(SnowflakeId id) {
    const auto delivery = reader_->delivery(id).value();
    EXPECT_TRUE(delivery) << "no delivery " << id;
    return delivery.value_or(Delivery{});
  }
  std::vector<SnowflakeId> due(EntityNumber destination, const DueCursor& after = {}, std::size_t limit = 100) {
    std::vector<SnowflakeId> ids;
    for (const auto& each : reader_->due_deliveries(destination, world_.clock.wall(), after, limit).value()) {
      EXPECT_EQ(each.state, DeliveryState::pending);
      ids.push_back(each.id);
    }
    return ids;
  }
};

}  // namespace postback
