// The values that somebody wants in a test delivery, in place of the invented ones.
#pragma once

#include "postback/base/strict_json.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/domain/delivery.hpp"

namespace postback::api {

/// Puts `{"payout":"12.50","external_id":"EXT1", ...}` into the facts. Adds to `faults`, below `values.`: unknown
/// names, values that cannot be, names of a conversion where there is none to tell of.
void use_values(const Json& values, DeliveryFacts& facts, Faults& faults);

}  // namespace postback::api
