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

/// Thread-safe, bounded in number and memory, first in first out.
class ClickSpool {
 public:
  /// At most `clicks` clicks and about `bytes` bytes.
  ClickSpool(std::size_t clicks, std::size_t bytes) : most_clicks_(clicks), most_bytes_(bytes) {}

  /// Copies the click. False when the spool, or the machine's memory, is full.
  bool add(const Click& click) noexcept;
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
  static std::size_t weight(const Entry& entry) { return sizeof(Entry) + entry.texts.capacity(); }

  const std::size_t most_clicks_;
  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::deque<std::unique_ptr<Entry>> entries_;
  std::size_t bytes_ = 0;
};

}  // namespace postback
