// Reading one catalog document each: fills the compiled entity, collects every fault, returns the canonical object.
#pragma once

#include "domain/object_reader.hpp"
#include "postback/domain/catalog.hpp"

namespace postback {

class ConditionPatterns;

/// A document with its object parsed already. Its `json` is filled in canonical form by the build.
struct ParsedDocument {
  EntityDocument document;
  Json object;
  bool stored = false;  ///< It was taken before, so it is spared rules that were made since.
};

/// What a document may refer to. All entities exist already, though those of a later kind are not filled yet.
struct CatalogReferences {
  const DeclaredCurrencies& currencies;
  const StringMap<std::shared_ptr<const Network>>& networks;
  const StringMap<std::shared_ptr<const Offer>>& offers;
  const StringMap<std::shared_ptr<const Lander>>& landers;
  const StringMap<std::shared_ptr<const Source>>& sources;
  const StringMap<std::shared_ptr<const Campaign>>& campaigns;
  ConditionPatterns& patterns;
};

/// Each fills the entity (its number and id are set already) from the reader's object and returns the canonical object:
/// every default written out, without `id`. Unknown fields are faults. Call in the order of kEntityKinds.
Json read_currency(ObjectReader& reader, Currency& currency);
Json read_network(ObjectReader& reader, Network& network, const CatalogReferences& known);
Json read_offer(ObjectReader& reader, Offer& offer, const CatalogReferences& known);
Json read_lander(ObjectReader& reader, Lander& lander);
Json read_source(ObjectReader& reader, Source& source, const CatalogReferences& known);
Json read_campaign(ObjectReader& reader, Campaign& campaign, const CatalogReferences& known);
Json read_destination(ObjectReader& reader, Destination& destination, const CatalogReferences& known);

/// Most offers that a click may pass on its way along fallbacks, the first included.
inline constexpr std::size_t kLongestFallbackChain = 10;
/// Adds a fault for each offer whose fallback is archived, or whose fallbacks lead in a circle or too far.
void check_fallbacks(const StringMap<std::shared_ptr<const Offer>>& offers, Faults& faults);

/// `url` with `name={clickid}` added to its query, before any fragment.
std::string append_click_parameter(std::string_view url, std::string_view name);
/// The raw value of the query parameter `name` in the template text `url`, if it has one.
std::optional<std::string> query_value(std::string_view url, std::string_view name);

}  // namespace postback
