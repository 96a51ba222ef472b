// Fallback and caps of offer documents.
#pragma once

#include "domain/catalog_entities.hpp"

namespace postback {

/// Reads `fallback` and `caps` into the offer and their canonical form.
void read_fallback_and_caps(ObjectReader& reader, Offer& offer, const CatalogReferences& known, Json& canonical);

}  // namespace postback
