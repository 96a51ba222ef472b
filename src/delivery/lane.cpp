// Filling a window from the store, and letting it go.
#include "lane.hpp"

#include "postback/base/check.hpp"
#include "postback/delivery/retry_after.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

namespace postback::delivery {

using namespace std::chrono_literals;

namespace {

/// No ID is larger: they are stored as signed numbers.
constexpr auto kBehindAll = static_cast<SnowflakeId>(std::numeric_limits<std::int64_t>::max());

}  // namespace

bool Lane::active() const {
  return document != nullptr && !document->archived && !document->paused && !document->is_feed() && !paused;
}

bool Lane::lists() const {
  return document != nullptr && !document->archived && document->is_feed() && (store_due_ || has_waiting());
}

bool Lane::sendable(std::chrono::milliseconds steady) const {
  return active() && steady >= not_before_ && !gate->paused_until(steady);
}

void Lane::wait_until(std::chrono::milliseconds until, std::string_view reason) {
  if (until <= not_before_) return;
  not_before_ = until;
  wait_reason_ = reason;
}

void Lane::add(DueDelivery fresh, TimeMs now, std::size_t window) {
  const TimeMs due = fresh.delivery.due.value_or(now);
  if (due > now || is_due(now) || held_.size() >= window) return expect(due);
  held_.insert(fresh.delivery.id);
  waiting_.push_back(std::move(fresh));
}

void Lane::expect(TimeMs due) { store_due_ = store_due_ ? std::min(*store_due_, due) : due; }

/// What is due now; or, when the next one is further ahead than it was planned, everything up to it: the clock was set
/// back since. No retry leads further than kLongestRetryAfter; a first attempt may, by the delay that its destination
/// had when it was planned.
TimeMs Lane::due_by(TimeMs now) const {
  if (!store_due_) return now;
  const bool known = planned_.due == *store_due_;
  const auto furthest = std::max<std::chrono::milliseconds>(kLongestRetryAfter, known ? planned_.ahead : 0ms);
  return *store_due_ > now + furthest ? *store_due_ : now;
}

/// Until it was looked at, one that is far ahead counts as due: so it is looked at once.
Result<void> Lane::look_at_next(Reader& reader) {
  const auto rows = reader.due_deliveries(destination_, *store_due_, {*store_due_, 0}, 1);
  if (!rows) return rows.error();
  if (rows->empty()) return {};
  const Delivery& next = rows->front();
  planned_ = {*store_due_, next.attempts == 0 ? next.retry_from - next.created : 0ms};
  return {};
}

Result<void> Lane::fill(Reader& reader, TimeMs now, std::size_t window) {
  // Reading passes what is held, so it is worth it for half a window, or when nothing waits.
  const bool worth_it = waiting_.empty() ? held_.size() < window : held_.size() + window / 2 < window;
  if (!is_due(now) || !worth_it) return {};
  if (*store_due_ > now) {
    if (const auto looked = look_at_next(reader); !looked) return looked;
    if (!is_due(now)) return {};
  }
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

void Lane::forget_held() {
  waiting_.clear();
  held_.clear();
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
