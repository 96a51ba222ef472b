// Noting attempts and planning deliveries: one commit a turn.
#include "dispatcher_work.hpp"
#include "postback/base/log.hpp"

#include <algorithm>
#include <utility>

namespace postback::delivery {
namespace {

/// Most deliveries that a turn plans: as many again as it notes, and some in any case. So planning keeps pace with
/// sending however many occurrences have piled up, and no transaction holds up the clicks behind it for long.
std::size_t planning_budget(std::size_t noted) {
  constexpr std::size_t kLeast = 200;
  constexpr std::size_t kMost = 1'000;
  return std::clamp(2 * noted, kLeast, kMost);
}

bool is_committed(const Item& item) { return item.outcome == ItemOutcome::committed; }
bool is_rejected(const Item& item) { return item.outcome == ItemOutcome::rejected; }

}  // namespace

Result<void> Dispatcher::Work::note_and_plan(const Moment& moment) {
  OutboxItems items;
  auto plan_made = plan(moment, items);
  const auto listing_given = give_listing(moment, items);
  // What is to be noted comes first: it is written even where nothing can be planned.
  give_notes(items);
  if (items.empty()) return plan_made ? listing_given : plan_made.error();
  parts_.store.commit(items);
  const bool listed = take_listing_back(items);  // before the notes, which may tell of more to be listed
  const bool noted = take_notes_back(items);
  if (!plan_made) return plan_made.error();
  const bool plan_written = !items.plan || is_committed(*items.plan);
  if (items.plan && plan_written) planned(*items.plan, std::move(**plan_made), now());
  if (!plan_written) occurred = true;
  const bool plan_settled = plan_written || is_rejected(*items.plan);
  if (!plan_written && plan_settled) plan_rejected(*items.plan);
  if (!noted || !plan_settled || !listed) return Error{ErrorCode::store_busy, "the store did not take them"};
  return listing_given;
}

/// Nothing: there was nothing to plan.
Result<std::optional<Plan>> Dispatcher::Work::plan(const Moment& moment, OutboxItems& items) {
  if (!occurred || !taking) return std::optional<Plan>();
  const auto budget = std::min(planning_budget(unnoted_.size()), occurrences_at_once_);
  auto made = planner_.plan(*catalog_, moment.wall, budget, items.plan.emplace());
  if (!made || items.plan->occurrences.empty()) items.plan.reset();
  if (!made) return made.error();
  looked_ = moment.steady;
  occurred = made->more;
  const auto delay =
      made->oldest ? std::max(std::chrono::milliseconds{0}, moment.wall - *made->oldest) : std::chrono::milliseconds{0};
  parts_.figures.plan_delay_ms.store(static_cast<std::uint64_t>(delay.count()), std::memory_order_relaxed);
  if (!items.plan) return std::optional<Plan>();
  return std::optional<Plan>(std::move(*made));
}

void Dispatcher::Work::give_notes(OutboxItems& items) {
  noting_.clear();
  if (!unnoted_.empty()) {
    auto& attempts = items.attempts.emplace().attempts;
    const auto end = unnoted_.begin() + static_cast<std::ptrdiff_t>(std::min(unnoted_.size(), notes_at_once_));
    for (auto each = unnoted_.begin(); each != end; ++each) {
      noting_.push_back(each->first);
      attempts.push_back(std::move(each->second));
    }
    unnoted_.erase(unnoted_.begin(), end);
  }
  for (const auto& [destination, since] : unnoted_pauses_) {
    auto& item = *items.states.emplace_back(std::make_unique<ItemWaiter::Counted<DestinationStateItem>>());
    item.destination = destination;
    item.paused = since;
    item.reason = "gone: it answered 410 to a delivery";
  }
}

/// What was not committed is to be noted again, unless it is rejected. Whether the store took all else.
bool Dispatcher::Work::take_notes_back(OutboxItems& items) {
  bool all = true;
  if (items.attempts && is_committed(*items.attempts)) {
    attempts_noted(*items.attempts);
  } else if (items.attempts && is_rejected(*items.attempts)) {
    notes_rejected(*items.attempts);
  } else if (items.attempts) {
    all = false;
    put_notes_back(*items.attempts);
  }
  unnoted_pauses_.clear();
  for (const auto& state : items.states) {
    if (is_committed(*state)) continue;
    if (is_rejected(*state)) {
      spdlog::error("delivery.pause_not_noted destination={} action=\"it is paused until the next start only\"",
                    state->destination);
      continue;
    }
    all = false;
    unnoted_pauses_.emplace_back(state->destination, state->paused.value_or(TimeMs{}));
  }
  return all;
}

void Dispatcher::Work::attempts_noted(const AttemptItem& item) {
  // By and by: the one at fault may still be there.
  notes_at_once_ = notes_at_once_ > kAll / 2 ? kAll : notes_at_once_ * 2;
  for (std::size_t n = 0; n < item.attempts.size(); ++n) {
    const auto& noted = item.attempts[n];
    const bool pending = noted.stored && noted.state == DeliveryState::pending;
    lanes_.of(noting_[n]).release(noted.attempt.delivery, pending ? noted.due : std::nullopt);
    if (noted.stored && !pending && pending_ > 0) --pending_;
    if (noted.stored && !pending) parts_.figures.results[static_cast<std::size_t>(noted.state)].add(1);
  }
}

void Dispatcher::Work::planned(const PlanItem& item, Plan&& plan, const Moment& moment) {
  planner_.committed();
  occurrences_at_once_ = occurrences_at_once_ > kAll / 2 ? kAll : occurrences_at_once_ * 2;
  for (std::size_t n = 0; n < item.deliveries.size(); ++n) {
    const Delivery& delivery = item.deliveries[n].delivery;
    if (delivery.id == 0) continue;  // planned before
    if (delivery.state != DeliveryState::pending) {
      parts_.figures.results[static_cast<std::size_t>(delivery.state)].add(1);
      continue;
    }
    parts_.figures.planned.add(1);
    ++pending_;
    Lane& lane = lanes_.of(delivery.destination);
    if (lane.sendable(moment.steady)) {
      lane.add({delivery, std::move(plan.facts[n])}, moment.wall, lanes_.window());
    } else {
      lane.expect(delivery.due.value_or(moment.wall));
    }
  }
}

}  // namespace postback::delivery
