// ClickSpool: clicks, and what follows them, kept in memory while the store refuses, each with a copy of its texts.
#pragma once

#include "postback/store/visit_items.hpp"

#include <boost/intrusive/set.hpp>

#include <atomic>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace postback {

/// Thread-safe, bounded in number and memory, first in first out.
class ClickSpool {
 public:
  /// At most `clicks` entries and about `bytes` bytes.
  ClickSpool(std::size_t clicks, std::size_t bytes) : most_clicks_(clicks), most_bytes_(bytes) {}

  /// Copies a visit (see is_visit). Impressions are added to those of the same campaign and bucket that were not handed
  /// out yet, but for those that a destination may have to be told of: each is an entry of its own, while less than
  /// half of the spool is taken, so that they never take the clicks' place. Beyond that they are only counted. False
  /// when the spool, or the machine's memory, is full.
  bool add(const Item& visit) noexcept;
  /// The oldest entries, at most `count`, still owned by the spool; valid until `drop` or destruction.
  std::vector<Item*> oldest(std::size_t count);
  /// Forgets the `count` oldest ones, which were committed (or cannot be).
  void drop(std::size_t count);
  std::size_t size() const { return length_.load(); }
  /// A copy of the click with this ID, as long as it was not dropped. Takes no lock while the spool is empty.
  std::optional<StoredClick> find(SnowflakeId id) const;

 private:
  template <class Kind>
  class Spooled final : public Kind {
   public:
    void run() noexcept override {}  // nobody waits for it: the visitor was answered long ago
  };
  using IndexHook = boost::intrusive::set_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
  /// Leaves the index when it is dropped.
  class SpooledClick final : public ClickItem, public IndexHook {
   public:
    void run() noexcept override {}
  };
  struct IdOfClick {
    using type = SnowflakeId;
    type operator()(const SpooledClick& item) const { return item.click.id.high; }
  };
  /// Needs no memory of its own, so that a click is in both or in neither.
  using Index = boost::intrusive::multiset<SpooledClick, boost::intrusive::key_of_value<IdOfClick>,
                                           boost::intrusive::constant_time_size<false>>;
  struct Entry {
    std::unique_ptr<Item> item;
    std::string texts{};     ///< What a click's views point into.
    std::size_t weight = 0;  ///< In bytes.
  };
  static Entry copied(const ClickItem& click);
  template <class Kind>
  static Entry copied(const Item& item);
  static Entry copied(const Item& visit);
  bool is_half_full(const Entry& next) const;
  bool count_with_others(const Impressions& impressions);

  const std::size_t most_clicks_;
  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::deque<Entry> entries_;
  Index clicks_;                        ///< Those of `entries_`, by ID.
  std::atomic<std::size_t> length_{0};  ///< Of `entries_`.
  std::vector<ImpressionItem*> open_;   ///< Impressions among them that can still be added to.
  std::size_t bytes_ = 0;
};

}  // namespace postback
