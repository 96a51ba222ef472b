// Lanes: all lanes with the gates of their servers, kept in step with the catalog and the store.
#pragma once

#include "host_gate.hpp"
#include "lane.hpp"
#include "postback/base/clock.hpp"
#include "postback/delivery/limits.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/http/delivery_control.hpp"
#include "postback/store/reader.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace postback::delivery {

/// Wall and monotonic time, read together.
struct Moment {
  TimeMs wall{};
  std::chrono::milliseconds steady{0};
};

/// Lanes and gates stay where they are as long as somebody may point to them. Used by one thread.
class Lanes {
 public:
  explicit Lanes(const DeliveryLimits& limits) : limits_(limits) {}

  /// The catalog changed: documents, and with them the servers. It must live until the next call.
  void follow(const Catalog& catalog);
  /// What the store knows of all destinations, in place of what was known. Nothing is held any more: what is under way
  /// is to be held anew.
  void take_over(const std::vector<StoredDestination>& states);
  /// The destination's lane; made if there is none.
  Lane& of(EntityNumber destination);

  /// Fills the windows of those that may send and lets go those of the others; error: a lane could not be read.
  Result<void> fill(Reader& reader, const Moment& now);
  /// The lane that is to send next, none if no gate takes more. Servers take turns, and so do the lanes of a server:
  /// each gets its share, whatever waits for the others.
  Lane* next(std::chrono::milliseconds steady);

  /// Somebody wants these destinations tried now, whatever their servers asked for.
  void try_now(const std::set<EntityNumber>& destinations, std::chrono::milliseconds steady);

  /// A feed with pending deliveries, which stand there for nothing but to be listed; null: there is none.
  Lane* feed_to_list() const;

  /// How long until a lane may have something to do that it cannot do now; at most `longest`.
  std::chrono::milliseconds wait(const Moment& now, std::chrono::milliseconds longest) const;
  std::vector<http::HostReport> hosts(const Moment& now) const;
  /// The destinations that wait though nobody paused them.
  std::vector<http::DestinationWait> waits(const Moment& now) const;
  /// Most deliveries that a lane may hold: its own bound, or its share of all memory.
  std::size_t window() const;

  std::size_t waiting() const;  ///< Deliveries in memory that are not under way.
  /// With something pending, and paused or left alone for a while.
  std::size_t destinations_held(std::chrono::milliseconds steady) const;
  std::size_t hosts_paused(std::chrono::milliseconds steady) const;

 private:
  /// A server with the lanes that lead to it.
  struct Host {
    Host(std::string_view origin, const DeliveryLimits& limits)
        : gate(std::string(origin), limits.host_concurrency, limits.breaker) {}
    HostGate gate;
    std::vector<Lane*> lanes;
    std::size_t turn = 0;  ///< The lane that is asked first.
  };
  void attach(Lane& lane);
  static void leave_alone(Lane& lane, const Error& error, std::chrono::milliseconds steady);
  static Lane* next_of(Host& host, std::chrono::milliseconds steady);

  const DeliveryLimits limits_;
  const Catalog* catalog_ = nullptr;
  std::unordered_map<EntityNumber, std::unique_ptr<Lane>> lanes_;
  std::map<std::string, std::unique_ptr<Host>, std::less<>> hosts_;
  std::vector<Host*> ready_;  ///< Those with something waiting, since the last fill.
  std::size_t turn_ = 0;      ///< The server that is asked first.
};

}  // namespace postback::delivery
