// Source documents: which query parameters of a tracking link carry the source's click ID, cost and sub-IDs, and what
// the source puts there.
#include "domain/catalog_cost.hpp"
#include "domain/catalog_entities.hpp"
#include "domain/catalog_token.hpp"
#include "domain/source_profile.hpp"

namespace postback {
namespace {

constexpr unsigned kExternalSlot = 0;
constexpr unsigned kCostSlot = 1;
constexpr unsigned kFirstSubSlot = 2;

/// Claims a parameter name for a slot; one name cannot mean two things.
void claim(ObjectReader& reader, Source& source, std::string_view field, const std::string& name, unsigned slot) {
  if (source.slots.try_emplace(name, slot).second) return;
  reader.fault(field, "\"" + name + "\" already carries another value", "a parameter name that no other field has");
}

/// A field that has one name at most.
std::string single_name(ObjectReader& reader, std::string_view field) {
  std::vector<std::string> names = reader.parameter_names(field);
  if (names.empty()) return {};
  if (names.size() > 1)
    reader.fault(field, "has several names", "one parameter name; only external_id may have several");
  return std::move(names.front());
}

}  // namespace

Json read_source(ObjectReader& reader, Source& source, const CatalogReferences& known) {
  Json canonical = Json::object();
  source.name = reader.required_text("name", "a name for people, such as \"AdNet\"");
  canonical["name"] = source.name;
  const SourceProfile* const profile = read_source_profile_name(reader, source.profile);
  canonical["profile"] = source.profile;
  const Json& params = reader.object("params");
  ObjectReader given(params, reader.path_of("params."), reader.faults());
  Json names = Json::object();
  source.external_id = given.parameter_names("external_id");
  for (const std::string& name : source.external_id) claim(given, source, "external_id", name, kExternalSlot);
  if (!source.external_id.empty()) names["external_id"] = names_as_json(source.external_id);
  source.cost = single_name(given, "cost");
  if (!source.cost.empty()) {
    claim(given, source, "cost", source.cost, kCostSlot);
    names["cost"] = source.cost;
  }
  for (unsigned n = 0; n < kSubIdCount; ++n) {
    const std::string field = "sub" + std::to_string(n + 1);
    source.sub[n] = single_name(given, field);
    if (source.sub[n].empty()) continue;
    claim(given, source, field, source.sub[n], kFirstSubSlot + n);
    names[field] = source.sub[n];
  }
  given.finish();
  canonical["params"] = std::move(names);
  canonical["cost"] = read_cost(reader, source.cost_terms, known.currencies, source.archived);
  source.token = read_token(reader);
  canonical["token"] = text_or_null(source.token);
  if (profile != nullptr) add_profile_parameters(*profile, source);
  canonical["macros"] = read_source_macros(reader, profile, source);
  reader.not_available({"security"});
  reader.finish();
  return canonical;
}

}  // namespace postback
