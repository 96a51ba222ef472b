// Drawing one of several weighted entries by a click ID.
#pragma once

#include "postback/base/check.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace postback {

/// One for each level of the choice, so that they are independent of each other. Arbitrary, but never to be changed:
/// past choices could no longer be recomputed.
enum class DrawLevel : std::uint64_t {
  path = 0x70617468'00000001,
  offer = 0x6f666665'00000002,
  lander = 0x6c616e64'00000003,
};

/// The finaliser of splitmix64 (Steele, Lea, Flood 2014): every input bit changes about half of the output bits.
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

/// Where the draw of a click falls among the weights. The remainder's bias is below 2^-34 for sums below 2^30.
template <class Entry>
std::uint32_t draw_point(const std::vector<Entry>& entries, std::uint64_t id_low, DrawLevel level) {
  check(!entries.empty(), "a campaign of a built catalog has paths, and each path has offers");
  return static_cast<std::uint32_t>(mix(id_low ^ static_cast<std::uint64_t>(level)) % entries.back().cumulative);
}

/// The index of the entry that covers `point`.
template <class Entry>
std::uint32_t entry_at(const std::vector<Entry>& entries, std::uint32_t point) {
  const auto chosen =
      std::upper_bound(entries.begin(), entries.end(), point,
                       [](std::uint32_t value, const Entry& entry) { return value < entry.cumulative; });
  return static_cast<std::uint32_t>(chosen - entries.begin());
}

template <class Entry>
std::uint32_t pick(const std::vector<Entry>& entries, std::uint64_t id_low, DrawLevel level) {
  return entry_at(entries, draw_point(entries, id_low, level));
}

}  // namespace postback
