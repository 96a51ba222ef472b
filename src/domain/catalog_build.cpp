// Building a catalog: all documents are checked together, so that one answer lists every fault, and compiled unless the
// catalog before has them already.
#include "domain/catalog_entities.hpp"
#include "domain/condition_patterns.hpp"
#include "domain/object_reader.hpp"
#include "domain/token_index.hpp"
#include "domain/webhook_content.hpp"
#include "postback/base/strict_json.hpp"
#include "postback/domain/catalog.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>
#include <unordered_map>

namespace postback {
namespace {

std::string path_of(const EntityDocument& document) {
  return std::string(collection_name(document.kind)) + "/" + document.id + ": ";
}

/// Whether `entities` has this very entity, and not one that replaced it.
template <class T>
bool still_there(const StringMap<std::shared_ptr<const T>>& entities, const T* entity) {
  if (entity == nullptr) return true;
  const auto found = entities.find(entity->id);
  return found != entities.end() && found->second.get() == entity;
}

}  // namespace

/// Works on one build and is thrown away.
class CatalogBuilder {
 public:
  /// `before`: the catalog whose unchanged entities are taken over. `faults`: what is known to be wrong already, with
  /// the objects concerned being discarded ones.
  CatalogBuilder(const Catalog& before, std::vector<ParsedDocument> changed, Faults faults, std::uint64_t revision)
      : before_(before), catalog_(std::make_shared<Catalog>()), faults_(std::move(faults)) {
    catalog_->revision_ = revision;
    currency_left_ = std::any_of(changed.begin(), changed.end(), [this](const ParsedDocument& parsed) {
      const EntityDocument& document = parsed.document;
      return document.kind == EntityKind::currency && document.archived &&
             before_.currencies_.contains(std::string_view(document.id));
    });
    std::sort(changed.begin(), changed.end(), [](const auto& a, const auto& b) {
      return std::tie(a.document.kind, a.document.id, a.document.number) <
             std::tie(b.document.kind, b.document.id, b.document.number);
    });
    merge(std::move(changed));
  }

  Catalog::BuildResult build() {
    // Every entity exists before any is read, so that a reference to a faulty one is not reported as dangling.
    for (const EntityKind kind : kEntityKinds) {
      for (const DocumentPointer& document : catalog_->documents(kind)) add(*document);
    }
    for (const EntityKind kind : kEntityKinds) {
      for (const auto& read : readings_[index_of(kind)]) read();
    }
    if (changed_[index_of(EntityKind::offer)]) check_fallbacks(catalog_->offers_, faults_);
    if (changed_[index_of(EntityKind::network)] || before_.tokens_ == nullptr) compare_tokens();
    if (!faults_.empty()) return std::move(faults_);
    for (const auto& [id, offer] : catalog_->offers_) catalog_->offers_by_number_.emplace(offer->number, offer.get());
    index_destinations();
    index_tokens();
    return std::shared_ptr<const Catalog>(std::move(catalog_));
  }

 private:
  void index_destinations() {
    for (const DocumentPointer& document : catalog_->documents(EntityKind::destination)) {
      const Destination* destination = catalog_->destinations_.at(document->id).get();
      catalog_->destinations_by_number_.emplace(destination->number, destination);
      if (destination->archived) continue;
      catalog_->destinations_by_trigger_[static_cast<std::size_t>(destination->trigger) - 1].push_back(destination);
    }
  }

  static std::size_t index_of(EntityKind kind) { return static_cast<std::size_t>(kind) - 1; }

  /// Fills the documents: those of before, with `changed` (sorted) added or in their place.
  void merge(std::vector<ParsedDocument> changed) {
    auto& documents = catalog_->documents_;
    documents.reserve(before_.documents_.size() + changed.size());
    auto old = before_.documents_.begin();
    for (auto& [document, object, stored] : changed) {
      const auto key = std::tie(document.kind, document.id);
      while (old != before_.documents_.end() && std::tie((*old)->kind, (*old)->id) < key) documents.push_back(*old++);
      if (old != before_.documents_.end() && std::tie((*old)->kind, (*old)->id) == key) ++old;
      auto fresh = std::make_shared<EntityDocument>(std::move(document));
      fresh_.emplace(fresh.get(), Fresh{fresh.get(), std::move(object), stored});
      documents.push_back(std::move(fresh));
    }
    documents.insert(documents.end(), old, before_.documents_.end());
  }

  void add(const EntityDocument& document) {
    const std::string field = path_of(document) + "id";
    if (!is_slug(document.id)) {
      faults_.push_back(
          {field, "is not a valid ID", "1 to 64 lower-case letters, digits, - or _, starting with a letter or digit"});
    }
    if (!add_entity(document)) faults_.push_back({field, "stands twice in this collection", "each ID once"});
    auto& by_number = catalog_->by_number_[index_of(document.kind)];
    if (document.number == 0 || !by_number.try_emplace(document.number, &document).second) {
      faults_.push_back(
          {path_of(document) + "number", "is 0 or belongs to another one of this collection", "a number of its own"});
    }
  }

  bool add_entity(const EntityDocument& document) {
    switch (document.kind) {
      case EntityKind::currency:
        return take_over(document, before_.currencies_, catalog_->currencies_, [](const Currency&) { return true; }) ||
               create(document, catalog_->currencies_,
                      [](auto& reader, auto& currency, const auto&) { return read_currency(reader, currency); });
      case EntityKind::network:
        return take_over(document, before_.networks_, catalog_->networks_, [](const Network&) { return true; }) ||
               create(document, catalog_->networks_, read_network);
      case EntityKind::offer:
        return take_over(document, before_.offers_, catalog_->offers_,
                         [this](const Offer& offer) { return still_there(catalog_->networks_, offer.network); }) ||
               create(document, catalog_->offers_, read_offer);
      case EntityKind::lander:
        return take_over(document, before_.landers_, catalog_->landers_, [](const Lander&) { return true; }) ||
               create(document, catalog_->landers_,
                      [](auto& reader, auto& lander, const auto&) { return read_lander(reader, lander); });
      case EntityKind::source:
        return take_over(document, before_.sources_, catalog_->sources_, [](const Source&) { return true; }) ||
               create(document, catalog_->sources_, read_source);
      case EntityKind::campaign:
        return take_over(document, before_.campaigns_, catalog_->campaigns_,
                         [this](const Campaign& campaign) { return refers_to_the_same(campaign); }) ||
               create(document, catalog_->campaigns_, read_campaign);
      case EntityKind::destination:
        return take_over(document, before_.destinations_, catalog_->destinations_,
                         [this](const Destination& destination) { return refers_to_what_is_in_use(destination); }) ||
               create(document, catalog_->destinations_, read_destination);
    }
    return false;
  }

  bool refers_to_the_same(const std::vector<CampaignPath>& paths) const {
    return std::all_of(paths.begin(), paths.end(), [this](const CampaignPath& path) {
      return std::all_of(
                 path.offers.begin(), path.offers.end(),
                 [this](const WeightedOffer& weighted) { return still_there(catalog_->offers_, weighted.offer); }) &&
             std::all_of(path.landers.begin(), path.landers.end(), [this](const WeightedLander& weighted) {
               return still_there(catalog_->landers_, weighted.lander);
             });
    });
  }

  bool refers_to_the_same(const Campaign& campaign) const {
    const auto changed = [this](EntityKind kind) { return changed_[index_of(kind)]; };
    if (!changed(EntityKind::offer) && !changed(EntityKind::lander) && !changed(EntityKind::source)) return true;
    return still_there(catalog_->sources_, campaign.source) && refers_to_the_same(campaign.paths) &&
           std::all_of(campaign.rules.begin(), campaign.rules.end(),
                       [this](const CampaignRule& rule) { return refers_to_the_same(rule.paths); });
  }

  bool is_in_use(EntityKind kind, EntityNumber number) const {
    const auto& documents = catalog_->by_number_[index_of(kind)];
    const auto found = documents.find(number);
    return found != documents.end() && !found->second->archived;
  }

  /// A destination knows others by their numbers, which never change; only what is archived must not be named.
  bool refers_to_what_is_in_use(const Destination& destination) const {
    const auto all_in_use = [this](EntityKind kind, const std::vector<EntityNumber>& numbers) {
      return std::ranges::all_of(numbers, [&](EntityNumber number) { return is_in_use(kind, number); });
    };
    const DestinationScope& scope = destination.scope;
    return destination.archived ||
           (all_in_use(EntityKind::campaign, scope.campaigns) && all_in_use(EntityKind::offer, scope.offers) &&
            all_in_use(EntityKind::network, scope.networks) && all_in_use(EntityKind::source, scope.sources));
  }

  /// Shares the entity of the catalog before, if neither its document nor what it refers to has changed. Which
  /// currencies it names is not kept, so all are read again when one is archived, which is rare.
  template <class T, class Same>
  bool take_over(const EntityDocument& document, const StringMap<std::shared_ptr<const T>>& before,
                 StringMap<std::shared_ptr<const T>>& entities, Same refers_to_the_same) {
    if (fresh_.contains(&document) || (currency_left_ && document.kind != EntityKind::currency)) return false;
    const auto found = before.find(document.id);
    if (found == before.end() || !refers_to_the_same(*found->second)) return false;
    return entities.insert(*found).second;
  }

  template <class T, class Read>
  bool create(const EntityDocument& document, StringMap<std::shared_ptr<const T>>& entities, Read read) {
    changed_[index_of(document.kind)] = true;
    auto entity = std::make_shared<T>();
    entity->id = document.id;
    entity->number = document.number;
    entity->archived = document.archived;
    readings_[index_of(document.kind)].push_back([this, &document, entity, read] {
      read_document(document,
                    [&](ObjectReader& reader, const CatalogReferences& known) { return read(reader, *entity, known); });
    });
    return entities.try_emplace(document.id, std::move(entity)).second;
  }

  void read_document(const EntityDocument& document,
                     const std::function<Json(ObjectReader&, const CatalogReferences&)>& read) {
    const auto fresh = fresh_.find(&document);
    if (fresh != fresh_.end()) {
      fresh->second.document->json = read_object(document, fresh->second.object, fresh->second.stored, read);
      return;
    }
    // What it refers to has changed; its own words were found right before, by the rules of that time.
    read_object(document, Json::parse(document.json), true, read);
  }

  /// The canonical form.
  std::string read_object(const EntityDocument& document, const Json& object, bool stored,
                          const std::function<Json(ObjectReader&, const CatalogReferences&)>& read) {
    if (object.is_discarded()) return {};
    ObjectReader reader(object, path_of(document), faults_);
    if (!object.is_object()) return {};
    if (stored) reader.spare_newer_rules();
    const Json* id = reader.find("id");
    if (id != nullptr && *id != document.id) {
      reader.fault("id", "differs from the ID that is addressed", "\"" + document.id + "\", or leave it out");
    }
    return read(reader, {catalog_->currencies_, catalog_->networks_, catalog_->offers_, catalog_->landers_,
                         catalog_->sources_, catalog_->campaigns_, patterns_})
        .dump();
  }

  /// Two networks with one token could not be told apart by it.
  void compare_tokens() {
    std::map<std::string_view, std::string_view> owners;
    for (const DocumentPointer& document : catalog_->documents(EntityKind::network)) {
      const Network& network = *catalog_->networks_.at(document->id);
      if (network.token.empty()) continue;
      const std::string_view owner = owners.try_emplace(network.token, network.id).first->second;
      if (owner == network.id) continue;
      faults_.push_back({path_of(*document) + "token",
                         "networks \"" + std::string(owner) + "\" and \"" + network.id +
                             "\" have the same token, so they could not be told apart",
                         "a token of its own for each; leave it out of a new network to get a random one"});
    }
  }

  void index_tokens() {
    if (!changed_[index_of(EntityKind::network)] && before_.tokens_ != nullptr) {
      catalog_->tokens_ = before_.tokens_;
      return;
    }
    const auto tokens = std::make_shared<TokenIndex>();
    for (const auto& [id, network] : catalog_->networks_) {
      tokens->add(network->token);
      for (const auto* secrets :
           {&network->security.tokens, &network->security.hmac_secrets, &network->security.webhook_secrets}) {
        for (const auto& secret : *secrets) {
          tokens->add(secret);
          // Some senders leave the prefix out.
          if (secret.starts_with(kWebhookSecretPrefix))
            tokens->add(std::string_view(secret).substr(kWebhookSecretPrefix.size()));
        }
      }
    }
    catalog_->tokens_ = tokens;
  }

  const Catalog& before_;
  std::shared_ptr<Catalog> catalog_;
  /// A document that is new in this build.
  struct Fresh {
    EntityDocument* document;  ///< Not const yet.
    Json object;
    bool stored;
  };
  std::unordered_map<const EntityDocument*, Fresh> fresh_;
  std::array<std::vector<std::function<void()>>, kEntityKindCount> readings_;  ///< What is to be parsed, by kind.
  std::array<bool, kEntityKindCount> changed_{};  ///< Kinds of which something is parsed anew.
  bool currency_left_ = false;                    ///< A declared currency is archived now.
  Faults faults_;
  ConditionPatterns patterns_;
};

Catalog::BuildResult Catalog::build(std::vector<EntityDocument> documents, std::uint64_t revision) {
  std::vector<ParsedDocument> parsed;
  Faults faults;
  parsed.reserve(documents.size());
  for (EntityDocument& document : documents) {
    Result<Json> object = parse_strict_json(document.json);
    if (!object) faults.push_back({path_of(document) + "(document)", object.error().detail, "one JSON object"});
    parsed.push_back({std::move(document), object ? std::move(*object) : Json(Json::value_t::discarded), true});
  }
  const Catalog nothing;
  return CatalogBuilder(nothing, std::move(parsed), std::move(faults), revision).build();
}

Catalog::BuildResult Catalog::with(std::vector<ParsedDocument> changed, std::uint64_t revision) const {
  return CatalogBuilder(*this, std::move(changed), {}, revision).build();
}

}  // namespace postback
