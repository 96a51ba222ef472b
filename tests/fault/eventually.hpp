// Waiting for what must happen, within a bound.
#pragma once

#include <poll.h>

#include <chrono>

namespace postback::fault {

/// Asks again and again until `happened` says yes (true) or `bound` has passed (false).
template <class Condition>
bool eventually(std::chrono::milliseconds bound, Condition happened) {
  constexpr int kBetweenMs = 5;
  const auto end = std::chrono::steady_clock::now() + bound;
  while (!happened()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    ::poll(nullptr, 0, kBetweenMs);
  }
  return true;
}

}  // namespace postback::fault
