// Sample: an invented conversion for one destination, for the test button and previews.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/delivery.hpp"

namespace postback {

struct Sample {
  Delivery delivery;
  DeliveryFacts facts;
};

/// A conversion that could have come: of a campaign, offer and source in the destination's scope where the catalog has
/// them, with the status and event that its condition asks for. IDs are made of `now` and belong to nothing stored.
Sample sample_delivery(const Catalog& catalog, const Destination& destination, TimeMs now);

/// After values of the sample's click were changed: an impression's delivery carries them itself.
void tell_impression(Sample& sample);

}  // namespace postback
