// What visitors cost, as campaigns and sources say it.
#pragma once

#include "domain/object_reader.hpp"
#include "postback/domain/catalog.hpp"

namespace postback {

/// Reads the object `cost`: model, amount and currency, and for cpm what is counted. `archived`: whether what has this
/// cost is. Returns its canonical form.
Json read_cost(ObjectReader& reader, CostTerms& terms, const DeclaredCurrencies& declared, bool archived);

/// Gives a campaign its own terms, or its source's where it has no model of its own.
void settle_cost(Campaign& campaign, const CostTerms& own);

}  // namespace postback
