// Destination documents: where outgoing postbacks go, when, and what they say.
#include "domain/catalog_entities.hpp"

namespace postback {

Json read_destination(ObjectReader& reader, Destination& destination, const CatalogReferences&) {
  Json canonical = Json::object();
  destination.name = reader.required_text("name", "a name for people, such as \"CRM\"");
  canonical["name"] = destination.name;
  reader.finish();
  return canonical;
}

}  // namespace postback
