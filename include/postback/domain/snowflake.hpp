// SnowflakeGenerator: time-ordered IDs that never repeat and never go back, across clock steps and restarts.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/domain/click_id.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>

namespace postback {

/// Hands out IDs to any number of threads; `next` takes no lock unless the wall clock jumped.
///
/// A wall clock that steps by at most kFollowedStep is ridden out: IDs go on from the newest one. When it jumps further
/// (told by comparing it with the monotonic clock), the generator changes to a spare node number, reserved in the store
/// beforehand, and follows the clock. Without a spare it goes on from the newest ID, which is unique all the same.
class SnowflakeGenerator {
 public:
  static constexpr std::chrono::milliseconds kFollowedStep{10'000};

  /// `newest` is the newest ID issued by any node, 0 for none. `node` in 1..1022 must not have issued a later one; when
  /// `newest` is more than kFollowedStep ahead of the clock, either pass its own node, and IDs go on from it, or one
  /// never used, and the clock is followed. `clock` must outlive the generator.
  SnowflakeGenerator(const Clock& clock, unsigned node, SnowflakeId newest);

  SnowflakeId next();

  /// Whether a spare node number should be reserved (persistently) and provided.
  bool wants_node() const { return spare_node_.load(std::memory_order_relaxed) == 0; }
  void provide_node(unsigned node) { spare_node_.store(node, std::memory_order_release); }
  unsigned node() const { return snowflake_node(newest_.load(std::memory_order_relaxed)); }

 private:
  bool change_node();

  const Clock& clock_;
  std::atomic<SnowflakeId> newest_;
  std::atomic<std::int64_t> wall_minus_steady_ms_;
  std::atomic<unsigned> spare_node_{0};
  std::mutex change_;  ///< Held only while the node changes.
};

}  // namespace postback
