// Catalogs for tests.
#include "support/example_catalog.hpp"

#include "domain/catalog_entities.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace postback {
namespace {

void give_numbers(std::vector<EntityDocument>& documents) {
  for (EntityDocument& document : documents) {
    if (document.number != 0) continue;
    for (const EntityDocument& other : documents) {
      if (other.kind == document.kind) document.number = std::max(document.number, other.number);
    }
    ++document.number;
  }
}

/// As edits; as stored documents when one of them is no JSON, which both refuse.
Catalog::BuildResult edit_nothing(std::vector<EntityDocument> documents) {
  std::vector<ParsedDocument> parsed;
  for (const EntityDocument& document : documents) {
    auto object = parse_strict_json(document.json);
    if (!object) return Catalog::build(std::move(documents), 1);
    parsed.push_back({document, *std::move(object)});
  }
  return Catalog::empty()->with(std::move(parsed), 1);
}

}  // namespace

std::vector<EntityDocument> example_documents() {
  return {
      document_of(EntityKind::network, "acme",
                  R"({"name":"Acme","profile":"generic","click_param":"sub1","currency":"USD","token":"T0KEN-acme"})",
                  1),
      document_of(EntityKind::offer, "vpn",
                  R"({"name":"VPN","network":"acme","url":"https://offer.example/lp?aff=42&sub1={clickid}&src={sub1}",)"
                  R"("payout":"12.50","currency":"USD"})",
                  1),
      document_of(EntityKind::source, "adnet",
                  R"({"name":"AdNet","params":{"external_id":"cid","cost":"bid","sub1":"zone"}})", 1),
      document_of(EntityKind::campaign, "summer",
                  R"({"name":"Summer","source":"adnet","cost":{"model":"cpc","amount":"0.05","currency":"USD"},)"
                  R"("rules":[],"paths":[{"weight":1,"landers":[],"offers":[{"offer":"vpn","weight":1}]}]})",
                  1),
  };
}

std::shared_ptr<const Catalog> example_catalog() { return catalog_of(example_documents()); }

EntityDocument document_of(EntityKind kind, std::string id, std::string json, EntityNumber number) {
  EntityDocument document;
  document.kind = kind;
  document.id = std::move(id);
  document.number = number;
  document.revision = 1;
  document.json = std::move(json);
  return document;
}

std::shared_ptr<const Catalog> catalog_of(std::vector<EntityDocument> documents) {
  give_numbers(documents);
  Catalog::BuildResult built = Catalog::build(std::move(documents), 1);
  if (auto* catalog = std::get_if<std::shared_ptr<const Catalog>>(&built)) return *catalog;
  std::fprintf(stderr, "catalog_of: the documents are not valid:\n%s", joined(std::get<Faults>(built)).c_str());
  std::abort();
}

Faults faults_of(std::vector<EntityDocument> documents) {
  give_numbers(documents);
  Catalog::BuildResult built = edit_nothing(std::move(documents));
  if (auto* faults = std::get_if<Faults>(&built)) return *faults;
  return {};
}

std::vector<EntityDocument> patched_example(EntityKind kind, std::string_view patch) {
  auto documents = example_documents();
  for (EntityDocument& document : documents) {
    if (document.kind != kind) continue;
    nlohmann::json merged = nlohmann::json::parse(document.json);
    merged.merge_patch(nlohmann::json::parse(patch));
    document.json = merged.dump();
  }
  return documents;
}

std::string joined(const Faults& faults) {
  std::string text;
  for (const Fault& fault : faults) text += fault.field + " | " + fault.problem + " | " + fault.expected + "\n";
  return text;
}

bool has_fault(const Faults& faults, std::string_view field, std::string_view text) {
  return std::any_of(faults.begin(), faults.end(), [&](const Fault& fault) {
    return fault.field == field && (fault.problem + " " + fault.expected).find(text) != std::string::npos;
  });
}

}  // namespace postback
