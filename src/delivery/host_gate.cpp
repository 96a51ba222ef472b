// Allowance and circuit breaker of one server.
#include "host_gate.hpp"

#include <algorithm>
#include <utility>

namespace postback::delivery {

using std::chrono::milliseconds;

HostGate::HostGate(std::string origin, std::size_t concurrency, const BreakerSettings& breaker)
    : origin_(std::move(origin)),
      concurrency_(std::max<std::size_t>(concurrency, 1)),
      breaker_(breaker),
      allowance_(std::min(concurrency_, kFirstAllowance)) {}

bool HostGate::takes(milliseconds now) const {
  if (!open_until_) return in_flight_ < allowance_;
  return now >= *open_until_ && !probing_;
}

bool HostGate::sent() {
  ++in_flight_;
  if (!open_until_) return false;
  probing_ = true;
  return true;
}

void HostGate::ended(HostHealth health, bool probe, milliseconds now, milliseconds wait) {
  --in_flight_;
  if (probe) probing_ = false;
  switch (health) {
    case HostHealth::unknown: return;
    case HostHealth::well: return succeed();
    case HostHealth::slow_down:
      succeed();
      allowance_ = 1;
      return;
    case HostHealth::overloaded: allowance_ = 1; return fail(probe, now, wait);
    case HostHealth::failing: return fail(probe, now, milliseconds{0});
  }
}

void HostGate::try_now(milliseconds now) {
  if (open_until_) open_until_ = std::min(*open_until_, now);
}

std::optional<milliseconds> HostGate::paused_until(milliseconds now) const {
  return open_until_ && now < *open_until_ ? open_until_ : std::nullopt;
}

/// Also by a request that was sent before the breaker opened: the server answers.
void HostGate::succeed() {
  failures_ = 0;
  open_until_.reset();
  probing_ = false;
  pause_ = milliseconds{0};
  allowance_ = std::min(concurrency_, allowance_ + 1);
}

void HostGate::fail(bool probe, milliseconds now, milliseconds wait) {
  ++failures_;
  allowance_ = std::max<std::size_t>(1, allowance_ / 2);
  // What was under way when the breaker opened says nothing new.
  if (open_until_ ? probe : failures_ >= breaker_.failures) open(now, wait);
}

void HostGate::open(milliseconds now, milliseconds wait) {
  pause_ = pause_ == milliseconds{0} ? breaker_.first : std::min(pause_ * 2, breaker_.longest);
  open_until_ = now + std::max(pause_, wait);
}

}  // namespace postback::delivery
