// The system calls behind thread_priority.hpp.
#include "postback/base/thread_priority.hpp"

#include <sched.h>
#include <sys/resource.h>

namespace postback {

void leave_time_to_others() noexcept {
  const sched_param parameter{};
  static_cast<void>(sched_setscheduler(0, SCHED_IDLE, &parameter));
}

void take_smaller_share() noexcept {
  constexpr int kNice = 10;  // Weight 110 against 1024: sched(7), "The nice value".
  const sched_param parameter{};
  static_cast<void>(sched_setscheduler(0, SCHED_BATCH, &parameter));
  static_cast<void>(setpriority(PRIO_PROCESS, 0, kNice));
}

}  // namespace postback
