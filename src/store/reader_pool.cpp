// The threads and the queue of a ReaderPool.
#include "postback/store/reader_pool.hpp"

#include "postback/base/check.hpp"
#include "postback/base/thread_priority.hpp"

#include <cerrno>
#include <utility>

namespace postback {

namespace {

/// Reverses a list and returns its new first one.
ReadJob* turn_round(ReadJob* list) {
  ReadJob* turned = nullptr;
  while (list != nullptr) {
    ReadJob* const next = std::exchange(list->next_job, turned);
    turned = std::exchange(list, next);
  }
  return turned;
}

}  // namespace

/// Never read; only its address counts.
class ReaderPool::Closed final : public ReadJob {
 public:
  void read(Reader&) noexcept override {}
};

ReaderPool::ReaderPool(std::vector<std::unique_ptr<Reader>> readers, std::size_t queue_limit, ReaderPriority priority)
    : closed_(std::make_unique<Closed>()), pushed_(nullptr), queue_limit_(queue_limit), readers_(std::move(readers)) {
  check(sem_init(&wake_, 0, 0) == 0, "a semaphore can be made");
  threads_.reserve(readers_.size());
  for (const auto& reader : readers_) {
    threads_.emplace_back([this, priority, &reader = *reader] {
      if (priority == ReaderPriority::leftover) leave_time_to_others();
      loop(reader);
    });
  }
}

ReaderPool::~ReaderPool() {
  stop();
  sem_destroy(&wake_);
}

void ReaderPool::stop() {
  stopping_ = true;
  {
    const std::lock_guard lock(taking_);
    if (ReadJob* rest = pushed_.exchange(closed_.get()); rest != closed_.get()) put_in_order(rest);
  }
  for (std::size_t i = 0; i < threads_.size(); ++i) sem_post(&wake_);
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

bool ReaderPool::submit(ReadJob& job) { return submit(job, job, 1); }

bool ReaderPool::submit(ReadJob& first, ReadJob& last, std::size_t count) {
  if (stopping()) return false;
  if (waiting_.fetch_add(count) >= queue_limit_) {
    waiting_ -= count;
    return false;
  }
  last.next_job = nullptr;
  turn_round(&first);
  ReadJob* newest = pushed_.load();
  do {
    if (newest == closed_.get()) {
      waiting_ -= count;
      first.next_job = nullptr;
      turn_round(&last);
      return false;
    }
    first.next_job = newest;
  } while (!pushed_.compare_exchange_weak(newest, &last));
  if (sleeping_.load() > 0) sem_post(&wake_);
  return true;
}

/// Appends what was pushed, oldest first.
void ReaderPool::put_in_order(ReadJob* newest) {
  if (newest == nullptr) return;
  ReadJob* const oldest = turn_round(newest);
  (first_ == nullptr ? first_ : last_->next_job) = oldest;
  last_ = newest;
}

ReaderPool::Taken ReaderPool::take() {
  const std::lock_guard lock(taking_);
  // Only `stop` closes, under this lock too.
  const bool closed = pushed_.load() == closed_.get();
  if (first_ == nullptr && !closed) put_in_order(pushed_.exchange(nullptr));
  if (first_ == nullptr) return {nullptr, closed};
  ReadJob* const job = std::exchange(first_, first_->next_job);
  --waiting_;
  return {job, false};
}

void ReaderPool::loop(Reader& reader) {
  bool announced = false;
  for (;;) {
    const auto taken = take();
    if (taken.job == nullptr && !taken.ended) {
      // Announced first and looked at once more, so that no submit is missed between looking and sleeping.
      if (announced) {
        while (sem_wait(&wake_) != 0) check(errno == EINTR, "a semaphore can be waited for");
      } else {
        ++sleeping_;
        announced = true;
      }
      continue;
    }
    if (announced) --sleeping_;
    announced = false;
    if (taken.ended) return;
    taken.job->read(reader);
  }
}

}  // namespace postback
