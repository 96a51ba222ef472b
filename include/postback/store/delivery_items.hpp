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

/// Turns occurrences into deliveries.
class PlanItem : public Item {
 public:
  struct Remainder {
    EntityNumber destination = 0;
    SendRemainder remainder = 0;
  };
  PlanItem() : Item(ItemKind::plan) {}
  std::vector<SnowflakeId> occurrences;  ///< Removed.
  std::vector<Delivery> deliveries;      ///< Added; each gets its ID by the store's commit.
  std::vector<Remainder> remainders;     ///< Of destinations that send a part.
};

/// Notes attempts, with what follows for their deliveries.
class AttemptItem : public Item {
 public:
  struct Noted {
    DeliveryAttempt attempt;
    DeliveryState state = DeliveryState::pending;
    std::optional<TimeMs> due{};  ///< While it is pending.
    bool stored = false;          ///< By the commit. False: it is no longer pending (cancelled), or is gone.
  };
  AttemptItem() : Item(ItemKind::attempt) {}
  std::vector<Noted> attempts;
};

/// What an operator wants of deliveries, with its line in the audit log.
class DeliveryChangeItem : public Item {
 public:
  enum class Action : std::uint8_t {
    retry,   ///< Pending or failed ones: due now, and given its whole time again.
    cancel,  ///< Pending ones.
    resend,  ///< Any final one but cancelled or withheld ones too: a new delivery of the same content.
  };
  DeliveryChangeItem() : Item(ItemKind::delivery_change) {}
  Action action = Action::retry;
  std::vector<SnowflakeId> deliveries;  ///< At most kMost.
  static constexpr std::size_t kMost = 1'000;
  TimeMs now{};
  std::optional<AuditEntry> audit{};

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
