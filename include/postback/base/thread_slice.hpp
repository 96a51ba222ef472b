// A thread's scheduling slice: how soon it runs after it was woken, on a machine whose processors are all busy.
#pragma once

#include <chrono>

namespace postback {

/// Asks Linux (6.12 and newer) to give the calling thread slices of `slice` (0.1 to 100 ms): the shorter, the sooner it
/// runs after a wake-up, for the same share of processor time. Needs no privilege; does nothing on older kernels.
/// Source: sched_setattr(2), `sched_runtime` of SCHED_OTHER tasks.
void prefer_short_slices(std::chrono::microseconds slice) noexcept;

}  // namespace postback
