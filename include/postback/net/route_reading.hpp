// RouteReading: how often a route was asked, what it answered and how long that took.
#pragma once

#include "postback/base/histogram.hpp"
#include "postback/http/request.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postback::net {

/// Upper bounds of the durations of requests in nanoseconds, 100 µs to 10 s.
inline constexpr std::array<std::uint64_t, 16> kRequestDurationBounds = {
    100'000,    250'000,     500'000,     1'000'000,   2'500'000,     5'000'000,     10'000'000,    25'000'000,
    50'000'000, 100'000'000, 250'000'000, 500'000'000, 1'000'000'000, 2'500'000'000, 5'000'000'000, 10'000'000'000};

/// The name under which requests are counted that no route took, and those that were refused.
inline constexpr std::string_view kUnmatched = "unmatched";

/// Of all routes that have this label, over all threads.
struct RouteReading {
  struct Count {
    http::Method method;
    int status;  ///< 0: one that the server does not know by name.
    std::uint64_t requests;
  };
  std::string label;
  std::vector<Count> counts;   ///< Only what happened; each method and status once.
  HistogramReading durations;  ///< By kRequestDurationBounds, from the complete request to the complete answer.
};

}  // namespace postback::net
