// KnownVisitors: a set-associative table of atomic words.
#include "postback/tracking/known_visitors.hpp"

#include <bit>

namespace postback {
namespace {

constexpr unsigned kMinuteBits = 24;
constexpr std::uint64_t kMinuteMask = (std::uint64_t{1} << kMinuteBits) - 1;

/// Minutes between two moments that are less than 15 years apart, whichever is the later one.
std::uint64_t minutes_between(std::uint64_t a, std::uint64_t b) {
  const std::uint64_t forth = (a - b) & kMinuteMask;
  const std::uint64_t back = (b - a) & kMinuteMask;
  return forth < back ? forth : back;
}

}  // namespace

KnownVisitors::KnownVisitors(std::size_t visitors) {
  if (visitors == 0) return;
  places_ = std::bit_ceil((visitors + kVisitorsPerPlace - 1) / kVisitorsPerPlace);
  place_ = std::make_unique<Place[]>(places_);
}

bool KnownVisitors::first_visit(std::uint64_t visitor, TimeMs now) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(now.time_since_epoch()).count();
  const std::uint64_t minute = static_cast<std::uint64_t>(minutes) & kMinuteMask;
  const std::uint64_t who = (visitor | (std::uint64_t{1} << 63)) & ~kMinuteMask;  // never the word of a free one
  Place& place = place_[visitor & (places_ - 1)];
  std::atomic<std::uint64_t>* oldest = &place.visitors[0];
  std::uint64_t oldest_word = 0;
  std::uint64_t oldest_age = 0;
  for (auto& each : place.visitors) {
    const std::uint64_t word = each.load(std::memory_order_relaxed);
    const std::uint64_t age = word == 0 ? kMinuteMask : minutes_between(minute, word & kMinuteMask);
    const bool remembered = age < static_cast<std::uint64_t>(kRemembered.count());
    if ((word & ~kMinuteMask) == who) {
      if (remembered) return false;
      oldest = &each;
      oldest_word = word;
      break;
    }
    if (age >= oldest_age) {
      oldest = &each;
      oldest_word = word;
      oldest_age = age;
    }
  }
  // Who comes second in a race for the slot is forgotten.
  oldest->compare_exchange_strong(oldest_word, who | minute, std::memory_order_relaxed);
  return true;
}

}  // namespace postback
