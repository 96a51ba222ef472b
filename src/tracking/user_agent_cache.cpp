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
  const auto known = std::find_if(place.begin(), place.end(), [hash](const Entry& each) { return each.hash == hash; });
  if (known != place.end()) return known->facts;
  parses.fetch_add(1, std::memory_order_relaxed);
  const UserAgentFacts facts = parser_.parse(text, scratch_);
  if (Entry* const entry = entry_to_replace(place)) *entry = {hash, facts};
  return facts;
}

/// Null: the newcomer must wait for another time.
UserAgentCache::Entry* UserAgentCache::entry_to_replace(Place& place) {
  const auto free = std::find_if(place.begin(), place.end(), [](const Entry& each) { return each.hash == 0; });
  if (free != place.end()) return &*free;
  turn_ = turn_ * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;  // Knuth's MMIX generator
  constexpr unsigned kWaitBits = 2;
  const std::uint64_t high = turn_ >> 60;
  if ((high & ((1U << kWaitBits) - 1)) != 0) return nullptr;
  return &place[high >> kWaitBits];
}

}  // namespace postback
