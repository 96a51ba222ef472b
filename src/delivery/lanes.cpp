// Attaching lanes to servers, filling them, and whose turn it is.
#include "lanes.hpp"

#include "postback/base/log.hpp"
#include "read_fault.hpp"

#include <algorithm>
#include <optional>

namespace postback::delivery {

using std::chrono::milliseconds;

void Lanes::follow(const Catalog& catalog) {
  catalog_ = &catalog;
  ready_.clear();
  for (auto& [origin, host] : hosts_) host->lanes.clear();
  for (auto& [number, lane] : lanes_) attach(*lane);
  // A server with requests under way is still pointed to; a breaker forgets nothing while lanes lead to it.
  std::erase_if(hosts_,
                [](const auto& each) { return each.second->lanes.empty() && each.second->gate.in_flight() == 0; });
}

/// What one server asked for says nothing of another.
void Lanes::attach(Lane& lane) {
  const HostGate* const before = lane.gate;
  lane.document = catalog_ == nullptr ? nullptr : catalog_->destination(lane.destination());
  lane.gate = nullptr;
  if (lane.document == nullptr || lane.document->is_feed()) return;
  const auto origin = lane.document->origin();
  auto found = hosts_.find(origin);
  if (found == hosts_.end()) {
    found = hosts_.emplace(std::string(origin), std::make_unique<Host>(origin, limits_)).first;
  }
  lane.gate = &found->second->gate;
  if (lane.gate != before) lane.wait_no_longer();
  found->second->lanes.push_back(&lane);
}

Lane& Lanes::of(EntityNumber destination) {
  auto& lane = lanes_[destination];
  if (!lane) {
    lane = std::make_unique<Lane>(destination);
    attach(*lane);
  }
  return *lane;
}

void Lanes::take_over(const std::vector<StoredDestination>& states) {
  for (auto& [number, lane] : lanes_) {
    lane->forget_held();
    lane->paused.reset();
    lane->set_store_due(std::nullopt);
  }
  for (const auto& state : states) {
    Lane& lane = of(state.destination);
    lane.paused = state.paused;
    lane.set_store_due(state.next_due);
  }
}

/// Its rows cannot be read: the others go on without it.
void Lanes::leave_alone(Lane& lane, const Error& error, milliseconds steady) {
  constexpr std::chrono::minutes kAlone{1};
  lane.wait_until(steady + kAlone, http::DestinationWait::kUnreadable);
  spdlog::error("delivery.unreadable destination={} detail={} action=\"its deliveries wait; others are sent\"",
                log_value(lane.document->id), log_value(error.detail));
}

Result<void> Lanes::fill(Reader& reader, const Moment& now) {
  ready_.clear();
  const std::size_t most = window();
  Result<void> filled;
  for (auto& [origin, host] : hosts_) {
    bool waiting = false;
    for (Lane* const lane : host->lanes) {
      if (!lane->sendable(now.steady)) {
        lane->let_go();
      } else if (auto read = lane->fill(reader, now.wall, most); !read) {
        if (is_of_the_store(read.error()))
          filled = read;
        else
          leave_alone(*lane, read.error(), now.steady);
      }
      waiting = waiting || lane->has_waiting();
    }
    if (waiting) ready_.push_back(host.get());
  }
  return filled;
}

std::size_t Lanes::window() const {
  const std::size_t share = limits_.in_memory / std::max<std::size_t>(1, lanes_.size());
  return std::clamp<std::size_t>(share, 1, std::max<std::size_t>(1, limits_.window));
}

Lane* Lanes::next_of(Host& host, milliseconds steady) {
  if (!host.gate.takes(steady)) return nullptr;
  for (std::size_t n = 0; n < host.lanes.size(); ++n) {
    Lane* const lane = host.lanes[(host.turn + n) % host.lanes.size()];
    if (!lane->has_waiting() || !lane->sendable(steady)) continue;
    host.turn = (host.turn + n + 1) % host.lanes.size();
    return lane;
  }
  return nullptr;
}

Lane* Lanes::next(milliseconds steady) {
  for (std::size_t n = 0; n < ready_.size(); ++n) {
    const std::size_t index = (turn_ + n) % ready_.size();
    if (Lane* const lane = next_of(*ready_[index], steady); lane != nullptr) {
      turn_ = index + 1;
      return lane;
    }
  }
  return nullptr;
}

void Lanes::try_now(const std::set<EntityNumber>& destinations, milliseconds steady) {
  for (const EntityNumber number : destinations) {
    const auto lane = lanes_.find(number);
    if (lane == lanes_.end()) continue;
    lane->second->wait_no_longer();
    if (lane->second->gate != nullptr) lane->second->gate->try_now(steady);
  }
}

Lane* Lanes::feed_to_list() const {
  const auto found = std::ranges::find_if(lanes_, [](const auto& each) { return each.second->lists(); });
  return found == lanes_.end() ? nullptr : found->second.get();
}

milliseconds Lanes::wait(const Moment& now, milliseconds longest) const {
  milliseconds wait = longest;
  for (const auto& [number, lane] : lanes_) {
    if (!lane->active() || !lane->store_due()) continue;
    auto until = std::max(milliseconds{0}, lane->not_before() - now.steady);
    if (const auto paused = lane->gate->paused_until(now.steady)) until = std::max(until, *paused - now.steady);
    if (!lane->is_due(now.wall)) until = std::max(until, *lane->store_due() - now.wall);
    // Nothing hinders it but the room in its window or at the server: an outcome will wake it.
    if (until > milliseconds{0}) wait = std::min(wait, until);
  }
  return wait;
}

std::vector<http::HostReport> Lanes::hosts(const Moment& now) const {
  std::vector<http::HostReport> reports;
  for (const auto& [origin, host] : hosts_) {
    http::HostReport report{.origin = origin, .in_flight = host->gate.in_flight(), .failures = host->gate.failures()};
    for (const Lane* const lane : host->lanes) report.queued += lane->waiting();
    if (const auto until = host->gate.paused_until(now.steady)) {
      report.paused = true;
      report.paused_until_ms = (now.wall + (*until - now.steady)).time_since_epoch().count();
    }
    reports.push_back(std::move(report));
  }
  return reports;
}

std::vector<http::DestinationWait> Lanes::waits(const Moment& now) const {
  std::vector<http::DestinationWait> waits;
  for (const auto& [number, lane] : lanes_) {
    if (lane->gate == nullptr || lane->not_before() <= now.steady) continue;
    const TimeMs until = now.wall + (lane->not_before() - now.steady);
    waits.push_back({number, until.time_since_epoch().count(), lane->wait_reason()});
  }
  return waits;
}

std::size_t Lanes::waiting() const {
  std::size_t sum = 0;
  for (const auto& [number, lane] : lanes_) sum += lane->waiting();
  return sum;
}

std::size_t Lanes::destinations_held(milliseconds steady) const {
  return static_cast<std::size_t>(std::ranges::count_if(lanes_, [steady](const auto& each) {
    const Lane& lane = *each.second;
    const bool held = !lane.active() || steady < lane.not_before();
    return !lane.is_empty() && held && lane.document != nullptr && !lane.document->archived;
  }));
}

std::size_t Lanes::hosts_paused(milliseconds steady) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      hosts_, [steady](const auto& each) { return each.second->gate.paused_until(steady).has_value(); }));
}

}  // namespace postback::delivery
