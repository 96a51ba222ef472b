// Reading occurrences and facts, and planning.
#include "planner.hpp"

#include "read_fault.hpp"

#include "postback/base/log.hpp"
#include "postback/domain/delivery_plan.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace postback::delivery {

namespace {

/// What was set aside is tried again after so long.
constexpr std::chrono::minutes kAside{1};

}  // namespace

Result<Plan> Planner::plan(const Catalog& catalog, TimeMs now, std::size_t budget, PlanItem& item) {
  planned_ = committed_;
  told_.clear();
  forget_aside(now);
  const auto limit = std::min(kMostOccurrences, budget) + set_aside_.size();
  const auto occurrences = reader_.occurrences(0, limit);
  if (!occurrences) return occurrences.error();
  Plan plan;
  if (!occurrences->empty()) plan.oldest = occurrences->front().time;
  std::size_t looked_at = 0;
  for (const Occurrence& occurrence : *occurrences) {
    if (item.deliveries.size() >= budget) break;
    ++looked_at;
    if (set_aside_.contains(occurrence.id)) continue;
    if (const auto planned = plan_fenced(catalog, now, occurrence, item, plan); planned) {
      item.occurrences.push_back(occurrence.id);
    } else if (is_of_the_store(planned.error())) {
      return planned.error();
    } else if (set_aside_.size() >= kMostSetAside) {
      plan.more = false;
      return finish(std::move(plan), item);
    } else {
      set_aside(occurrence.id);
      spdlog::error("delivery.not_planned occurrence={} detail={} action=\"others are planned; tried again shortly\"",
                    occurrence.id, log_value(planned.error().detail));
    }
  }
  plan.more = looked_at < occurrences->size() || occurrences->size() == limit;
  return finish(std::move(plan), item);
}

/// With what the plan changes of the remainders.
Plan Planner::finish(Plan plan, PlanItem& item) const {
  for (const auto& [destination, remainder] : planned_) {
    const auto before = committed_.find(destination);
    if (before == committed_.end() || before->second != remainder) item.remainders.push_back({destination, remainder});
  }
  return plan;
}

void Planner::forget_aside(TimeMs now) {
  if (now >= aside_since_ && now < aside_since_ + kAside) return;
  aside_since_ = now;
  set_aside_.clear();
}

/// A fence for exceptions. What fails leaves nothing behind.
Result<void> Planner::plan_fenced(const Catalog& catalog, TimeMs now, const Occurrence& occurrence, PlanItem& item,
                                  Plan& plan) {
  const auto before = item.deliveries.size();
  Result<void> planned;
  try {
    planned = plan_one(catalog, now, occurrence, item, plan);
  } catch (const std::exception& fault) {
    planned = Error{ErrorCode::invalid_argument, fault.what()};
  }
  if (planned) return planned;
  item.deliveries.resize(before);
  plan.facts.resize(before);
  return planned;
}

Result<FactsPointer> Planner::facts_of(const Catalog& destinations, const Occurrence& occurrence) {
  const auto facts = reader_.delivery_facts(
      {.click = occurrence.click,
       .conversion = occurrence.conversion,
       .conversion_revision = occurrence.conversion_revision,
       .cta = occurrence.cta,
       .postback = needs_postback(destinations, occurrence.kind) ||
                   (occurrence.kind == Trigger::status_change && needs_postback(destinations, Trigger::conversion))});
  if (!facts) return facts.error();
  return std::make_shared<const DeliveryFacts>(std::move(*facts));
}

/// A change of a conversion may be the beginning that a destination waits for; so either trigger counts.
Result<void> Planner::plan_one(const Catalog& catalog, TimeMs now, const Occurrence& occurrence, PlanItem& item,
                               Plan& plan) {
  const auto then = past_.at(occurrence.revision, catalog);
  if (!then) return then.error();
  const Catalog& destinations = **then;
  const bool of_conversion = occurrence.conversion != 0;
  const bool told_at_all = of_conversion ? !destinations.destinations(Trigger::conversion).empty() ||
                                               !destinations.destinations(Trigger::status_change).empty()
                                         : !destinations.destinations(occurrence.kind).empty();
  if (!told_at_all) return {};
  const auto facts = facts_of(destinations, occurrence);
  if (!facts) return facts.error();
  std::optional<Error> fault;
  const auto was_told = [&](EntityNumber destination) {
    if (told_.contains({occurrence.conversion, destination})) return true;
    const auto told = reader_.was_told(occurrence.conversion, destination);
    if (!told) fault = told.error();
    return !told || *told;
  };
  const PlanRequest request{
      .catalog = catalog, .destinations = destinations, .occurrence = occurrence, .facts = **facts, .now = now};
  auto deliveries = plan_deliveries(request, planned_, was_told);
  if (fault) return *fault;
  for (Delivery& delivery : deliveries) {
    if (of_conversion) told_.emplace(occurrence.conversion, delivery.destination);
    item.deliveries.push_back({occurrence.id, std::move(delivery)});
    plan.facts.push_back(*facts);
  }
  return {};
}

}  // namespace postback::delivery
