// Choosing path, lander and offer for a click: a pure function of its ID and of the recorded facts, so that the choice
// can be recomputed at any time.
#include "domain/route_draw.hpp"
#include "domain/visitor_fields.hpp"
#include "postback/domain/catalog.hpp"

#include <optional>

namespace postback {
namespace {

/// Its number from 1; 0: none matches.
std::uint32_t first_matching_rule(const Campaign& campaign, const Visitor& visitor) {
  std::optional<VisitorValues> values;
  for (std::size_t i = 0; i < campaign.rules.size(); ++i) {
    const CampaignRule& rule = campaign.rules[i];
    if (!values || values->zone() != rule.zone) values.emplace(visitor, rule.zone);
    if (rule.when.matches(*values)) return static_cast<std::uint32_t>(i + 1);
  }
  return 0;
}

}  // namespace

Route choose_route(const Campaign& campaign, const ClickId& id, const Visitor& visitor) {
  Route route;
  route.rule = first_matching_rule(campaign, visitor);
  const auto& paths = route.rule == 0 ? campaign.paths : campaign.rules[route.rule - 1].paths;
  route.path = pick(paths, id.low, DrawLevel::path);
  const CampaignPath& path = paths[route.path];
  if (!path.landers.empty()) route.lander = path.landers[pick(path.landers, id.low, DrawLevel::lander)].lander;
  route.offer = path.offers[pick(path.offers, id.low, DrawLevel::offer)].offer;
  return route;
}

}  // namespace postback
