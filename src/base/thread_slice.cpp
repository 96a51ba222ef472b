// The system call behind thread_slice.hpp, which the C library has no wrapper for.
#include "postback/base/thread_slice.hpp"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace postback {

namespace {

/// struct sched_attr, first published size, as in sched_setattr(2).
struct SchedulingAttributes {
  std::uint32_t size;
  std::uint32_t policy;
  std::uint64_t flags;
  std::int32_t nice;
  std::uint32_t priority;
  std::uint64_t runtime_ns;
  std::uint64_t deadline_ns;
  std::uint64_t period_ns;
};

}  // namespace

void prefer_short_slices(std::chrono::microseconds slice) noexcept {
  SchedulingAttributes attributes{};
  // What the thread has is kept; only a plain (SCHED_OTHER) thread has a slice to shorten.
  if (::syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0) return;
  if (attributes.policy != SCHED_OTHER) return;
  attributes.size = sizeof attributes;
  attributes.runtime_ns = static_cast<std::uint64_t>(std::chrono::nanoseconds(slice).count());
  static_cast<void>(::syscall(SYS_sched_setattr, 0, &attributes, 0));
}

}  // namespace postback
