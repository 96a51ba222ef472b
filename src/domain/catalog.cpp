// Catalog: names of kinds and fields, and looking entities up in a snapshot.
#include "postback/domain/catalog.hpp"

#include "domain/ascii.hpp"

#include <algorithm>
#include <array>

namespace postback {
namespace {

template <class T>
const T* find_entity(const StringMap<std::shared_ptr<const T>>& entities, std::string_view id) {
  const auto found = entities.find(id);
  return found == entities.end() ? nullptr : found->second.get();
}

/// The order of Catalog::documents_.
bool comes_before(const DocumentPointer& document, const std::pair<EntityKind, std::string_view>& key) {
  return std::pair(document->kind, std::string_view(document->id)) < key;
}

}  // namespace

std::string_view to_string(EntityKind kind) {
  switch (kind) {
    case EntityKind::network: return "network";
    case EntityKind::offer: return "offer";
    case EntityKind::source: return "source";
    case EntityKind::campaign: return "campaign";
    case EntityKind::lander: return "lander";
    case EntityKind::destination: return "destination";
    case EntityKind::currency: return "currency";
  }
  return "unknown";
}

std::string_view collection_name(EntityKind kind) {
  switch (kind) {
    case EntityKind::network: return "networks";
    case EntityKind::offer: return "offers";
    case EntityKind::source: return "sources";
    case EntityKind::campaign: return "campaigns";
    case EntityKind::lander: return "landers";
    case EntityKind::destination: return "destinations";
    case EntityKind::currency: return "currencies";
  }
  return "unknown";
}

std::optional<EntityKind> parse_collection(std::string_view name) {
  for (const EntityKind kind : kEntityKinds) {
    if (name == collection_name(kind)) return kind;
  }
  return std::nullopt;
}

bool is_slug(std::string_view text) {
  if (text.empty() || text.size() > 64 || text[0] == '-' || text[0] == '_') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_ascii_lower(c) || is_ascii_digit(c) || c == '-' || c == '_'; });
}

std::string_view to_string(PostbackField field) {
  static constexpr std::array<std::string_view, kPostbackFieldCount> kNames{
      "click_id", "payout", "amount", "currency", "txid", "event", "status",
      "reason",   "time",   "token",  "test",     "ts",   "sign"};
  return kNames[static_cast<std::size_t>(field)];
}

RepeatPolicy Network::repeat_policy(std::string_view event) const {
  auto found = repeat.find(event);
  if (found == repeat.end()) found = repeat.find(std::string_view("*"));
  return found == repeat.end() ? RepeatPolicy::update : found->second;
}

std::shared_ptr<const Catalog> Catalog::empty() { return std::get<std::shared_ptr<const Catalog>>(build({}, 0)); }

const Network* Catalog::network(std::string_view id) const { return find_entity(networks_, id); }

const Campaign* Catalog::campaign(std::string_view id) const { return find_entity(campaigns_, id); }

const Lander* Catalog::lander(std::string_view id) const { return find_entity(landers_, id); }

const Offer* Catalog::offer(EntityNumber number) const {
  const auto found = offers_by_number_.find(number);
  return found == offers_by_number_.end() ? nullptr : found->second;
}

std::string_view Catalog::id_of(EntityKind kind, EntityNumber number) const {
  const auto& entities = by_number_[static_cast<std::size_t>(kind) - 1];
  const auto found = entities.find(number);
  return found == entities.end() ? std::string_view{} : std::string_view(found->second->id);
}

DocumentPointer Catalog::share(EntityKind kind, std::string_view id) const {
  const auto found = std::lower_bound(documents_.begin(), documents_.end(), std::pair(kind, id), comes_before);
  return found != documents_.end() && (*found)->kind == kind && (*found)->id == id ? *found : nullptr;
}

const EntityDocument* Catalog::document(EntityKind kind, std::string_view id) const { return share(kind, id).get(); }

std::span<const DocumentPointer> Catalog::documents(EntityKind kind) const {
  const auto first_of = [this](int number) {
    return std::lower_bound(documents_.begin(), documents_.end(),
                            std::pair(static_cast<EntityKind>(number), std::string_view{}), comes_before);
  };
  return {first_of(static_cast<int>(kind)), first_of(static_cast<int>(kind) + 1)};
}

const Destination* Catalog::destination(std::string_view id) const {
  const auto found = destinations_.find(id);
  return found == destinations_.end() ? nullptr : found->second.get();
}

const Destination* Catalog::destination(EntityNumber number) const {
  const auto found = destinations_by_number_.find(number);
  return found == destinations_by_number_.end() ? nullptr : found->second;
}

bool Catalog::tells(Trigger trigger, const Campaign& campaign) const {
  const auto has = [](const std::vector<EntityNumber>& numbers, EntityNumber number) {
    return numbers.empty() || std::binary_search(numbers.begin(), numbers.end(), number);
  };
  return std::ranges::any_of(destinations(trigger), [&](const Destination* destination) {
    return has(destination->scope.campaigns, campaign.number) &&
           (campaign.source == nullptr || has(destination->scope.sources, campaign.source->number));
  });
}

}  // namespace postback
