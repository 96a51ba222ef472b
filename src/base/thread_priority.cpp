// The system call behind thread_priority.hpp.
#include "postback/base/thread_priority.hpp"

#include <sched.h>

namespace postback {

void leave_time_to_others() noexcept {
  const sched_param parameter{};
  static_cast<void>(sched_setscheduler(0, SCHED_IDLE, &parameter));
}

}  // namespace postback
