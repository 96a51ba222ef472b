// Lane: what one destination has waiting: a bounded window in memory, and what is known of the rest in the store.
#pragma once

#include "host_gate.hpp"
#include "postback/base/clock.hpp"
#include "postback/base/result.hpp"
#include "postback/domain/delivery.hpp"
#include "postback/domain/destination.hpp"
#include "postback/store/reader.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace postback::delivery {

using FactsPointer = std::shared_ptr<const DeliveryFacts>;

/// A delivery that is due.
struct DueDelivery {
  Delivery delivery;
  FactsPointer facts;  ///< Null: not read yet.
};

/// Every pending delivery of its destination is either held in memory (waiting, under way, or not noted yet) or due no
/// sooner than `store_due` says. Used by one thread.
class Lane {
 public:
  explicit Lane(EntityNumber destination) : destination_(destination) {}

  EntityNumber destination() const { return destination_; }

  // What it may do at the moment; set by its owner.
  const Destination* document = nullptr;  ///< Null: not in the catalog.
  HostGate* gate = nullptr;               ///< Null without a document, and of a feed.
  std::optional<TimeMs> paused{};         ///< By what it answered, or by hand.

  /// Nothing is sent before `until`, by the monotonic clock, and why; a wait that is longer already stays.
  void wait_until(std::chrono::milliseconds until, std::string_view reason);
  void wait_no_longer() { not_before_ = {}; }
  std::chrono::milliseconds not_before() const { return not_before_; }
  /// Why: a reason of http::DestinationWait.
  std::string_view wait_reason() const { return wait_reason_; }

  /// Neither document nor operator nor archive stops it.
  bool active() const;
  /// It became a feed while deliveries waited for being sent.
  bool lists() const;
  /// Whether something may be sent, but for the gate's allowance.
  bool sendable(std::chrono::milliseconds steady) const;

  /// A delivery that was just written. It is held if it is due, there is room, and the store has nothing due before it.
  void add(DueDelivery fresh, TimeMs now, std::size_t window);
  /// Something of the store beyond memory is due then.
  void expect(TimeMs due);
  /// All that is known of the store: nothing waits beyond what is under way, or the next is due then.
  void set_store_due(std::optional<TimeMs> due) { store_due_ = due; }
  /// Reads what is due, if the window has room worth it.
  Result<void> fill(Reader& reader, TimeMs now, std::size_t window);
  /// Back to the store with what waits; what is under way stays held.
  void let_go();

  bool holds(SnowflakeId delivery) const { return held_.contains(delivery); }
  bool has_waiting() const { return !waiting_.empty(); }
  std::size_t waiting() const { return waiting_.size(); }
  /// Nothing is held any more, but for what `hold` says next.
  void forget_held();
  void hold(SnowflakeId delivery) { held_.insert(delivery); }
  /// The next one, which stays held.
  DueDelivery take();
  /// It waits again, as the first: it could not be sent.
  void put_back(DueDelivery delivery) { waiting_.push_front(std::move(delivery)); }
  /// It is noted: it is held no longer, and waits in the store for `due` if it is still pending.
  void release(SnowflakeId delivery, std::optional<TimeMs> due);

  /// When something of the store may be due; nothing: there is nothing. Never later than it is.
  std::optional<TimeMs> store_due() const { return store_due_; }
  bool is_due(TimeMs now) const { return store_due_ && due_by(now) >= *store_due_; }
  bool is_empty() const { return held_.empty() && !store_due_; }

 private:
  /// What the store's next one says of itself.
  struct Planned {
    TimeMs due{};
    std::chrono::milliseconds ahead{0};  ///< How far ahead of its making its first attempt was planned.
  };
  TimeMs due_by(TimeMs now) const;
  Result<void> look_at_next(Reader& reader);

  const EntityNumber destination_;
  std::deque<DueDelivery> waiting_;
  std::unordered_set<SnowflakeId> held_;
  std::optional<TimeMs> store_due_;
  std::chrono::milliseconds not_before_{0};
  std::string_view wait_reason_;
  Planned planned_;
};

}  // namespace postback::delivery
