// Housekeeping: one thread for what can wait: late matches and retention.
#pragma once

#include "postback/store/late_matcher.hpp"
#include "postback/store/retention.hpp"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace postback {

/// Owns one thread between `start` and `stop`. Work is done in small steps through the recorder, late matches first.
class Housekeeping {
 public:
  /// All must outlive it.
  Housekeeping(LateMatcher& matcher, Retention& retention, std::unique_ptr<Reader> reader)
      : matcher_(matcher), retention_(retention), reader_(std::move(reader)) {}
  ~Housekeeping() { stop(); }

  /// Looks for late matches at once: clicks may have been committed by the process before.
  void start();
  /// Ends after the step under way; before the recorder stops.
  void stop();
  /// Clicks were committed later than they happened: postbacks may wait for them. Thread-safe.
  void clicks_arrived() noexcept;

 private:
  using Wait = std::chrono::milliseconds;
  void loop();
  Wait match_late();
  Wait forget_old();

  LateMatcher& matcher_;
  Retention& retention_;
  const std::unique_ptr<Reader> reader_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  ///< Guarded by `mutex_`.
  bool arrived_ = true;    ///< Likewise.
  bool matching_ = false;  ///< The thread's own.
  std::thread thread_;
};

}  // namespace postback
