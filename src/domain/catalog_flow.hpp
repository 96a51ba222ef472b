// The flow of campaign documents: rules, paths, landers and offers.
#pragma once

#include "domain/catalog_entities.hpp"

namespace postback {

/// Bounds of one campaign's flow; beyond them is a fault.
inline constexpr std::size_t kMostRules = 100;
inline constexpr std::size_t kMostTestedHeaders = 20;

/// Reads `time_zone`, `rules` and `paths` into the campaign and their canonical form.
void read_flow(ObjectReader& reader, Campaign& campaign, const CatalogReferences& known, Json& canonical);

}  // namespace postback
