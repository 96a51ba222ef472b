// DeliveryLimits: bounds of the sending of outgoing postbacks; each is stated in docs/operating.md.
#pragma once

#include <chrono>
#include <cstddef>

namespace postback::delivery {

/// When a server that keeps failing is left alone.
struct BreakerSettings {
  std::size_t failures = 5;                 ///< In a row, after which it is paused.
  std::chrono::milliseconds first{30'000};  ///< The first pause; doubled each time the attempt after it fails as well.
  std::chrono::milliseconds longest{600'000};
};

struct DeliveryLimits {
  std::size_t host_concurrency = 8;  ///< Most requests under way to one server (scheme, host and port).
  std::size_t in_flight = 1'024;     ///< The same to all together.
  std::size_t window = 64;           ///< Most deliveries of one destination in memory.
  std::size_t in_memory = 65'536;    ///< The same of all together: with many destinations, windows are smaller.
  /// While many visits are recorded, one delivery for so many; 0: no such limit.
  std::size_t visits_per_delivery = 9;
  BreakerSettings breaker;
};

}  // namespace postback::delivery
