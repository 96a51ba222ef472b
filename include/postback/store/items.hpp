// The items a recorder takes: a click, a postback or an operator's change, each with its outcome.
#pragma once

#include "postback/base/result.hpp"
#include "postback/base/task.hpp"
#include "postback/domain/click.hpp"
#include "postback/domain/matcher.hpp"
#include "postback/domain/postback.hpp"
#include "postback/store/operator_change.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postback {

enum class ItemKind : std::uint8_t {
  click,
  postback,
  change,
  cta,                ///< A visitor went from a lander to an offer.
  impression,         ///< Counted, not recorded one by one.
  release,            ///< Held conversions whose time has come.
  import,             ///< Clicks of another tracker.
  forget,             ///< A step of retention or erasure.
  correction,         ///< Of a conversion, by hand.
  plan,               ///< Occurrences become deliveries.
  attempt,            ///< Attempts of deliveries.
  delivery_change,    ///< Of deliveries, by hand.
  destination_state,  ///< A destination is paused, or goes on.
};

/// What became of an item.
enum class ItemOutcome : std::uint8_t {
  none,         ///< Not decided yet.
  committed,    ///< Durable.
  spooled,      ///< A click kept in memory until the store is back; durable later, unless the process dies first.
  unavailable,  ///< The store refuses; the outcome may even be "stored": the sender repeats, identity makes it
                ///< harmless.
  rejected,     ///< The store takes others, but not this one: it would be rejected again.
};
/// Whether nothing is kept of an item that was settled or refused.
inline bool is_lost(ItemOutcome outcome) {
  return outcome == ItemOutcome::unavailable || outcome == ItemOutcome::rejected;
}

/// Work for the recorder. The submitter owns it and keeps it (and all it views) alive until `run` was called, which
/// happens once per submit, on the thread of `sink`.
class Item : public Task {
 public:
  explicit Item(ItemKind item_kind) : kind(item_kind) {}
  const ItemKind kind;
  ItemOutcome outcome = ItemOutcome::none;
  TaskSink* sink = nullptr;
  std::chrono::milliseconds submitted{0};  ///< Monotonic; set by the recorder.
};

class ClickItem : public Item {
 public:
  ClickItem() : Item(ItemKind::click) {}
  Click click;
  bool told = false;  ///< A destination may have to be told of it.
};

class PostbackItem : public Item {
 public:
  PostbackItem() : Item(ItemKind::postback) {}
  Postback postback;
  Reading reading;
  std::optional<ClickFacts>
      click;  ///< Fetched beforehand by a reader; the store looks again if empty and a click is named.

  // Filled by the store's commit.
  Judgement judgement;
  SnowflakeId postback_id = 0;
  /// A row of the log that is judged again: it is changed in place of a new one. 0: a request that just arrived.
  SnowflakeId judged_again = 0;
  std::uint64_t repeats = 0;  ///< Further refusals like this one that the row stands for, under a flood.
  /// What causes the effect of a row that is judged again: `replay` or `late_match`, a constant of the program.
  std::string_view cause{};
  bool changed = false;              ///< Of a row that is judged again: whether anything was changed.
  bool fires = true;                 ///< Whether destinations are told of its effect.
  SnowflakeId conversion_click = 0;  ///< With judgement.conversion_number: the conversion's public ID. 0: none.
};

class ChangeItem : public Item {
 public:
  ChangeItem() : Item(ItemKind::change) {}
  const OperatorChange* change = nullptr;
};

}  // namespace postback
