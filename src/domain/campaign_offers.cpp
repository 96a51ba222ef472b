// Lists what a campaign leads to.
#include "domain/campaign_offers.hpp"

#include <algorithm>

namespace postback {
namespace {

template <class T>
void add_once(std::vector<const T*>& all, const T* one) {
  if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
}

void add_offers(const std::vector<CampaignPath>& paths, std::vector<const Offer*>& offers) {
  for (const auto& path : paths) {
    for (const auto& weighted : path.offers) add_once(offers, weighted.offer);
  }
}

}  // namespace

std::vector<const Offer*> offers_of(const Campaign& campaign) {
  std::vector<const Offer*> offers;
  for (const auto& rule : campaign.rules) add_offers(rule.paths, offers);
  add_offers(campaign.paths, offers);
  return offers;
}

std::vector<const Network*> networks_of(const Campaign& campaign) {
  std::vector<const Network*> networks;
  for (const auto* offer : offers_of(campaign)) add_once(networks, offer->network);
  return networks;
}

}  // namespace postback
