// Prefetches of cache lines. A wrong or useless one costs next to nothing.
#include "postback/domain/route_prefetch.hpp"

#include "domain/condition_node.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace postback {
namespace {

constexpr std::size_t kLine = 64;
/// More at once than the processor can have under way would only wait.
constexpr std::size_t kMostRules = 12;

/// Numbers, not pointers: the end may lie behind what `begin` points into.
void prefetch(const void* begin, std::size_t size) {
  const auto address = reinterpret_cast<std::uintptr_t>(begin);
  for (std::size_t at = 0; at < size; at += kLine) __builtin_prefetch(reinterpret_cast<const void*>(address + at));
}

std::size_t looked_at(const Campaign& campaign) { return std::min(campaign.rules.size(), kMostRules); }

}  // namespace

void prefetch_rules(const Campaign& campaign) noexcept {
  prefetch(campaign.rules.data(), looked_at(campaign) * sizeof(CampaignRule));
  prefetch(campaign.paths.data(), sizeof(CampaignPath));
}

void prefetch_conditions(const Campaign& campaign) noexcept {
  // A node, and behind it what most comparisons compare with.
  for (std::size_t i = 0; i < looked_at(campaign); ++i) prefetch(campaign.rules[i].when.root(), 2 * kLine);
}

}  // namespace postback
