// A thread's claim to processor time against the other threads of the process.
#pragma once

namespace postback {

/// Gives the calling thread only the processor time that no other thread wants at that moment (SCHED_IDLE): a woken
/// thread of normal priority interrupts it at once. There is no way back without privilege. It still gets a small share
/// on busy processors, so it goes on, slowly. Because it may stand still at any point, it must not hold a lock that a
/// thread of normal priority waits for. Source: sched(7).
void leave_time_to_others() noexcept;

/// Gives the calling thread about a tenth of the processor time (nice 10) that any other thread gets where all
/// processors are busy, and as much as it likes where they are not; it interrupts no thread when it wakes
/// (SCHED_BATCH). For work that may be late but must go on. It may hold locks, for some microseconds: then it may stand
/// still for some milliseconds, never for long. Source: sched(7), and nice(2), of which Linux keeps one a thread.
void take_smaller_share() noexcept;

}  // namespace postback
