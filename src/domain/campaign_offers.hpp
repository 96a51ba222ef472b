// The offers a campaign may send visitors to, and their networks.
#pragma once

#include "postback/domain/catalog.hpp"

#include <vector>

namespace postback {

/// Of every rule's paths and the default ones, each once, in their order.
std::vector<const Offer*> offers_of(const Campaign& campaign);

/// The networks of these offers, each once.
std::vector<const Network*> networks_of(const Campaign& campaign);

}  // namespace postback
