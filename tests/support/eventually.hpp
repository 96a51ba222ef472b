// Waiting for what must happen, within a bound.
#pragma once

#include <poll.h>

#include <chrono>

namespace postback {

/// For what happens at once where the machine has time for it.
constexpr std::chrono::seconds kPatience{30};

/// Asks again and again until `happened` says yes (true) or `bound` has passed (false).
template <class Condition>
bool eventually(Condition happened, std::chrono::milliseconds bound = kPatience) {
  constexpr int kBetweenMs = 1;
  const auto end = std::chrono::steady_clock::now() + bound;
  while (!happened()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    ::poll(nullptr, 0, kBetweenMs);
  }
  return true;
}

}  // namespace postback
