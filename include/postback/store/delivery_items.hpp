// Items of the outbox: planning deliveries, noting attempts, and what operators do to deliveries.
#pragma once

#include "postback/domain/delivery.hpp"
#include "postback/store/items.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace postback {

/// Turns occurrences into deliveries. Whose occurrence is gone already was planned before, so that a repeat after an
/// unknown outcome adds nothing twice.
class PlanItem : public Item {
 public:
  struct Planned {
    SnowflakeId occurrence = 0;  ///< One of `occurrences`, which leads to it.
    Delivery delivery{};         ///< Gets its ID by the store's commit; keeps 0 where the occurrence was gone.
  };
  struct Remainder {
    EntityNumber destination = 0;
    SendRemainder remainder = 0;
  };
  PlanItem() : Item(ItemKind::plan) {}
  std::vector<SnowflakeId> occurrences;  ///< Removed.
  std::vector<Planned> deliveries;       ///< Added.
  std::vector<Remainder> remainders;     ///< Of destinations that send a part; kept if any occurrence was there.
};

/// Notes attempts, with what follows for their deliveries.
class AttemptItem : public Item {
 public:
  struct Noted {
    DeliveryAttempt attempt;
    TimeMs retry_from{};  ///< The delivery's, when it was tried. With another one somebody had it tried again since.
    DeliveryState state = DeliveryState::pending;
    std::optional<TimeMs> due{};  ///< While it is pending.
    /// By the commit. False: it is no longer pending (cancelled), or is gone. An attempt of a cancelled one is logged
    /// all the same, and changes nothing else. Nor does one that failed after somebody had it tried again: `state` and
    /// `due` are filled with what that left.
    bool stored = false;
  };
  AttemptItem() : Item(ItemKind::attempt) {}
  std::vector<Noted> attempts;
};

/// What an operator wants of deliveries, with its line in the audit log; or `list`, without one, what a feed wants.
class DeliveryChangeItem : public Item {
 public:
  enum class Action : std::uint8_t {
    retry,   ///< Pending or failed ones: due now, and given its whole time again.
    cancel,  ///< Pending ones.
    resend,  ///< Final ones, of whatever state: a new delivery of the same content, which is pending.
    list,    ///< Pending ones: they stand in the destination's feed from now on.
  };
  DeliveryChangeItem() : Item(ItemKind::delivery_change) {}
  Action action = Action::retry;
  std::vector<SnowflakeId> deliveries;  ///< At most kMost.
  static constexpr std::size_t kMost = 1'000;
  TimeMs now{};
  std::string reason = "by_hand";     ///< Delivery::reason of what is cancelled.
  std::optional<AuditEntry> audit{};  ///< Written when any was changed.

  // Filled by the store's commit.
  std::vector<SnowflakeId> changed;  ///< Those that were in a state that allows it.
  std::vector<SnowflakeId> made;     ///< By resend: the new ones, in the order of `changed`.
};

/// Pauses a destination while the server runs (its document stays), or lets it go on.
class DestinationStateItem : public Item {
 public:
  DestinationStateItem() : Item(ItemKind::destination_state) {}
  EntityNumber destination = 0;
  std::optional<TimeMs> paused{};  ///< Since; nothing: goes on.
  std::string reason{};
  std::optional<AuditEntry> audit{};
};

}  // namespace postback
