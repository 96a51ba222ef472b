// ItemWaiter: hands items to the recorder and waits for their outcome, for threads that may block.
#pragma once

#include "postback/store/recorder.hpp"

#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace postback {

/// Thread-safe; outlives the recorder's thread. Blocks its caller until everything is durable, so never use it on an io
/// thread, nor on one of leftover priority, which may stand still with the lock that the recorder needs.
class ItemWaiter final : public TaskSink {
 public:
  explicit ItemWaiter(Recorder& recorder) : recorder_(recorder) {}

  /// How many items of one caller are not settled yet.
  struct Count {
    std::size_t open = 0;  ///< Guarded by the waiter's lock.
  };
  /// An item that is counted when it is settled.
  template <class Base>
  class Counted : public Base {
   public:
    void run() noexcept override { --count->open; }
    Count* count = nullptr;
  };

  /// Submits an item; false: the recorder's queue is full.
  template <class Base>
  bool submit(Counted<Base>& item, Count& count) {
    item.sink = this;
    item.count = &count;
    add(count, 1);
    if (recorder_.submit(item) == SubmitResult::queued) return true;
    add(count, -1);
    return false;
  }
  /// Until all that was submitted with `count` is settled.
  void wait(const Count& count);
  /// One item from submit to outcome. Errors: store_busy (it was not committed), store_rejected (nor will it be).
  template <class Base>
  Result<void> commit(Counted<Base>& item) {
    Count count;
    if (!submit(item, count)) return Error{ErrorCode::store_busy, "the recorder's queue is full"};
    wait(count);
    if (item.outcome == ItemOutcome::rejected) {
      return Error{ErrorCode::store_rejected, "the store does not take it: see recorder.item_rejected in the log"};
    }
    if (item.outcome != ItemOutcome::committed) return Error{ErrorCode::store_busy, "the store refused it"};
    return {};
  }

  void post(Task* list) noexcept override;  ///< For the recorder.

 private:
  void add(Count& count, int items);

  Recorder& recorder_;
  std::mutex mutex_;
  std::condition_variable settled_;
};

}  // namespace postback
