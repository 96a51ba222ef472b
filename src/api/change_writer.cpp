// Hands a change to the recorder and waits for its outcome.
#include "postback/api/change_writer.hpp"

namespace postback::api {

/// A change whose submitter waits for it.
class ChangeWriter::Waiting final : public ChangeItem {
 public:
  explicit Waiting(ChangeWriter& writer) : writer_(writer) {}
  void run() noexcept override {
    const std::lock_guard lock(writer_.mutex_);
    settled = true;
    writer_.settled_.notify_all();
  }
  bool settled = false;  ///< Guarded by the writer's mutex.

 private:
  ChangeWriter& writer_;
};

void ChangeWriter::Waker::post(Task* list) noexcept {
  while (list != nullptr) {
    auto* const task = list;
    list = list->next_task;  // Before run: the task may be gone afterwards.
    task->run();
  }
}

Result<void> ChangeWriter::commit(const OperatorChange& change) {
  Waiting item(*this);
  item.change = &change;
  item.sink = &waker_;
  if (recorder_.submit(item) != SubmitResult::queued) {
    return Error{ErrorCode::store_busy, "the recorder's queue is full"};
  }
  std::unique_lock lock(mutex_);
  settled_.wait(lock, [&item] { return item.settled; });
  if (item.outcome != ItemOutcome::committed) return Error{ErrorCode::store_busy, "the store refused the change"};
  return {};
}

}  // namespace postback::api
