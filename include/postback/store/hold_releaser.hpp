// HoldReleaser: approves held conversions when their time has come.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/store/item_waiter.hpp"
#include "postback/store/reader.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>

namespace postback {

/// Owns one thread between `start` and `stop`. It looks about once a second whether a hold has ended, and has those
/// that have approved in steps of at most kStep, each one a transaction, so that clicks are committed in between. By
/// the wall clock: the holds are.
class HoldReleaser {
 public:
  static constexpr std::size_t kStep = 500;
  static constexpr std::chrono::milliseconds kInterval{1'000};
  static constexpr std::chrono::minutes kPause{1};  ///< Before what the store rejected is tried again.

  /// All must outlive it.
  HoldReleaser(ItemWaiter& items, std::unique_ptr<Reader> reader, const Clock& clock)
      : items_(items), reader_(std::move(reader)), clock_(clock) {}
  ~HoldReleaser() { stop(); }

  void start();
  /// Ends after the step under way; before the recorder stops.
  void stop();
  /// Releases what is due now; how many. One that the store rejects is left aside for kPause and does not hold up the
  /// others. An error leaves the rest for later. For the thread, or in its place.
  Result<std::size_t> release_due();

 private:
  void loop();
  void leave_aside();

  ItemWaiter& items_;
  const std::unique_ptr<Reader> reader_;
  const Clock& clock_;
  std::size_t left_aside_ = 0;                  ///< How many of the longest due the store rejected.
  std::chrono::milliseconds try_all_again_{0};  ///< By the monotonic clock.
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  ///< Guarded by `mutex_`.
  std::thread thread_;
};

}  // namespace postback
