// ReaderPool: threads that each own a Reader, and a bounded queue of jobs for them.
#pragma once

#include "postback/store/reader.hpp"

#include <semaphore.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace postback {

/// A piece of reading. The submitter keeps it alive until `read` was called, which may destroy it.
class ReadJob {
 public:
  virtual ~ReadJob() = default;
  /// Called once for each submit, on a reader thread; may block.
  virtual void read(Reader& reader) noexcept = 0;
  ReadJob* next_job = nullptr;
};

/// What a pool's threads get of the processors.
enum class ReaderPriority : std::uint8_t {
  normal,
  leftover,  ///< Only what no thread of normal priority wants: for searches through whole tables.
};

/// Thread-safe. Jobs run in the order they came, on whichever thread is free. Submitting takes no lock that a reader
/// thread could hold while it stands still: it pushes onto a list and posts a semaphore.
class ReaderPool {
 public:
  /// One thread per reader. `queue_limit`: most jobs waiting.
  ReaderPool(std::vector<std::unique_ptr<Reader>> readers, std::size_t queue_limit,
             ReaderPriority priority = ReaderPriority::normal);
  /// Runs what waits, then ends the threads.
  ~ReaderPool();
  ReaderPool(const ReaderPool&) = delete;
  ReaderPool& operator=(const ReaderPool&) = delete;

  /// False when the queue is full or the pool stops; the job was not taken.
  bool submit(ReadJob& job);
  /// A list linked through `next_job`, with one wake-up. False when the queue is full; none was taken.
  bool submit(ReadJob& first, ReadJob& last, std::size_t count);
  void stop();
  /// Jobs in the queue.
  std::size_t waiting() const { return waiting_.load(std::memory_order_relaxed); }
  /// Whether it stops: a job that may be long can say no instead.
  bool stopping() const { return stopping_.load(std::memory_order_relaxed); }

 private:
  class Closed;
  struct Taken {
    ReadJob* job = nullptr;
    bool ended = false;  ///< No job, and none will come.
  };
  void loop(Reader& reader);
  Taken take();
  void put_in_order(ReadJob* newest);

  std::unique_ptr<Closed> closed_;  ///< What `pushed_` points to once the pool stops.
  std::atomic<ReadJob*> pushed_;    ///< What was submitted and not taken over yet, newest first.
  std::atomic<std::size_t> waiting_{0};
  std::atomic<std::size_t> sleeping_{0};  ///< Threads that sleep, or are about to.
  sem_t wake_;
  std::mutex taking_;         ///< Among reader threads, never a submitter's.
  ReadJob* first_ = nullptr;  ///< What was taken over, in order; under `taking_`.
  ReadJob* last_ = nullptr;
  const std::size_t queue_limit_;
  std::atomic<bool> stopping_{false};
  std::vector<std::unique_ptr<Reader>> readers_;
  std::vector<std::thread> threads_;
};

}  // namespace postback
