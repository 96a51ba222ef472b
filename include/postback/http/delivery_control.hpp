// DeliveryControl: what the API has the sender of outgoing postbacks do at once.
#pragma once

#include "postback/http/client.hpp"

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace postback::http {

/// How one server is doing, for operators.
struct HostReport {
  std::string origin;  ///< `https://crm.example`.
  std::size_t in_flight = 0;
  std::size_t queued = 0;            ///< In memory; the store may have more.
  bool paused = false;               ///< Its circuit breaker is open.
  std::int64_t paused_until_ms = 0;  ///< Wall time, milliseconds since 1970; 0: not paused.
  std::uint64_t failures = 0;        ///< In a row.
};

/// A destination that nothing is sent to for a while, though nobody paused it.
struct DestinationWait {
  static constexpr std::string_view kRetryAfter = "retry_after";  ///< Its server asked for it.
  static constexpr std::string_view kUnreadable = "unreadable";   ///< Its deliveries cannot be read from the store.
  std::uint32_t destination = 0;                                  ///< Its number in the catalog.
  std::int64_t until_ms = 0;                                      ///< Wall time, milliseconds since 1970.
  std::string_view reason;                                        ///< One of the above.
};

/// What waits at the moment, for /readyz.
struct DeliveryQueue {
  std::uint64_t in_flight = 0;  ///< Requests under way.
  std::uint64_t in_memory = 0;  ///< Deliveries that are due and wait in memory; the store may have more.
};

/// Thread-safe.
class DeliveryControl {
 public:
  virtual ~DeliveryControl() = default;
  /// Deliveries, or the state of a destination, were changed in the store: look again.
  virtual void changed() = 0;
  /// As `changed`; and these destinations are to be tried now, whatever their servers asked for.
  virtual void try_now(const std::set<std::uint32_t>&) { changed(); }
  /// Sends one request at once, beside all queues and limits; blocks until it ended.
  virtual OutgoingOutcome send_now(OutgoingRequest request) = 0;
  virtual std::vector<HostReport> hosts() const = 0;
  virtual std::vector<DestinationWait> waits() const { return {}; }
  virtual DeliveryQueue queue() const { return {}; }
};

}  // namespace postback::http
