// Filling a window from the store, and letting it go.
#include "lane.hpp"

#include "postback/base/check.hpp"
#include "postback/delivery/retry_after.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

namespace postback::delivery {
namespace {

/// No ID is larger: they are stored as signed numbers.
constexpr auto kBehindAll = static_cast<SnowflakeId>(std::numeric_limits<std::int64_t>::max());

}  // namespace

bool Lane::active() const {
  return document != nullptr && !document->archived && !document->paused && !document->is_feed() && !paused;
}

bool Lane::sendable(std::chrono::milliseconds steady) const {
  return active() && steady >= not_before && !gate->paused_until(steady);
}

void Lane::add(DueDelivery fresh, TimeMs now, std::size_t window) {
  const TimeMs due = fresh.delivery.due.value_or(now);
  if (due > now || is_due(now) || held_.size() >= window) return expect(due);
  held_.insert(fresh.delivery.id);
  waiting_.push_back(std::move(fresh));
}

void Lane::expect(TimeMs due) { store_due_ = store_due_ ? std::min(*store_due_, due) : due; }

/// What is due now; or, when the next one is further ahead than any plan leads, everything up to it: the clock was set
/// back since.
TimeMs Lane::due_by(TimeMs now) const {
  if (!store_due_ || document == nullptr) return now;
  const auto furthest = std::max<std::chrono::seconds>({kLongestRetryAfter, document->retry.longest, document->delay});
  return *store_due_ > now + furthest ? *store_due_ : now;
}

Result<void> Lane::fill(Reader& reader, TimeMs now, std::size_t window) {
  // Reading passes what is held, so it is worth it for half a window, or when nothing waits.
  const bool worth_it = waiting_.empty() ? held_.size() < window : held_.size() + window / 2 < window;
  if (!is_due(now) || !worth_it) return {};
  const TimeMs until = due_by(now);
  auto rows = reader.due_deliveries(destination_, until, DueCursor{}, window);
  if (!rows) return rows.error();
  for (Delivery& delivery : *rows) {
    if (held_.contains(delivery.id)) continue;
    if (held_.size() >= window) return {};
    held_.insert(delivery.id);
    waiting_.push_back({std::move(delivery), nullptr});
  }
  if (rows->size() >= window) return {};
  const auto next = reader.next_due(destination_, {until, kBehindAll});
  if (!next) return next.error();
  store_due_ = *next;
  return {};
}

void Lane::let_go() {
  for (const auto& each : waiting_) {
    held_.erase(each.delivery.id);
    expect(each.delivery.due.value_or(TimeMs{}));
  }
  waiting_.clear();
}

DueDelivery Lane::take() {
  check(!waiting_.empty(), "a delivery is taken from those that wait");
  DueDelivery first = std::move(waiting_.front());
  waiting_.pop_front();
  return first;
}

void Lane::release(SnowflakeId delivery, std::optional<TimeMs> due) {
  held_.erase(delivery);
  if (due) expect(*due);
}

}  // namespace postback::delivery
