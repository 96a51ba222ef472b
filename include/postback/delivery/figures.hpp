// DeliveryFigures: counters and gauges of outgoing postbacks.
#pragma once

#include "postback/base/histogram.hpp"
#include "postback/domain/delivery.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace postback::delivery {

inline constexpr std::size_t kReasonCount = static_cast<std::size_t>(AttemptReason::no_facts) + 1;
inline constexpr std::size_t kStateCount = static_cast<std::size_t>(DeliveryState::listed) + 1;

/// Upper bounds of the histogram of attempts: milliseconds from 1 ms to 30 s.
inline constexpr std::array<std::uint64_t, 13> kAttemptDurationBounds = {1,   5,     10,    25,    50,     100,   250,
                                                                         500, 1'000, 2'500, 5'000, 10'000, 30'000};

/// Written by the outbox thread, read by anyone.
struct DeliveryFigures {
  std::array<OwnedCount, kStateCount> results{};    ///< Deliveries by the state they ended in; `pending` is unused.
  std::array<OwnedCount, kReasonCount> attempts{};  ///< By how they ended, noted or not.
  Histogram<kAttemptDurationBounds.size()> durations{kAttemptDurationBounds};  ///< Of attempts that sent something.
  OwnedCount planned;                                                          ///< Deliveries written as pending.
  OwnedCount store_refusals;                        ///< Turns whose decisions the store did not take.
  std::atomic<std::uint64_t> in_flight{0};          ///< Requests under way.
  std::atomic<std::uint64_t> pending{0};            ///< Deliveries that wait for an attempt, wherever.
  std::atomic<std::uint64_t> in_memory{0};          ///< Deliveries that are due and wait in memory.
  std::atomic<std::uint64_t> plan_delay_ms{0};      ///< Age of the oldest occurrence when it was last looked.
  std::atomic<std::uint64_t> destinations_held{0};  ///< With pending deliveries, and paused or left alone.
  std::atomic<std::uint64_t> hosts_paused{0};       ///< Their breaker is open.
};

}  // namespace postback::delivery
