// UserAgentCache: a set-associative table with random replacement.
#include "tracking/user_agent_cache.hpp"

#include <sodium.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace postback {

std::uint64_t keyed_hash(const HashKey& key, std::string_view text) {
  std::uint64_t hash = 0;
  unsigned char bytes[sizeof hash];
  crypto_shorthash(bytes, reinterpret_cast<const unsigned char*>(text.data()), text.size(), key.data());
  std::memcpy(&hash, bytes, sizeof hash);
  return hash;
}

UserAgentCache::UserAgentCache(const UserAgentParser& parser, std::size_t entries)
    : parser_(parser),
      places_(std::bit_ceil(std::max<std::size_t>(1, (entries + kEntriesPerPlace - 1) / kEntriesPerPlace))) {}

UserAgentFacts UserAgentCache::find(std::string_view text, std::uint64_t hash, std::atomic<std::uint64_t>& parses) {
  if (text.empty()) return {};
  hash |= std::uint64_t{1} << 63;  // 0 is a free entry
  Place& place = places_[hash & (places_.size() - 1)];
  const auto known = std::find(place.hashes.begin(), place.hashes.end(), hash);
  if (known != place.hashes.end()) return place.facts[static_cast<std::size_t>(known - place.hashes.begin())];
  parses.fetch_add(1, std::memory_order_relaxed);
  const UserAgentFacts facts = parser_.parse(text, scratch_);
  if (const std::size_t entry = entry_to_take(place); entry < kEntriesPerPlace) {
    place.hashes[entry] = hash;
    place.facts[entry] = facts;
  }
  return facts;
}

std::size_t UserAgentCache::entry_to_take(const Place& place) {
  const auto free = std::find(place.hashes.begin(), place.hashes.end(), std::uint64_t{0});
  if (free != place.hashes.end()) return static_cast<std::size_t>(free - place.hashes.begin());
  turn_ = turn_ * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;  // Knuth's MMIX generator
  constexpr std::uint64_t kTurnsOfATake = 8;
  const std::uint64_t drawn = turn_ >> 48;
  if (drawn % kTurnsOfATake != 0) return kEntriesPerPlace;
  return drawn / kTurnsOfATake % kEntriesPerPlace;
}

}  // namespace postback
