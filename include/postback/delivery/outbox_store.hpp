// OutboxStore: where a turn of the dispatcher has its decisions made durable.
#pragma once

#include "postback/store/delivery_items.hpp"
#include "postback/store/item_waiter.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace postback::delivery {

/// What one turn writes. What did not get the outcome `committed` is not written.
struct OutboxItems {
  std::optional<ItemWaiter::Counted<PlanItem>> plan;
  std::optional<ItemWaiter::Counted<AttemptItem>> attempts;
  std::vector<std::unique_ptr<ItemWaiter::Counted<DestinationStateItem>>> states;
  std::optional<ItemWaiter::Counted<DeliveryChangeItem>> listing;
  bool empty() const { return !plan && !attempts && states.empty() && !listing; }
};

class OutboxStore {
 public:
  virtual ~OutboxStore() = default;
  /// Returns when each item has its outcome.
  virtual void commit(OutboxItems& items) = 0;
};

/// By way of the recorder: blocks its caller, so that all items of a turn share its transaction with clicks and
/// postbacks.
class RecordedOutbox final : public OutboxStore {
 public:
  explicit RecordedOutbox(ItemWaiter& waiter) : waiter_(waiter) {}
  void commit(OutboxItems& items) override;

 private:
  ItemWaiter& waiter_;
};

}  // namespace postback::delivery
