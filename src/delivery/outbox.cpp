// The loop: take in what others told, one turn, wait.
#include "postback/delivery/outbox.hpp"

#include "postback/base/check.hpp"
#include "postback/base/log.hpp"
#include "postback/base/thread_priority.hpp"

#include <algorithm>
#include <exception>

namespace postback::delivery {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPublishInterval{200};

}  // namespace

Outbox::Outbox(const DispatcherParts& parts, const DeliveryLimits& limits, std::uint64_t seed,
               std::function<void()> after_turn)
    : dispatcher_(parts, limits, seed), after_turn_(std::move(after_turn)) {}

Outbox::~Outbox() { stop(std::chrono::milliseconds{0}); }

void Outbox::start() {
  check(!thread_.joinable(), "an outbox is started once");
  thread_ = std::thread([this] { loop(); });
}

void Outbox::stop_taking() {
  {
    const std::lock_guard lock(mutex_);
    taking_ = false;
  }
  wake();
}

void Outbox::stop(std::chrono::milliseconds patience) {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    taking_ = false;
    stopping_ = true;
    end_ = SteadyClock::now() + patience;
  }
  wake();
  thread_.join();
}

void Outbox::occurred() noexcept {
  if (!occurred_.exchange(true)) wake();
}

void Outbox::changed() {
  {
    const std::lock_guard lock(mutex_);
    changed_ = true;
  }
  wake();
}

/// What was published of their waits goes at once: whoever asked for it may look next.
void Outbox::try_now(const std::set<EntityNumber>& destinations) {
  {
    const std::lock_guard lock(mutex_);
    changed_ = true;
    try_now_.insert(destinations.begin(), destinations.end());
    std::erase_if(waits_, [&](const auto& wait) { return destinations.contains(wait.destination); });
  }
  wake();
}

void Outbox::complete(http::Client::Completion done, http::OutgoingOutcome outcome) {
  const std::lock_guard lock(mutex_);
  completed_.emplace_back(std::move(done), std::move(outcome));
  told_ = true;
  if (completed_.size() == 1) wake_.notify_one();
}

std::vector<http::HostReport> Outbox::hosts() const {
  const std::lock_guard lock(mutex_);
  return hosts_;
}

std::vector<http::DestinationWait> Outbox::waits() const {
  const std::lock_guard lock(mutex_);
  return waits_;
}

void Outbox::wake() noexcept {
  const std::lock_guard lock(mutex_);
  told_ = true;
  wake_.notify_one();
}

void Outbox::loop() {
  take_smaller_share();  // Visitors wait for clicks; nobody waits for a delivery.
  for (;;) {
    take_in();
    fenced([this] { dispatcher_.turn(); });
    fenced([this] {
      after_turn_();
      publish_hosts();
    });
    if (is_over()) return;
    wait();
  }
}

void Outbox::take_in() {
  std::vector<Completed> completed;
  {
    const std::lock_guard lock(mutex_);
    told_ = false;
    completed.swap(completed_);
    if (std::exchange(changed_, false)) dispatcher_.changed();
    if (const auto wanted = std::exchange(try_now_, {}); !wanted.empty()) dispatcher_.try_now(wanted);
    if (!taking_) dispatcher_.stop_taking();
  }
  if (occurred_.exchange(false)) dispatcher_.occurred();
  for (auto& each : completed) {
    fenced([&each] { each.first(std::move(each.second)); });
  }
}

/// For exceptions: a bug in one delivery must not end the sending of the others.
template <class Step>
void Outbox::fenced(const Step& step) {
  try {
    step();
  } catch (const std::exception& fault) {
    spdlog::error("delivery.turn_failed detail={} action=\"a bug; goes on shortly\"", log_value(fault.what()));
    dispatcher_.changed();
    dispatcher_.hold_off();
  }
}

void Outbox::publish_hosts() {
  const auto now = SteadyClock::now();
  if (now - published_ < kPublishInterval) return;
  published_ = now;
  auto reports = dispatcher_.hosts();
  auto waits = dispatcher_.waits();
  const std::lock_guard lock(mutex_);
  std::erase_if(waits, [this](const auto& wait) { return try_now_.contains(wait.destination); });
  hosts_.swap(reports);
  waits_.swap(waits);
}

bool Outbox::is_over() const {
  const std::lock_guard lock(mutex_);
  if (!stopping_) return false;
  const bool done = dispatcher_.in_flight() == 0 && dispatcher_.unnoted() == 0;
  return done || SteadyClock::now() >= end_;
}

void Outbox::wait() {
  if (const auto rest = dispatcher_.rest(); rest > std::chrono::milliseconds{0}) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, rest, [this] { return stopping_ || changed_ || !taking_; });
    return;
  }
  auto longest = dispatcher_.wait();
  std::unique_lock lock(mutex_);
  if (stopping_) longest = std::min(longest, std::chrono::ceil<std::chrono::milliseconds>(end_ - SteadyClock::now()));
  if (longest > std::chrono::milliseconds{0}) wake_.wait_for(lock, longest, [this] { return told_; });
}

}  // namespace postback::delivery
