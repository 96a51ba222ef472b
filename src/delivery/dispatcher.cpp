// A turn, and the wait for the next one.
#include "postback/delivery/dispatcher.hpp"

#include "dispatcher_work.hpp"
#include "postback/base/log.hpp"

#include <algorithm>

namespace postback::delivery {

using std::chrono::milliseconds;

namespace {

/// Counting takes a step for each: not after every change by hand.
constexpr std::chrono::seconds kCountInterval{10};

}  // namespace

Dispatcher::Dispatcher(const DispatcherParts& parts, const DeliveryLimits& limits, std::uint64_t seed)
    : work_(std::make_unique<Work>(parts, limits, seed)) {}
Dispatcher::~Dispatcher() = default;

void Dispatcher::occurred() { work_->occurred = true; }
void Dispatcher::changed() { work_->changed = true; }
void Dispatcher::try_now(const std::set<EntityNumber>& destinations) { work_->try_now(destinations); }
void Dispatcher::hold_off() { work_->hold_off(); }
void Dispatcher::stop_taking() { work_->taking = false; }
void Dispatcher::turn() { work_->turn(); }
milliseconds Dispatcher::wait() const { return work_->wait(); }
milliseconds Dispatcher::rest() const { return work_->rest(); }
std::size_t Dispatcher::in_flight() const { return work_->in_flight(); }
std::size_t Dispatcher::unnoted() const { return work_->unnoted(); }
std::vector<http::HostReport> Dispatcher::hosts() const { return work_->hosts(); }
std::vector<http::DestinationWait> Dispatcher::waits() const { return work_->waits(); }

void Dispatcher::Work::try_now(const std::set<EntityNumber>& destinations) {
  changed = true;
  lanes_.try_now(destinations, now().steady);
}

void Dispatcher::Work::turn() {
  const Moment moment = now();
  settled_.read(moment.wall, moment.steady);
  if (moment.steady < not_before_) return;
  follow_catalog();
  if (taking && changed) {
    if (const auto read = read_states(); !read) return pause("states", read.error());
  }
  if (uncounted_ && moment.steady >= counted_ + kCountInterval) count_pending(moment);
  if (moment.steady >= looked_ + kLongestWait) occurred = true;
  if (const auto noted = note_and_plan(moment); !noted) return pause("commit", noted.error());
  if (taking) {
    // The time of a commit has passed.
    if (const auto sent = send_due(now()); !sent) return pause("read", sent.error());
  }
  if (paused_) spdlog::info("delivery.goes_on detail=\"the store takes outcomes again, or can be read again\"");
  paused_ = false;
  refresh_gauges();
}

void Dispatcher::Work::pause(std::string_view what, const Error& error) {
  not_before_ = now().steady + kLongestWait;
  parts_.figures.store_refusals.add(1);
  refresh_gauges();
  if (paused_) return;
  paused_ = true;
  spdlog::warn("delivery.waits failed={} code={} detail={} action=\"outcomes are kept; nothing is sent; retrying\"",
               what, to_string(error.code), log_value(error.detail));
}

void Dispatcher::Work::follow_catalog() {
  const auto& current = view_.get();
  if (current == catalog_) return;
  lanes_.follow(*current);  // while the old one is still alive
  catalog_ = current;
}

Result<void> Dispatcher::Work::read_states() {
  const auto states = parts_.reader.destination_states();
  if (!states) return states.error();
  lanes_.take_over(*states);
  hold_what_left();
  // What paused itself is not in the store yet.
  for (const auto& [destination, since] : unnoted_pauses_) lanes_.of(destination).paused = since;
  for (const auto& state : *states) planner_.remember(state.destination, state.remainder);
  changed = false;
  uncounted_ = true;
  return {};
}

/// What was sent and is not noted. Told anew rather than kept: so what an exception left behind is sent after all.
void Dispatcher::Work::hold_what_left() {
  for (const auto& [token, flight] : flights_) lanes_.of(flight.delivery.destination).hold(flight.delivery.id);
  for (const auto& [destination, noted] : unnoted_) lanes_.of(destination).hold(noted.attempt.delivery);
  for (const auto& [destination, delivery] : given_up_) lanes_.of(destination).hold(delivery);
}

/// For the metrics alone: what cannot be counted now is counted later.
void Dispatcher::Work::count_pending(const Moment& moment) {
  counted_ = moment.steady;
  const auto count = parts_.reader.pending_deliveries();
  if (!count) return;
  pending_ = *count;
  uncounted_ = false;
}

milliseconds Dispatcher::Work::wait() const {
  const Moment moment = now();
  if (moment.steady < not_before_) return not_before_ - moment.steady;
  if (!unnoted_.empty() || !unnoted_pauses_.empty()) return milliseconds{0};
  if (!taking) return kLongestWait;
  if (occurred || changed || lanes_.feed_to_list() != nullptr) return milliseconds{0};
  return lanes_.wait(moment, pace_.wait(moment.steady).value_or(kLongestWait));
}

milliseconds Dispatcher::Work::rest() const {
  const auto steady = now().steady;
  const bool any = !flights_.empty() || !unnoted_.empty() || pace_.wait(steady);
  return taking && any ? pace_.rest(steady) : milliseconds{0};
}

void Dispatcher::Work::refresh_gauges() {
  auto& figures = parts_.figures;
  figures.in_flight.store(flights_.size(), std::memory_order_relaxed);
  figures.pending.store(pending_, std::memory_order_relaxed);
  figures.in_memory.store(lanes_.waiting(), std::memory_order_relaxed);
  figures.destinations_held.store(lanes_.destinations_held(now().steady), std::memory_order_relaxed);
  figures.hosts_paused.store(lanes_.hosts_paused(now().steady), std::memory_order_relaxed);
}

}  // namespace postback::delivery
