// ReaderPool: threads that each own a Reader, and a bounded queue of jobs for them.
#pragma once

#include "postback/store/reader.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace postback {

/// A piece of reading. The submitter keeps it alive until `read` was called, which may destroy it.
class ReadJob {
 public:
  virtual ~ReadJob() = default;
  /// Called once, on a reader thread; may block.
  virtual void read(Reader& reader) noexcept = 0;
  ReadJob* next_job = nullptr;
};

/// Thread-safe. Jobs run in the order they came, on whichever thread is free.
class ReaderPool {
 public:
  /// One thread per reader. `queue_limit`: most jobs waiting.
  ReaderPool(std::vector<std::unique_ptr<Reader>> readers, std::size_t queue_limit);
  /// Runs what waits, then ends the threads.
  ~ReaderPool();
  /// False when the queue is full; the job was not taken.
  bool submit(ReadJob& job);
  /// A list linked through `next_job`, with one lock and one wake-up. False when the queue is full; none was taken.
  bool submit(ReadJob& first, ReadJob& last, std::size_t count);
  void stop();
  /// Jobs in the queue.
  std::size_t waiting() const { return waiting_.load(std::memory_order_relaxed); }
  /// Whether it stops: a job that may be long can say no instead.
  bool stopping() const { return stopping_.load(std::memory_order_relaxed); }

 private:
  void loop(Reader& reader);
  std::mutex mutex_;
  std::condition_variable wake_;
  ReadJob* first_ = nullptr;
  ReadJob* last_ = nullptr;
  std::atomic<std::size_t> waiting_{0};  ///< Written under the mutex.
  std::size_t sleeping_ = 0;
  const std::size_t queue_limit_;
  std::atomic<bool> stopping_{false};
  std::vector<std::unique_ptr<Reader>> readers_;
  std::vector<std::thread> threads_;
};

}  // namespace postback
