// HostGate: how many requests may be under way to one server, and whether it is left alone for a while.
#pragma once

#include "postback/delivery/limits.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace postback::delivery {

/// What an exchange says about the server, whatever it says about the delivery.
enum class HostHealth : std::uint8_t {
  well,        ///< It answers.
  slow_down,   ///< It answers, and asks for less.
  overloaded,  ///< It answers that it cannot at the moment: a failure, and a wish for less.
  failing,     ///< It does not answer, or says that it is broken.
  unknown,     ///< Nothing was learned: nothing was sent, or the exchange was given up.
};

/// One server: scheme, host and port. Two bounds:
///
/// An allowance of requests under way. It begins at kFirstAllowance, grows by one with each answer up to the limit,
/// halves with each failure, and is 1 when the server asks for less. So a server that hangs soon holds one place of all
/// that there are, whoever else waits, and one that recovers is not run over.
///
/// A circuit breaker. After so many failures in a row it opens: nothing is sent for a while. Then one request is let
/// through; an answer closes it, a failure opens it for twice as long.
///
/// Times are of the monotonic clock. Used by one thread.
class HostGate {
 public:
  static constexpr std::size_t kFirstAllowance = 2;

  HostGate(std::string origin, std::size_t concurrency, const BreakerSettings& breaker);

  /// Whether one more request may be sent now.
  bool takes(std::chrono::milliseconds now) const;
  /// A request is sent. True: it is the one that tries a server whose breaker is open.
  bool sent();
  /// It ended. `probe`: what `sent` said of it. `wait`: how long the server asked to be left alone.
  void ended(HostHealth health, bool probe, std::chrono::milliseconds now,
             std::chrono::milliseconds wait = std::chrono::milliseconds{0});

  /// Somebody wants it tried now: where the breaker is open, one request is let through at once.
  void try_now(std::chrono::milliseconds now);

  /// Until when nothing is sent; nothing: it is not paused, or is to be tried.
  std::optional<std::chrono::milliseconds> paused_until(std::chrono::milliseconds now) const;
  const std::string& origin() const { return origin_; }
  std::size_t in_flight() const { return in_flight_; }
  std::size_t allowance() const { return allowance_; }
  std::uint64_t failures() const { return failures_; }

 private:
  void succeed();
  void fail(bool probe, std::chrono::milliseconds now, std::chrono::milliseconds wait);
  void open(std::chrono::milliseconds now, std::chrono::milliseconds wait);

  const std::string origin_;
  const std::size_t concurrency_;
  const BreakerSettings breaker_;
  std::size_t in_flight_ = 0;
  std::size_t allowance_;
  std::uint64_t failures_ = 0;  ///< In a row.
  bool probing_ = false;        ///< The one request is under way.
  std::optional<std::chrono::milliseconds> open_until_;
  std::chrono::milliseconds pause_{0};  ///< The last one of the open breaker.
};

}  // namespace postback::delivery
