// KnownVisitors: who was at a campaign within the last 24 hours, in a memory of fixed size that io threads share.
#pragma once

#include "postback/base/clock.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace postback {

/// Thread-safe without locks. Best effort: it starts empty, forgets the oldest of eight visitors who share a place when
/// it is full, and two requests at the same moment may both be first.
class KnownVisitors {
 public:
  static constexpr std::size_t kVisitorsPerPlace = 8;
  static constexpr std::chrono::minutes kRemembered{24 * 60};

  /// At most `visitors` (8 bytes each) are remembered, rounded up to a power of two; 0: none.
  explicit KnownVisitors(std::size_t visitors);

  bool remembers_any() const { return places_ > 0; }
  /// Whether this is the visitor's first visit within 24 hours, and from now on it is not. `visitor`: a keyed hash of
  /// who it is and of the campaign. A visitor is new again 24 hours after a visit that was the first.
  bool first_visit(std::uint64_t visitor, TimeMs now);

 private:
  /// The upper 40 bits of the hash and the minute of the first visit; 0: free. One place is a line of the cache.
  struct alignas(64) Place {
    std::atomic<std::uint64_t> visitors[kVisitorsPerPlace];
  };

  std::size_t places_ = 0;
  std::unique_ptr<Place[]> place_;
};

}  // namespace postback
