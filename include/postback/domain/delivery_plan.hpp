// Planning: which destinations are told of an occurrence, and when.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/delivery.hpp"

#include <functional>
#include <unordered_map>
#include <vector>

namespace postback {

/// All of it must outlive the call.
struct PlanRequest {
  const Catalog& catalog;
  const Catalog& destinations;  ///< The catalog whose destinations are told.
  const Occurrence& occurrence;
  const DeliveryFacts& facts;
  TimeMs now;
};

/// What one occurrence leads to: a delivery for each destination whose trigger, scope and condition fit, in the order
/// of their IDs, without IDs of their own yet. The conversion trigger also fires at a later change of status, unless
/// `was_told(destination)`, which is asked for nothing else. Where a destination sends a part, its remainder is read
/// and updated: each occurrence that fits adds its percent, and every whole hundred is sent; the others become
/// `withheld`. A paused destination's deliveries are pending all the same; a feed's are `listed`. An occurrence whose
/// click or conversion is not known leads to nothing.
std::vector<Delivery> plan_deliveries(const PlanRequest& request,
                                      std::unordered_map<EntityNumber, SendRemainder>& remainders,
                                      const std::function<bool(EntityNumber)>& was_told);

/// Whether any destination of this trigger looks at parameters of the network's request.
bool needs_postback(const Catalog& catalog, Trigger trigger);

}  // namespace postback
