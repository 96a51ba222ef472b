// CatalogSlot: where the current catalog snapshot is published, and how each thread follows it without locking.
#pragma once

#include "postback/domain/catalog.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace postback {

/// Thread-safe. A reader looks at one atomic number per request and takes the lock only after a change.
class CatalogSlot {
 public:
  explicit CatalogSlot(std::shared_ptr<const Catalog> first) : current_(std::move(first)) {}

  /// Makes `next` the current snapshot for every request that starts after this returns.
  /// Snapshots that nobody uses any more are freed here, never on the thread that let go of one last: freeing a large
  /// catalog takes milliseconds.
  void publish(std::shared_ptr<const Catalog> next) {
    {
      const std::lock_guard lock(mutex_);
      current_.swap(next);
      version_.fetch_add(1, std::memory_order_release);
    }
    const std::lock_guard lock(retired_mutex_);
    retired_.push_back(std::move(next));
    std::erase_if(retired_, [](const auto& catalog) { return catalog.use_count() == 1; });
  }
  std::shared_ptr<const Catalog> current() const {
    const std::lock_guard lock(mutex_);
    return current_;
  }
  std::uint64_t version() const { return version_.load(std::memory_order_acquire); }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Catalog> current_;
  std::atomic<std::uint64_t> version_{1};
  std::mutex retired_mutex_;
  std::vector<std::shared_ptr<const Catalog>> retired_;
};

/// One thread's view of a slot.
class CatalogView {
 public:
  explicit CatalogView(const CatalogSlot& slot) : slot_(slot) {}
  const std::shared_ptr<const Catalog>& get() {
    if (const auto version = slot_.version(); version != version_) {
      catalog_ = slot_.current();
      version_ = version;
    }
    return catalog_;
  }

 private:
  const CatalogSlot& slot_;
  std::uint64_t version_ = 0;
  std::shared_ptr<const Catalog> catalog_;
};

}  // namespace postback
