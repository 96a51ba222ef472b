// Reads a document only for its secrets.
#include "postback/domain/destination_secrets.hpp"

#include "domain/catalog_entities.hpp"
#include "domain/condition_patterns.hpp"

namespace postback {

std::vector<std::string> secrets_of_destination(const Json& document) {
  const DeclaredCurrencies currencies;
  const StringMap<std::shared_ptr<const Network>> networks;
  const StringMap<std::shared_ptr<const Offer>> offers;
  const StringMap<std::shared_ptr<const Lander>> landers;
  const StringMap<std::shared_ptr<const Source>> sources;
  const StringMap<std::shared_ptr<const Campaign>> campaigns;
  ConditionPatterns patterns;
  Faults unheard;
  ObjectReader reader(document, {}, unheard);
  Destination destination;
  read_destination(reader, destination, {currencies, networks, offers, landers, sources, campaigns, patterns});
  return std::move(destination.secrets);
}

}  // namespace postback
