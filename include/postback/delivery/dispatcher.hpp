// Dispatcher: decides what is sent when, and what becomes of it: from the outbox to noted attempts.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/result.hpp"
#include "postback/delivery/figures.hpp"
#include "postback/delivery/limits.hpp"
#include "postback/delivery/outbox_store.hpp"
#include "postback/domain/click_id.hpp"
#include "postback/http/client.hpp"
#include "postback/http/delivery_control.hpp"
#include "postback/store/catalog_slot.hpp"
#include "postback/store/reader.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <vector>

namespace postback::delivery {

/// What a dispatcher works with; all must outlive it.
struct DispatcherParts {
  const Clock& clock;
  Reader& reader;
  OutboxStore& store;
  http::Client& client;  ///< Its completions must run on the dispatcher's thread.
  const CatalogSlot& catalog;
  const ClickIdKeys& click_id_keys;
  DeliveryFigures& figures;
  /// How many visits and postbacks were recorded so far: while these are many, less is sent.
  std::function<std::uint64_t()> visits;
};

/// No thread, no clock and no randomness of its own: the same calls with the same seed do the same. Used by one thread.
///
/// A turn notes what came of attempts and plans what happened, in one commit, and then sends what is due. What is sent
/// is noted only after its answer, so a crash in between repeats it, with the same idempotency key. While the store
/// takes nothing, outcomes are kept and nothing is sent: so they never grow beyond what was under way.
class Dispatcher {
 public:
  Dispatcher(const DispatcherParts& parts, const DeliveryLimits& limits, std::uint64_t seed);
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  /// Something may have been written for destinations; deliveries or states of destinations were changed by others.
  void occurred();
  void changed();
  /// As `changed`, and the destinations are tried now: nothing that was asked of them before counts, and where the
  /// breaker of a server is open, one request is let through.
  void try_now(const std::set<EntityNumber>& destinations);
  /// Nothing is tried for a while: after a turn that threw.
  void hold_off();
  /// Nothing more is planned or sent; what is under way is waited for and noted.
  void stop_taking();

  /// Does what can be done now. Blocks for reads and for a commit.
  void turn();
  /// How long the next turn may be waited for, if nothing happens before. Never longer than kLongestWait, so that a
  /// wall clock that was set is noticed.
  std::chrono::milliseconds wait() const;
  /// How long to wait before that whatever is told meanwhile: while many visits are recorded, the outcomes of some
  /// hundredths of a second share one commit, which costs the visitors less than many. 0: not at all.
  std::chrono::milliseconds rest() const;
  static constexpr std::chrono::milliseconds kLongestWait{1'000};

  std::size_t in_flight() const;
  /// Outcomes that are not durable yet.
  std::size_t unnoted() const;
  std::vector<http::HostReport> hosts() const;
  std::vector<http::DestinationWait> waits() const;

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

}  // namespace postback::delivery
