// The threads and the queue of a ReaderPool.
#include "postback/store/reader_pool.hpp"

#include <utility>

namespace postback {

ReaderPool::ReaderPool(std::vector<std::unique_ptr<Reader>> readers, std::size_t queue_limit)
    : queue_limit_(queue_limit), readers_(std::move(readers)) {
  threads_.reserve(readers_.size());
  for (const auto& reader : readers_) threads_.emplace_back([this, &reader = *reader] { loop(reader); });
}

ReaderPool::~ReaderPool() { stop(); }

void ReaderPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

bool ReaderPool::submit(ReadJob& job) { return submit(job, job, 1); }

bool ReaderPool::submit(ReadJob& first, ReadJob& last, std::size_t count) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.load(std::memory_order_relaxed) >= queue_limit_) return false;
    last.next_job = nullptr;
    (first_ == nullptr ? first_ : last_->next_job) = &first;
    last_ = &last;
    waiting_.fetch_add(count, std::memory_order_relaxed);
    wake = sleeping_ > 0;
  }
  if (wake) wake_.notify_one();
  return true;
}

void ReaderPool::loop(Reader& reader) {
  std::unique_lock lock(mutex_);
  for (;;) {
    while (first_ == nullptr && !stopping_) {
      ++sleeping_;
      wake_.wait(lock);
      --sleeping_;
    }
    if (first_ == nullptr) return;
    ReadJob* job = first_;
    first_ = job->next_job;
    waiting_.fetch_sub(1, std::memory_order_relaxed);
    lock.unlock();
    job->read(reader);
    lock.lock();
  }
}

}  // namespace postback
