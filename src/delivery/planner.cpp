// Reading occurrences and facts, and planning.
#include "planner.hpp"

#include "postback/domain/delivery_plan.hpp"

#include <algorithm>
#include <utility>

namespace postback::delivery {

Result<Plan> Planner::plan(const Catalog& catalog, TimeMs now, std::size_t budget, PlanItem& item) {
  planned_ = committed_;
  told_.clear();
  const auto limit = std::min(kMostOccurrences, budget);
  const auto occurrences = reader_.occurrences(0, limit);
  if (!occurrences) return occurrences.error();
  Plan plan;
  if (!occurrences->empty()) plan.oldest = occurrences->front().time;
  for (const Occurrence& occurrence : *occurrences) {
    if (item.deliveries.size() >= budget) break;
    if (auto planned = plan_one(catalog, now, occurrence, item, plan); !planned) return planned.error();
    item.occurrences.push_back(occurrence.id);
  }
  plan.more = item.occurrences.size() < occurrences->size() || occurrences->size() == limit;
  for (const auto& [destination, remainder] : planned_) {
    const auto before = committed_.find(destination);
    if (before == committed_.end() || before->second != remainder) item.remainders.push_back({destination, remainder});
  }
  return plan;
}

Result<FactsPointer> Planner::facts_of(const Catalog& catalog, const Occurrence& occurrence) {
  const auto facts = reader_.delivery_facts(
      {.click = occurrence.click,
       .conversion = occurrence.conversion,
       .conversion_revision = occurrence.conversion_revision,
       .cta = occurrence.cta,
       .postback = needs_postback(catalog, occurrence.kind) ||
                   (occurrence.kind == Trigger::status_change && needs_postback(catalog, Trigger::conversion))});
  if (!facts) return facts.error();
  return std::make_shared<const DeliveryFacts>(std::move(*facts));
}

/// A change of a conversion may be the beginning that a destination waits for; so either trigger counts.
Result<void> Planner::plan_one(const Catalog& catalog, TimeMs now, const Occurrence& occurrence, PlanItem& item,
                               Plan& plan) {
  const bool of_conversion = occurrence.conversion != 0;
  const bool told_at_all = of_conversion ? !catalog.destinations(Trigger::conversion).empty() ||
                                               !catalog.destinations(Trigger::status_change).empty()
                                         : !catalog.destinations(occurrence.kind).empty();
  if (!told_at_all) return {};
  const auto facts = facts_of(catalog, occurrence);
  if (!facts) return facts.error();
  std::optional<Error> fault;
  const auto was_told = [&](EntityNumber destination) {
    if (told_.contains({occurrence.conversion, destination})) return true;
    const auto told = reader_.was_told(occurrence.conversion, destination);
    if (!told) fault = told.error();
    return !told || *told;
  };
  auto deliveries =
      plan_deliveries({.catalog = catalog, .occurrence = occurrence, .facts = **facts, .now = now}, planned_, was_told);
  if (fault) return *fault;
  for (Delivery& delivery : deliveries) {
    if (of_conversion) told_.emplace(occurrence.conversion, delivery.destination);
    item.deliveries.push_back({occurrence.id, std::move(delivery)});
    plan.facts.push_back(*facts);
  }
  return {};
}

}  // namespace postback::delivery
