// Choosing path and offer for a click: a pure function of its ID, so that the choice can be recomputed at any time.
#include "postback/base/check.hpp"
#include "postback/domain/catalog.hpp"

#include <algorithm>

namespace postback {
namespace {

/// One for each level of the choice, so that they are independent of each other. Arbitrary, but never to be changed:
/// past choices could no longer be recomputed.
constexpr std::uint64_t kPathLevel = 0x70617468'00000001;
constexpr std::uint64_t kOfferLevel = 0x6f666665'00000002;

/// The finaliser of splitmix64 (Steele, Lea, Flood 2014): every input bit changes about half of the output bits.
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

/// The index of the entry that `draw` falls on. The remainder's bias is below 2^-34 for sums below 2^30.
template <class Entry>
std::uint32_t pick(const std::vector<Entry>& entries, std::uint64_t draw) {
  check(!entries.empty(), "a campaign of a built catalog has paths, and each path has offers");
  const auto point = static_cast<std::uint32_t>(draw % entries.back().cumulative);
  const auto chosen =
      std::upper_bound(entries.begin(), entries.end(), point,
                       [](std::uint32_t value, const Entry& entry) { return value < entry.cumulative; });
  return static_cast<std::uint32_t>(chosen - entries.begin());
}

}  // namespace

Route choose_route(const Campaign& campaign, const ClickId& id) {
  Route route;
  route.path = pick(campaign.paths, mix(id.low ^ kPathLevel));
  const CampaignPath& path = campaign.paths[route.path];
  route.offer = path.offers[pick(path.offers, mix(id.low ^ kOfferLevel))].offer;
  return route;
}

}  // namespace postback
