// Building a catalog: all documents are read and checked together, so that one answer lists every fault.
#include "domain/catalog_entities.hpp"
#include "domain/object_reader.hpp"
#include "domain/token_index.hpp"
#include "postback/base/strict_json.hpp"
#include "postback/domain/catalog.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace postback {

/// Works on one build and is thrown away.
class CatalogBuilder {
 public:
  CatalogBuilder(std::vector<EntityDocument> documents, std::uint64_t revision)
      : catalog_(std::make_shared<Catalog>()) {
    catalog_->revision_ = revision;
    catalog_->documents_ = std::move(documents);
    std::sort(catalog_->documents_.begin(), catalog_->documents_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.kind, a.id, a.number) < std::tie(b.kind, b.id, b.number);
    });
  }

  Catalog::BuildResult build() {
    // Every entity exists before any is read, so that a reference to a faulty one is not reported as dangling.
    for (const EntityDocument& document : catalog_->documents_) create(document);
    for (EntityDocument& document : catalog_->documents_) read(document);
    compare_tokens();
    if (!faults_.empty()) return std::move(faults_);
    for (const auto& [id, offer] : catalog_->offers_) catalog_->offers_by_number_.emplace(offer->number, offer.get());
    index_tokens();
    return std::shared_ptr<const Catalog>(std::move(catalog_));
  }

 private:
  /// Two networks with one token could not be told apart by it.
  void compare_tokens() {
    std::map<std::string_view, std::string_view> owners;
    for (const EntityDocument& document : catalog_->documents_) {
      if (document.kind != EntityKind::network) continue;
      const Network& network = *catalog_->networks_.at(document.id);
      if (network.token.empty()) continue;
      const std::string_view owner = owners.try_emplace(network.token, network.id).first->second;
      if (owner == network.id) continue;
      faults_.push_back({path_of(document) + "token",
                         "networks \"" + std::string(owner) + "\" and \"" + network.id +
                             "\" have the same token, so they could not be told apart",
                         "a token of its own for each; leave it out of a new network to get a random one"});
    }
  }

  void index_tokens() {
    const auto tokens = std::make_shared<TokenIndex>();
    for (const auto& [id, network] : catalog_->networks_) tokens->add(network->token);
    catalog_->tokens_ = tokens;
  }

  static std::string path_of(const EntityDocument& document) {
    return std::string(collection_name(document.kind)) + "/" + document.id + ": ";
  }

  template <class T>
  bool add(StringMap<std::unique_ptr<T>>& entities, const EntityDocument& document) {
    auto entity = std::make_unique<T>();
    entity->id = document.id;
    entity->number = document.number;
    return entities.try_emplace(document.id, std::move(entity)).second;
  }

  bool add_entity(const EntityDocument& document) {
    switch (document.kind) {
      case EntityKind::network: return add(catalog_->networks_, document);
      case EntityKind::offer: return add(catalog_->offers_, document);
      case EntityKind::source: return add(catalog_->sources_, document);
      case EntityKind::campaign: return add(catalog_->campaigns_, document);
    }
    return false;
  }

  void create(const EntityDocument& document) {
    const std::string field = path_of(document) + "id";
    if (!is_slug(document.id)) {
      faults_.push_back(
          {field, "is not a valid ID", "1 to 64 lower-case letters, digits, - or _, starting with a letter or digit"});
    }
    if (!add_entity(document)) faults_.push_back({field, "stands twice in this collection", "each ID once"});
    if (document.number == 0 || !catalog_->ids_.try_emplace({document.kind, document.number}, document.id).second) {
      faults_.push_back(
          {path_of(document) + "number", "is 0 or belongs to another one of this collection", "a number of its own"});
    }
  }

  void read(EntityDocument& document) {
    const Result<Json> json = parse_strict_json(document.json);
    if (!json) {
      faults_.push_back({path_of(document) + "(document)", json.error().detail, "one JSON object"});
      return;
    }
    ObjectReader reader(*json, path_of(document), faults_);
    if (!json->is_object()) return;
    const Json* id = reader.find("id");
    if (id != nullptr && *id != document.id) {
      reader.fault("id", "differs from the ID that is addressed", "\"" + document.id + "\", or leave it out");
    }
    document.json = read_entity(reader, document).dump();
  }

  Json read_entity(ObjectReader& reader, const EntityDocument& document) {
    const CatalogReferences known{catalog_->networks_, catalog_->offers_, catalog_->sources_};
    switch (document.kind) {
      case EntityKind::network: return read_network(reader, *catalog_->networks_.at(document.id));
      case EntityKind::offer: return read_offer(reader, *catalog_->offers_.at(document.id), known);
      case EntityKind::source: return read_source(reader, *catalog_->sources_.at(document.id));
      case EntityKind::campaign: return read_campaign(reader, *catalog_->campaigns_.at(document.id), known);
    }
    return Json::object();
  }

  std::shared_ptr<Catalog> catalog_;
  Faults faults_;
};

Catalog::BuildResult Catalog::build(std::vector<EntityDocument> documents, std::uint64_t revision) {
  return CatalogBuilder(std::move(documents), revision).build();
}

}  // namespace postback
