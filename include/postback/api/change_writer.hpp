// ChangeWriter: commits an operator's change through the recorder and waits for it.
#pragma once

#include "postback/base/result.hpp"
#include "postback/store/recorder.hpp"

#include <condition_variable>
#include <mutex>

namespace postback::api {

/// Thread-safe. Blocks its caller until the change is durable, so never call this on an io thread.
class ChangeWriter {
 public:
  explicit ChangeWriter(Recorder& recorder) : recorder_(recorder) {}

  /// On return the change is durable. Error store_busy: the recorder did not take or could not commit it.
  Result<void> commit(const OperatorChange& change);

 private:
  class Waiting;
  /// Runs tasks at once, on the recorder's thread: all they do is to wake the waiting one.
  class Waker final : public TaskSink {
   public:
    void post(Task* list) noexcept override;
  };

  Recorder& recorder_;
  Waker waker_;
  std::mutex mutex_;
  std::condition_variable settled_;
};

}  // namespace postback::api
