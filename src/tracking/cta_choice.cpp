// Following a recorded choice in the catalog of today.
#include "tracking/cta_choice.hpp"

#include <algorithm>
#include <vector>

namespace postback {
namespace {

using Paths = std::vector<CampaignPath>;

/// The offer itself, or what stands in for an archived one.
const Offer* in_use(const Catalog& catalog, const Offer* offer) {
  if (offer == nullptr || !offer->archived) return offer;
  const Offer* const fallback = catalog.offer(offer->fallback);
  return fallback == nullptr || fallback->archived ? nullptr : fallback;
}

bool has_offer(const CampaignPath& path, EntityNumber offer) {
  return std::any_of(path.offers.begin(), path.offers.end(),
                     [offer](const WeightedOffer& weighted) { return weighted.offer->number == offer; });
}

const Paths* paths_of(const Campaign& campaign, std::uint32_t rule) {
  if (rule == 0) return &campaign.paths;
  return rule <= campaign.rules.size() ? &campaign.rules[rule - 1].paths : nullptr;
}

/// The click's path, as far as it can be found again.
const CampaignPath* find_path(const Campaign& campaign, const StoredClick& click) {
  const Paths* const paths = paths_of(campaign, click.rule);
  if (paths == nullptr) return nullptr;
  if (click.path < paths->size() && has_offer((*paths)[click.path], click.offer)) return &(*paths)[click.path];
  const auto other = std::find_if(paths->begin(), paths->end(),
                                  [&](const CampaignPath& path) { return has_offer(path, click.offer); });
  return other == paths->end() ? nullptr : &*other;
}

const Offer* nth_offer(const Catalog& catalog, const CampaignPath& path, std::size_t wanted) {
  return wanted == 0 || wanted > path.offers.size() ? nullptr : in_use(catalog, path.offers[wanted - 1].offer);
}

}  // namespace

const Offer* choose_cta_offer(const Catalog& catalog, const Campaign* campaign, const StoredClick& click,
                              const ClickId& id, std::size_t wanted) {
  const CampaignPath* const path = campaign == nullptr ? nullptr : find_path(*campaign, click);
  if (path != nullptr) {
    if (const Offer* const nth = nth_offer(catalog, *path, wanted)) return nth;
  }
  if (path != nullptr || wanted == 0) {
    if (const Offer* const recorded = in_use(catalog, catalog.offer(click.offer))) return recorded;
  }
  return campaign == nullptr ? in_use(catalog, catalog.offer(click.offer))
                             : choose_cta_offer(catalog, *campaign, id, wanted);
}

const Offer* choose_cta_offer(const Catalog& catalog, const Campaign& campaign, const ClickId& id, std::size_t wanted) {
  Visitor unknown;
  unknown.time = id.time();
  const Route route = choose_route(campaign, id, unknown);
  const Offer* const nth = nth_offer(catalog, (*paths_of(campaign, route.rule))[route.path], wanted);
  return nth != nullptr ? nth : in_use(catalog, route.offer);
}

}  // namespace postback
