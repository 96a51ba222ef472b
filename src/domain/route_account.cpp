// Recomputes routes with their reasons.
#include "postback/domain/route_account.hpp"

#include "domain/condition_node.hpp"
#include "domain/condition_words.hpp"
#include "domain/route_draw.hpp"
#include "domain/visitor_fields.hpp"
#include "postback/domain/parameters.hpp"

#include <algorithm>
#include <functional>

namespace postback {
namespace {

template <class Entry>
DrawAccount account_draw(const std::vector<Entry>& entries, const ClickId& id, DrawLevel level) {
  DrawAccount account;
  account.draw = draw_point(entries, id.low, level);
  account.index = entry_at(entries, account.draw);
  account.total = entries.back().cumulative;
  account.weight = entries[account.index].cumulative - (account.index == 0 ? 0 : entries[account.index - 1].cumulative);
  return account;
}

/// Whether any comparison looks at a field for which `wanted` says so.
bool looks_at(const ConditionNode& node, const std::function<bool(const ConditionNode&)>& wanted) {
  for (const ConditionNode& child : node.children()) {
    if (looks_at(child, wanted)) return true;
  }
  return node.kind == ConditionNode::Kind::comparison && wanted(node);
}

bool rules_look_at(const Campaign& campaign, const std::function<bool(const ConditionNode&)>& wanted) {
  for (const CampaignRule& rule : campaign.rules) {
    if (!rule.when.always() && looks_at(*rule.when.root(), wanted)) return true;
  }
  return false;
}

/// What retention empties.
bool is_personal(VisitorField field) {
  return field == VisitorField::ip || field == VisitorField::user_agent || field == VisitorField::referrer ||
         field == VisitorField::query || field == VisitorField::header;
}

/// As retention and erasure leave it.
bool has_nothing_personal(const StoredClick& click) {
  return click.ip.empty() && click.user_agent.empty() && click.referrer.empty() && click.external_id.empty() &&
         click.extra.empty() && click.tested_headers.empty() &&
         std::ranges::all_of(click.sub, [](const std::string& sub) { return sub.empty(); });
}

bool has_parameter(std::string_view query, std::string_view name) {
  Parameters parameters;
  parameters.add_query(query);
  return parameters.find(name).has_value();
}

const std::vector<CampaignPath>& paths_of(const Campaign& campaign, std::uint32_t rule) {
  return rule == 0 ? campaign.paths : campaign.rules[rule - 1].paths;
}

/// What the weights decided, from the path on.
void account_draws(const Campaign& campaign, const ClickId& id, RouteAccount& account) {
  const auto& paths = paths_of(campaign, account.route.rule);
  account.path = account_draw(paths, id, DrawLevel::path);
  const CampaignPath& path = paths[account.route.path];
  account.path_name = path.name;
  if (!path.landers.empty()) account.lander = account_draw(path.landers, id, DrawLevel::lander);
  account.offer = account_draw(path.offers, id, DrawLevel::offer);
}

}  // namespace

RouteAccount account_route(const Campaign& campaign, const ClickId& id, const Visitor& visitor) {
  RouteAccount account;
  account.route = choose_route(campaign, id, visitor);
  for (std::uint32_t number = 1; number <= campaign.rules.size(); ++number) {
    const CampaignRule& rule = campaign.rules[number - 1];
    const bool matched = number == account.route.rule;
    account.rules.push_back({number, rule.name, matched, why(rule.when, VisitorValues(visitor, rule.zone))});
    if (matched) break;
  }
  account_draws(campaign, id, account);
  return account;
}

std::optional<RouteAccount> account_record(const Campaign& campaign, const ClickId& id, const StoredClick& click) {
  if (click.rule > campaign.rules.size() || click.path >= paths_of(campaign, click.rule).size()) return std::nullopt;
  RouteAccount account;
  account.route.rule = click.rule;
  account.route.path = click.path;
  account_draws(campaign, id, account);
  const CampaignPath& path = paths_of(campaign, click.rule)[click.path];
  if (account.lander) account.route.lander = path.landers[account.lander->index].lander;
  account.route.offer = path.offers[account.offer.index].offer;
  if (click.rule != 0) account.rules.push_back({click.rule, campaign.rules[click.rule - 1].name, true, {}});
  return account;
}

std::string missing_facts(const Campaign& campaign, const StoredClick& click) {
  const auto field_of = [](const ConditionNode& node) { return static_cast<VisitorField>(node.field); };
  if (has_nothing_personal(click) &&
      rules_look_at(campaign, [&](const auto& node) { return is_personal(field_of(node)); }))
    return "the rules look at facts about the visitor that were forgotten, or never recorded";
  const bool tests_address =
      rules_look_at(campaign, [&](const auto& node) { return field_of(node) == VisitorField::ip; });
  if (tests_address && !click.ip.empty() && !parse_address(click.ip))
    return "the rules look at the address, of which only a hash is kept";
  const std::string cost = campaign.source != nullptr ? campaign.source->cost : std::string();
  if (click.cost && !cost.empty() && !has_parameter(click.extra, cost) &&
      rules_look_at(campaign,
                    [&](const auto& node) { return field_of(node) == VisitorField::query && node.name == cost; })) {
    return "the rules look at the parameter " + cost + ", of which an earlier version kept the sum only";
  }
  return {};
}

}  // namespace postback
