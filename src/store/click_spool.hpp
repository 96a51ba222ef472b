// ClickSpool: clicks kept in memory while the store refuses, each with a copy of its texts.
#pragma once

#include "postback/store/items.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace postback {

/// Thread-safe, bounded, first in first out.
class ClickSpool {
 public:
  explicit ClickSpool(std::size_t limit) : limit_(limit) {}

  /// Copies the click. False when the spool is full.
  bool add(const Click& click);
  /// The oldest clicks, at most `count`, still owned by the spool; valid until `drop` or destruction.
  std::vector<Item*> oldest(std::size_t count);
  /// Forgets the `count` oldest ones, which were committed (or cannot be).
  void drop(std::size_t count);
  std::size_t size() const;

 private:
  class SpooledItem final : public ClickItem {
   public:
    void run() noexcept override {}  // nobody waits for it: the visitor was answered long ago
  };
  struct Entry {
    SpooledItem item;
    std::string texts;  ///< What the click's views point into.
  };
  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::deque<std::unique_ptr<Entry>> entries_;
};

}  // namespace postback
