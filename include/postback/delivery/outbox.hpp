// Outbox: the thread that a dispatcher runs on, and what other threads tell it.
#pragma once

#include "postback/delivery/dispatcher.hpp"
#include "postback/http/client.hpp"
#include "postback/http/delivery_control.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace postback::delivery {

/// Owns one thread between `start` and `stop`; it blocks for reads and commits, so it is no io thread. Everything else
/// is for any thread.
class Outbox {
 public:
  /// `after_turn` is called on the thread behind each turn: requests that the client collected can go now.
  Outbox(const DispatcherParts& parts, const DeliveryLimits& limits, std::uint64_t seed,
         std::function<void()> after_turn);
  ~Outbox();

  void start();
  /// Nothing more is planned or sent.
  void stop_taking();
  /// Waits up to `patience` for what is under way, notes it, and ends the thread. What is not noted stays pending.
  /// Before the recorder stops.
  void stop(std::chrono::milliseconds patience);

  /// Something was written for destinations. Cheap: it takes a lock only when the thread has not been told yet.
  void occurred() noexcept;
  /// Deliveries or states of destinations were changed by others.
  void changed();
  /// The same, and these are tried now, whatever their servers asked for.
  void try_now(const std::set<EntityNumber>& destinations);
  /// An exchange ended: `done` is called on the thread.
  void complete(http::Client::Completion done, http::OutgoingOutcome outcome);
  /// As of about the last second.
  std::vector<http::HostReport> hosts() const;
  std::vector<http::DestinationWait> waits() const;

 private:
  using Completed = std::pair<http::Client::Completion, http::OutgoingOutcome>;
  void loop();
  void take_in();
  template <class Step>
  void fenced(const Step& step);
  void publish_hosts();
  bool is_over() const;
  void wait();
  void wake() noexcept;

  Dispatcher dispatcher_;
  const std::function<void()> after_turn_;
  std::chrono::steady_clock::time_point published_{};

  std::atomic<bool> occurred_{false};
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  // Guarded by `mutex_`.
  bool told_ = false;  ///< Something below or above is new.
  bool changed_ = false;
  bool taking_ = true;
  bool stopping_ = false;
  std::chrono::steady_clock::time_point end_{};  ///< Of the patience, while stopping.
  std::vector<Completed> completed_;
  std::set<EntityNumber> try_now_;
  std::vector<http::HostReport> hosts_;
  std::vector<http::DestinationWait> waits_;

  std::thread thread_;
};

}  // namespace postback::delivery
