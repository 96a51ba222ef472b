// UserAgentCache: what was read of user agents, so that each is parsed about once.
#pragma once

#include "postback/tracking/visitor_services.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace postback {

/// SipHash-2-4.
std::uint64_t keyed_hash(const HashKey& key, std::string_view text);

/// Of one thread. Kept by a text's hash alone, in a table of fixed size: nothing is allocated after it was made. When
/// the four entries that share a place are taken, a newcomer replaces one of them every fourth time only, and then one
/// at random: what is often asked for comes back soon, and a run of rare texts, longer than the table, does not drive
/// out all that was there.
class UserAgentCache {
 public:
  static constexpr std::size_t kEntriesPerPlace = 4;

  /// At most `entries` (64 bytes each), rounded up to a power of two; at least one place.
  UserAgentCache(const UserAgentParser& parser, std::size_t entries);

  /// `hash`: of the text. `parses` counts the texts that were not in the table.
  UserAgentFacts find(std::string_view text, std::uint64_t hash, std::atomic<std::uint64_t>& parses);

 private:
  struct Entry {
    std::uint64_t hash = 0;
    UserAgentFacts facts;
  };
  using Place = std::array<Entry, kEntriesPerPlace>;

  Entry* entry_to_replace(Place& place);

  const UserAgentParser& parser_;
  UserAgentParser::Scratch scratch_;
  std::vector<Place> places_;
  std::uint64_t turn_ = 0;
};

}  // namespace postback
