// SnapshotGate: atomics for the common way, a semaphore for those who wait.
#include "store/sqlite/snapshot_gate.hpp"

#include "postback/base/check.hpp"

#include <time.h>

namespace postback::sqlite {

SnapshotGate::SnapshotGate() { check(sem_init(&over_, 0, 0) == 0, "a semaphore can be made"); }

SnapshotGate::~SnapshotGate() { sem_destroy(&over_); }

void SnapshotGate::enter() {
  // Entered first and looked afterwards, as `ask` asks first and looks afterwards: one of the two sees the other.
  ++open_;
  if (!asked()) return;
  --open_;
  wait_a_moment();
  ++open_;
}

void SnapshotGate::done() {
  asked_ = false;
  for (unsigned left = waiting_.load(); left > 0; --left) sem_post(&over_);
}

void SnapshotGate::wait_a_moment() {
  constexpr long kNanosecondsPerSecond = 1'000'000'000;
  timespec until{};
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_nsec += static_cast<long>(std::chrono::nanoseconds(kPatience).count());
  if (until.tv_nsec >= kNanosecondsPerSecond) {
    until.tv_nsec -= kNanosecondsPerSecond;
    ++until.tv_sec;
  }
  ++waiting_;
  // A post meant for another one, or the end of patience, at worst lets a search go on beside the checkpoint.
  while (asked() && sem_clockwait(&over_, CLOCK_MONOTONIC, &until) == 0) {
  }
  --waiting_;
}

}  // namespace postback::sqlite
