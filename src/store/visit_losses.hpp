// VisitLosses: says in the log when visits begin to be lost, and how many were when that is over.
#pragma once

#include "postback/store/items.hpp"

#include <atomic>
#include <cstdint>
#include <string_view>

namespace postback {

/// Thread-safe. One line at the beginning and one at the end, however many are lost in between.
class VisitLosses {
 public:
  /// A visit (see is_visit) of which nothing is kept. `reason`: for the log.
  void add(const Item& visit, std::string_view reason) noexcept;
  bool going_on() const { return going_on_.load(std::memory_order_acquire); }
  /// Visits are kept again, or none will come any more.
  void end();

 private:
  std::atomic<bool> going_on_{false};
  std::atomic<std::uint64_t> clicks_{0};
  std::atomic<std::uint64_t> ctas_{0};
  std::atomic<std::uint64_t> impressions_{0};
};

}  // namespace postback
