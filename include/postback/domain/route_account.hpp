// RouteAccount: why a click went where it went, recomputed from its ID and the recorded facts.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/click.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace postback {

/// One choice by weight: of entries that lie side by side, the one that covers `draw`.
struct DrawAccount {
  std::uint32_t index = 0;   ///< Of the entry, from 0.
  std::uint32_t weight = 0;  ///< Its own.
  std::uint32_t total = 0;   ///< All weights together.
  std::uint32_t draw = 0;    ///< From 0, below `total`; decided by the click ID alone.
};

struct RuleAccount {
  std::uint32_t number = 0;  ///< From 1.
  std::string name;
  bool matched = false;
  std::string why;  ///< Empty where only the record says so.
};

struct RouteAccount {
  Route route;
  std::vector<RuleAccount> rules;  ///< Those that were looked at, from top to bottom.
  std::string path_name;
  DrawAccount path;
  std::optional<DrawAccount> lander;
  DrawAccount offer;
};

/// The same choice as choose_route, with its reasons.
RouteAccount account_route(const Campaign& campaign, const ClickId& id, const Visitor& visitor);

/// The rule and the path that were recorded, whose weights decided the rest: for a click whose facts do not tell any
/// more why. Nothing when the campaign has no such rule or path.
std::optional<RouteAccount> account_record(const Campaign& campaign, const ClickId& id, const StoredClick& click);

/// Why the campaign's rules cannot be looked at again with this record, in words; empty: they can.
std::string missing_facts(const Campaign& campaign, const StoredClick& click);

}  // namespace postback
