// VisitorServices: what is told about visitors from, shared by the io threads.
#pragma once

#include "postback/domain/user_agent.hpp"
#include "postback/tracking/geo.hpp"
#include "postback/tracking/known_visitors.hpp"
#include "postback/tracking/recorded_address.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace postback {

/// A key of SipHash-2-4, made at the start: nobody outside can choose texts whose hashes are alike.
using HashKey = std::array<std::uint8_t, 16>;

/// All of it outlives the server.
struct VisitorServices {
  const UserAgentParser& user_agents;
  const GeoSlot& geo;
  KnownVisitors& known;
  RecordedAddress address;
  HashKey hash_key{};
  std::size_t cached_user_agents = 0;  ///< By each io thread; see UserAgentCache.
};

}  // namespace postback
