// What the store does not take though it takes others: found among the rest, said in the log, and left.
#include "dispatcher_work.hpp"
#include "postback/base/log.hpp"
#include "postback/domain/delivery_rendering.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace postback::delivery {
namespace {

/// Takes away what others wrote: the store may take the rest. False: there was nothing left of it.
bool shorten(DeliveryAttempt& attempt) {
  const bool any = !attempt.answer.empty() || !attempt.error.empty() || !attempt.request.empty();
  attempt.answer.clear();
  attempt.error.clear();
  attempt.request.clear();
  return any;
}

}  // namespace

/// As the first ones.
void Dispatcher::Work::put_notes_back(AttemptItem& item) {
  std::vector<std::pair<EntityNumber, AttemptItem::Noted>> all;
  all.reserve(item.attempts.size() + unnoted_.size());
  for (std::size_t n = 0; n < item.attempts.size(); ++n) all.emplace_back(noting_[n], std::move(item.attempts[n]));
  std::ranges::move(unnoted_, std::back_inserter(all));
  unnoted_ = std::move(all);
}

/// One of them is at fault: half of them are tried next, until it stands alone, and then without its texts. Otherwise
/// its delivery is not sent again before the next start: the other side has it.
void Dispatcher::Work::notes_rejected(AttemptItem& item) {
  if (item.attempts.size() > 1) {
    notes_at_once_ = item.attempts.size() / 2;
    return put_notes_back(item);
  }
  auto& noted = item.attempts.front();
  if (shorten(noted.attempt)) return put_notes_back(item);
  notes_at_once_ = kAll;
  given_up_.emplace_back(noting_.front(), noted.attempt.delivery);
  spdlog::error(
      "delivery.not_noted delivery={} number={} result={} action=\"the store rejects what came of it; it is "
      "sent once more at the next start\"",
      delivery_text(noted.attempt.delivery), noted.attempt.number, to_string(noted.attempt.reason));
}

void Dispatcher::Work::plan_rejected(const PlanItem& item) {
  occurrences_at_once_ = kAll;
  if (item.occurrences.size() > 1) {
    occurrences_at_once_ = item.occurrences.size() / 2;
    return;
  }
  planner_.set_aside(item.occurrences.front());
  spdlog::error(
      "delivery.not_planned occurrence={} detail=\"the store rejects what follows from it\" "
      "action=\"others are planned; tried again shortly\"",
      item.occurrences.front());
}

}  // namespace postback::delivery
