// NetworkPolicies: what the postbacks of a network count as.
#pragma once

#include "postback/domain/condition.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace postback {

/// What a second postback of the same identity does.
enum class RepeatPolicy : std::uint8_t {
  update,  ///< Status follows the table of transitions, payout is replaced when given.
  ignore,
  add,   ///< Payout is summed.
  new_,  ///< Without a transaction ID, each is a conversion.
};

/// Within what a transaction ID is unique.
enum class TxidScope : std::uint8_t { click = 0, offer = 1, network = 2 };

/// What happens to a postback that a rule matches.
enum class RuleAction : std::uint8_t {
  accept,  ///< Counts, whatever rules follow.
  reject,  ///< Logged as ignored_by_rule, no conversion.
  hold,    ///< Counts as pending until a time or a hand.
};

struct PostbackRule {
  std::string name;
  Condition when;
  RuleAction action = RuleAction::accept;
  std::chrono::seconds hold_for{0};  ///< 0: until somebody decides.
};

/// Fields whose document names are theirs, but for those of `Network` that came before.
struct NetworkPolicies {
  TxidScope txid_scope = TxidScope::click;
  std::chrono::seconds attribution_window{0};  ///< From the click; 0: none.
  std::chrono::seconds resend_window{60};      ///< Within which equal requests without a transaction ID are one.
  bool adjustments = false;                    ///< Whether a payout may be negative under `add`.
  std::vector<std::string> events{};           ///< Sorted; empty: any event is taken.
  std::vector<PostbackRule> rules{};           ///< First match wins; none: accept.
};

/// What a network wants to be answered, whatever the verdict.
struct NetworkAnswer {
  bool always_200 = false;
  std::string body{};  ///< Empty: the verdict as JSON.
};

}  // namespace postback
