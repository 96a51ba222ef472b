// One put into the catalog: completes the user's object, then lets the whole catalog be built with it.
#include "postback/domain/catalog_change.hpp"

#include "postback/base/strict_json.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::size_t kTokenBytes = 16;

bool has_text(const Json& object, const char* field) {
  const auto found = object.find(field);
  return found != object.end() && !found->is_null() && *found != "";
}

bool opts_out_of_token(const Json& object) {
  const auto security = object.find("security");
  return security != object.end() && security->is_object() && security->value("token", Json(true)) == Json(false);
}

/// A network keeps its token unless the body has one; without any it gets a random one, unless it needs none.
void complete_token(Json& object, const EntityDocument* before, Entropy& entropy) {
  if (has_text(object, "token")) return;
  object.erase("token");
  if (before != nullptr) {
    const Json old = Json::parse(before->json, nullptr, false);
    if (old.is_object() && has_text(old, "token")) {
      object["token"] = old["token"];
      return;
    }
  }
  if (!opts_out_of_token(object)) object["token"] = random_hex(entropy, kTokenBytes);
}

EntityNumber next_number(const Catalog& catalog, EntityKind kind) {
  EntityNumber largest = 0;
  for (const EntityDocument* document : catalog.documents(kind)) largest = std::max(largest, document->number);
  return largest + 1;
}

/// Faults of the document being put are named by their plain path.
Faults seen_from(Faults faults, const EntityDocument& document) {
  const std::string prefix = std::string(collection_name(document.kind)) + "/" + document.id + ": ";
  for (Fault& fault : faults) {
    if (fault.field.starts_with(prefix)) fault.field.erase(0, prefix.size());
  }
  return faults;
}

std::vector<EntityDocument> with_document(const Catalog& current, const EntityDocument& document) {
  std::vector<EntityDocument> documents = current.documents();
  std::erase_if(documents, [&](const auto& other) { return other.kind == document.kind && other.id == document.id; });
  documents.push_back(document);
  return documents;
}

}  // namespace

std::variant<CatalogChange, Faults> put_entity(const Catalog& current, EntityKind kind, std::string_view id,
                                               std::string_view body, TimeMs now, Entropy& entropy) {
  Result<Json> object = parse_strict_json(body);
  if (!object) return Faults{{"(document)", object.error().detail, "one JSON object"}};
  const EntityDocument* before = current.document(kind, id);
  if (kind == EntityKind::network && object->is_object()) complete_token(*object, before, entropy);

  EntityDocument document;
  document.kind = kind;
  document.id = id;
  document.number = before != nullptr ? before->number : next_number(current, kind);
  document.revision = current.revision() + 1;
  document.updated = now;
  document.json = object->dump();
  Catalog::BuildResult built = Catalog::build(with_document(current, document), document.revision);
  if (auto* faults = std::get_if<Faults>(&built)) return seen_from(std::move(*faults), document);

  CatalogChange change;
  change.next = std::get<std::shared_ptr<const Catalog>>(std::move(built));
  change.document = *change.next->document(kind, id);
  change.before = before != nullptr ? before->json : std::string();
  change.created = before == nullptr;
  return change;
}

}  // namespace postback
