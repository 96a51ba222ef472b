// Task and TaskSink: work handed to another thread without allocating.
#pragma once

namespace postback {

/// A unit of work that is also the link of the list it travels in. Whoever posts it keeps it alive until `run`
/// was called; `run` may destroy it.
class Task {
 public:
  virtual ~Task() = default;
  /// Called once per post, on the sink's thread.
  virtual void run() noexcept = 0;

  Task* next_task = nullptr;  ///< Owned by the list that holds the task at the moment.
};

/// A thread that runs tasks: an io thread, for example. `post` may be called from any thread.
class TaskSink {
 public:
  virtual ~TaskSink() = default;
  /// Takes a list linked through `next_task` (first to run first) and wakes the thread once.
  virtual void post(Task* list) noexcept = 0;
};

}  // namespace postback
