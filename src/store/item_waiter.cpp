// Counts items as they are settled.
#include "postback/store/item_waiter.hpp"

namespace postback {

void ItemWaiter::post(Task* list) noexcept {
  const std::lock_guard lock(mutex_);
  while (list != nullptr) {
    Task* const task = list;
    list = list->next_task;
    task->run();
  }
  settled_.notify_all();
}

void ItemWaiter::add(Count& count, int items) {
  const std::lock_guard lock(mutex_);
  count.open += static_cast<std::size_t>(items);
}

void ItemWaiter::wait(const Count& count) {
  std::unique_lock lock(mutex_);
  settled_.wait(lock, [&count] { return count.open == 0; });
}

}  // namespace postback
