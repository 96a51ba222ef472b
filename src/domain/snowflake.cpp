// SnowflakeGenerator: one compare-and-swap on the newest ID; a lock only where the node changes.
#include "postback/domain/snowflake.hpp"

#include "postback/base/check.hpp"

namespace postback {
namespace {

using std::chrono::milliseconds;

constexpr unsigned kLastSequence = (1U << kSnowflakeSequenceBits) - 1;
constexpr TimeMs kOrigin{milliseconds{kSnowflakeEpochMs}};
constexpr TimeMs kEnd = kOrigin + milliseconds{std::int64_t{1} << 41};
/// Smaller differences are left alone, so that rounding to milliseconds does not make every thread write.
constexpr milliseconds kUnanchoredDrift{100};

struct ClockReading {
  TimeMs wall;
  milliseconds wall_minus_steady;
  bool usable;  ///< A clock that is not set, or set beyond what 41 bits hold, moves no ID: they go on from the newest.
};

ClockReading read_clocks(const Clock& clock) {
  const TimeMs wall = clock.wall();
  const bool usable = wall >= kOrigin && wall < kEnd;
  return {usable ? wall : kOrigin, wall.time_since_epoch() - clock.steady(), usable};
}

/// The ID behind `id`. The node stands between time and sequence, so a full sequence carries into the time.
SnowflakeId successor(SnowflakeId id) {
  if ((id & kLastSequence) != kLastSequence) return id + 1;
  return make_snowflake(snowflake_time(id) + milliseconds{1}, snowflake_node(id), 0);
}

/// What `next` goes on from at start.
SnowflakeId first_newest(TimeMs wall, unsigned node, SnowflakeId newest) {
  const TimeMs newest_time = snowflake_time(newest);
  if (wall > newest_time) return make_snowflake(wall, node, 0);
  if (node == snowflake_node(newest)) return newest;
  // Another node's IDs are ahead of the clock: a little is ridden out in the next millisecond, much is not waited for.
  if (newest_time - wall <= SnowflakeGenerator::kFollowedStep) return make_snowflake(newest_time, node, kLastSequence);
  return make_snowflake(wall, node, 0);
}

}  // namespace

SnowflakeGenerator::SnowflakeGenerator(const Clock& clock, unsigned node, SnowflakeId newest) : clock_(clock) {
  check(node > 0 && node < kImportNode, "a node number is out of range");
  const ClockReading now = read_clocks(clock_);
  newest_.store(first_newest(now.wall, node, newest));
  wall_minus_steady_ms_.store(now.wall_minus_steady.count());
}

SnowflakeId SnowflakeGenerator::next() {
  while (true) {
    SnowflakeId newest = newest_.load(std::memory_order_acquire);
    const ClockReading now = read_clocks(clock_);
    const milliseconds anchor{wall_minus_steady_ms_.load(std::memory_order_relaxed)};
    const milliseconds drift = std::chrono::abs(now.wall_minus_steady - anchor);
    const TimeMs newest_time = snowflake_time(newest);
    // Left behind: a jump back was met without a spare, and there is one now.
    const bool left_behind = newest_time - now.wall > kFollowedStep && !wants_node();
    if (now.usable && (drift > kFollowedStep || left_behind)) [[unlikely]] {
      if (change_node()) continue;
    } else if (now.usable && drift > kUnanchoredDrift) {
      // Slow corrections add up over days and are no jump: the comparison follows them.
      wall_minus_steady_ms_.store(now.wall_minus_steady.count(), std::memory_order_relaxed);
    }
    const SnowflakeId candidate =
        now.wall > newest_time ? make_snowflake(now.wall, snowflake_node(newest), 0) : successor(newest);
    if (newest_.compare_exchange_weak(newest, candidate, std::memory_order_acq_rel)) return candidate;
  }
}

/// Follows a clock that jumped on the spare node. True: look again, something changed. False: there is no spare, go on
/// from the newest ID with the same node, which follows a clock that jumped forward and waits for one that jumped back.
bool SnowflakeGenerator::change_node() {
  const std::lock_guard lock{change_};
  // Another thread may have changed the node meanwhile, or this one was held up between reading the two clocks.
  const ClockReading now = read_clocks(clock_);
  const milliseconds anchor{wall_minus_steady_ms_.load(std::memory_order_relaxed)};
  const SnowflakeId newest = newest_.load(std::memory_order_acquire);
  const bool jumped = std::chrono::abs(now.wall_minus_steady - anchor) > kFollowedStep;
  const bool left_behind = snowflake_time(newest) - now.wall > kFollowedStep;
  if (!now.usable || (!jumped && !left_behind)) return true;

  wall_minus_steady_ms_.store(now.wall_minus_steady.count(), std::memory_order_relaxed);
  const unsigned spare = spare_node_.exchange(0, std::memory_order_acq_rel);
  if (spare == 0) return false;
  check(spare < kImportNode && spare != snowflake_node(newest), "a spare node number is out of range or in use");
  // Every compare-and-swap on the old node's newest ID fails from here on.
  newest_.store(make_snowflake(now.wall, spare, 0), std::memory_order_release);
  return true;
}

}  // namespace postback
