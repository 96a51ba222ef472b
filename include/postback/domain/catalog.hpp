// Catalog: currencies, networks, offers, sources and campaigns as an immutable snapshot, compiled for the click path.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/money.hpp"
#include "postback/base/time_zone.hpp"
#include "postback/domain/click.hpp"
#include "postback/domain/condition.hpp"
#include "postback/domain/conversion.hpp"
#include "postback/domain/destination.hpp"
#include "postback/domain/network_policies.hpp"
#include "postback/domain/network_security.hpp"
#include "postback/domain/template.hpp"
#include "postback/domain/visitor.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace postback {


enum class EntityKind : std::uint8_t {
  network = 1,
  offer = 2,
  source = 3,
  campaign = 4,
  lander = 5,
  destination = 6,
  currency = 7
};
inline constexpr std::size_t kEntityKindCount = 7;
/// An entity refers only to kinds before its own, but for an offer's fallback.
inline constexpr std::array<EntityKind, kEntityKindCount> kEntityKinds{
    EntityKind::currency, EntityKind::network,  EntityKind::offer,      EntityKind::lander,
    EntityKind::source,   EntityKind::campaign, EntityKind::destination};
/// `network`, `offer`, ... and the collection's name in URLs: `networks`, `offers`, ...
std::string_view to_string(EntityKind kind);
std::string_view collection_name(EntityKind kind);
std::optional<EntityKind> parse_collection(std::string_view name);

/// Whether `text` is a slug: `[a-z0-9][a-z0-9_-]{0,63}`.
bool is_slug(std::string_view text);

/// One entity as the user wrote it: the unit of storage and of revisions.
struct EntityDocument {
  EntityKind kind = EntityKind::network;
  std::string id;              ///< Slug.
  EntityNumber number = 0;     ///< Given at creation, never reused.
  std::uint64_t revision = 0;  ///< The catalog revision that changed it last.
  TimeMs updated{};
  bool archived = false;  ///< Deleted: nothing new may refer to it, and its ID stays taken.
  std::string json;       ///< The object in canonical form, with every default written out, without `id`.
};
using DocumentPointer = std::shared_ptr<const EntityDocument>;

/// One thing wrong with a document. All faults of a change are reported together.
struct Fault {
  std::string field;     ///< JSON path such as `paths[0].offers[1].weight`, prefixed by `offers/vpn: ` when it is in
                         ///< another document.
  std::string problem;   ///< What is wrong.
  std::string expected;  ///< What would be right.
};
using Faults = std::vector<Fault>;

/// Transparent string hashing, so that a view can be looked up without a copy.
struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
template <class T>
using StringMap = std::unordered_map<std::string, T, StringHash, std::equal_to<>>;

/// One declared beside those of ISO 4217, such as USDT.
struct Currency {
  EntityNumber number = 0;
  bool archived = false;
  std::string id;  ///< Its code in lower case.
  std::string name;
};
using DeclaredCurrencies = StringMap<std::shared_ptr<const Currency>>;  ///< By ID.
/// `archived`: nothing new may name it, but what has it stays readable, and networks may go on paying in it.
enum class CurrencyState : std::uint8_t { unknown, archived, usable };
/// Of `code`, which is in upper case. Those of ISO 4217 are told without a look at `declared`.
CurrencyState currency_state(std::string_view code, const DeclaredCurrencies& declared);

/// What a network's status word means.
struct StatusMeaning {
  ConversionStatus status = ConversionStatus::approved;
  std::string event;  ///< Overrides the event when not empty.
};

/// The canonical parameter names of a postback.
enum class PostbackField : std::uint8_t {
  click_id,
  payout,
  amount,
  currency,
  txid,
  event,
  status,
  reason,
  time,
  token,
  test,
  ts,   ///< When the request was signed, Unix seconds.
  sign  ///< HMAC-SHA256, hexadecimal.
};
inline constexpr std::size_t kPostbackFieldCount = static_cast<std::size_t>(PostbackField::sign) + 1;
std::string_view to_string(PostbackField field);

struct Network {
  EntityNumber number = 0;
  bool archived = false;
  std::string id;
  std::string name;
  std::string click_param;  ///< The parameter of its links that carries our click ID; may be empty.
  /// Names a field arrives under, canonical one last. Exact matches of any come before case-insensitive ones.
  std::array<std::vector<std::string>, kPostbackFieldCount> names;
  std::string currency;       ///< Default, may be empty.
  bool fixed_payout = false;  ///< true: the offer's payout counts, whatever the postback says.
  std::string profile;        ///< ID of the profile its defaults come from; `generic` for none.
  bool disabled = false;      ///< Its postbacks are refused.
  bool token_required = true;
  std::string token;
  NetworkSecurity security;
  NetworkPolicies policies;
  NetworkAnswer answer;
  /// The network's own macro for each field, such as `{aff_sub}`; empty where none is known.
  std::array<std::string, kPostbackFieldCount> tokens;
  StringMap<std::string> event_words;     ///< Lower-case word of the network to our event.
  StringMap<StatusMeaning> status_words;  ///< Lower-case, the network's own before the generic ones.
  StringMap<RepeatPolicy> repeat;         ///< By event; `*` for all others.
  RepeatPolicy repeat_policy(std::string_view event) const;
};

/// Most conversions of an offer; 0: no cap. Days and months are of UTC.
struct OfferCaps {
  std::uint64_t day = 0;
  std::uint64_t month = 0;
  std::uint64_t total = 0;
  bool any() const { return day != 0 || month != 0 || total != 0; }
};

struct Offer {
  EntityNumber number = 0;
  bool archived = false;
  std::string id;
  std::string name;
  const Network* network = nullptr;
  UrlTemplate url;  ///< With the network's click parameter appended when the user's URL has no {clickid}.
  std::optional<Micros> payout;
  std::string currency;       ///< The offer's, else the network's; may be empty.
  EntityNumber fallback = 0;  ///< The offer its clicks go to while it is capped or archived; 0: none.
  OfferCaps caps;             ///< Of conversions.
  std::vector<std::string>
      hosts{};  ///< For deep links and browser conversions: `shop.example`, `.example` with all below.
  std::optional<ConversionStatus> browser_conversions;  ///< Allowed, with this status; nothing: off.
};

struct Lander {
  EntityNumber number = 0;
  bool archived = false;
  std::string id;
  std::string name;
  UrlTemplate url;
};

enum class CostModel : std::uint8_t { none, cpc, cpm, cpa, revshare };

/// What visitors cost.
struct CostTerms {
  CostModel model = CostModel::none;
  std::optional<Micros> amount;  ///< Per click, 1,000 clicks or conversion; revshare: millionths of the payout.
  std::string currency;          ///< May be empty.
  bool per_impression = false;   ///< cpm: of 1,000 impressions.
};

struct Source {
  EntityNumber number = 0;
  bool archived = false;
  std::string id;
  std::string name;
  std::vector<std::string> external_id;  ///< Parameter names; the first one present wins.
  std::string cost;                      ///< Parameter name, may be empty.
  std::string profile;                   ///< ID of the profile its defaults come from; `generic` for none.
  std::string token;                     ///< For server-to-server clicks and impressions; may be empty.
  CostTerms cost_terms{};                ///< For campaigns that have no cost model of their own.
  std::array<std::string, kSubIdCount> sub;
  StringMap<std::string> macros;  ///< Of the source, by field (`external_id`, `cost`, `sub1`, ...); not all are known.
  /// Where a query parameter goes: 0 external ID, 1 cost, 2 + n sub-ID n (from 0).
  StringMap<unsigned> slots;
};

struct WeightedOffer {
  const Offer* offer = nullptr;
  std::uint32_t cumulative = 0;  ///< Sum of the weights up to and including this one.
};
struct WeightedLander {
  const Lander* lander = nullptr;
  std::uint32_t cumulative = 0;
};
struct CampaignPath {
  std::uint32_t cumulative = 0;
  std::vector<WeightedOffer> offers;
  std::string name{};
  std::vector<WeightedLander> landers{};  ///< Empty: straight to an offer.
};

/// First match wins, then the campaign's default paths.
struct CampaignRule {
  Condition when;
  TimeZone zone{};  ///< Of weekday and hour.
  std::vector<CampaignPath> paths{};
  std::string name{};  ///< May be empty.
};

enum class RedirectMode : std::uint8_t { found, see_other, temporary, meta_refresh };

struct Campaign {
  EntityNumber number = 0;
  bool archived = false;
  std::string id;
  std::string name;
  const Source* source = nullptr;
  bool paused = false;        ///< Or archived: no visitor is sent on to an offer.
  std::string fallback_url;   ///< Where its visitors go then; empty: 404.
  std::optional<Micros> cpc;  ///< Cost of a click, unless the link carries its own.
  std::string cost_currency;  ///< Of `cpc`, and of the link's cost unless it names its own; may be empty.
  CostTerms cost_terms{};     ///< Its own, else its source's.
  RedirectMode redirect = RedirectMode::found;
  bool cookies = true;                 ///< `functional`; false: `off`.
  std::vector<std::string> origins{};  ///< From which /click may be called: `https://shop.example`.
  std::vector<CampaignRule> rules{};
  std::vector<CampaignPath> paths;
  std::vector<std::string> tested_headers{};  ///< Names that its rules look at, in lower case: recorded with the click.
};

/// The choice of path, lander and offer for one click.
struct Route {
  std::uint32_t path = 0;
  const Offer* offer = nullptr;
  std::uint32_t rule = 0;          ///< 0: the default paths; n: the campaign's n-th rule, whose paths `path` counts.
  const Lander* lander = nullptr;  ///< Null: straight to the offer.
};
/// A pure function of the click ID and of what is known of the visitor: can be recomputed at any time. Of the clicks
/// that one rule takes, shares converge to the weights as 1/sqrt(n), at each level.
Route choose_route(const Campaign& campaign, const ClickId& id, const Visitor& visitor);

class TokenIndex;
struct ParsedDocument;

/// An immutable snapshot, shared between threads. Pointers and references from it live as long as it does. Snapshots
/// share the entities that a change left alone.
class Catalog {
 public:
  using BuildResult = std::variant<std::shared_ptr<const Catalog>, Faults>;

  /// Parses, validates and compiles all documents together.
  static BuildResult build(std::vector<EntityDocument> documents, std::uint64_t revision);
  static std::shared_ptr<const Catalog> empty();
  /// The same catalog with `changed` added or in place of those with their IDs. Only what changed and what refers to it
  /// is parsed again: a change costs some milliseconds with 10,000 campaigns.
  BuildResult with(std::vector<ParsedDocument> changed, std::uint64_t revision) const;

  std::uint64_t revision() const { return revision_; }
  const DeclaredCurrencies& currencies() const { return currencies_; }
  const Network* network(std::string_view id) const;
  const Campaign* campaign(std::string_view id) const;
  const Offer* offer(EntityNumber number) const;
  const Lander* lander(std::string_view id) const;
  /// The slug of an entity by its number, empty if there is none.
  std::string_view id_of(EntityKind kind, EntityNumber number) const;
  const EntityDocument* document(EntityKind kind, std::string_view id) const;
  /// The same, staying alive without this catalog.
  DocumentPointer share(EntityKind kind, std::string_view id) const;
  /// All documents of one kind, ordered by ID, archived ones included.
  std::span<const DocumentPointer> documents(EntityKind kind) const;
  /// All documents, ordered by kind, then ID.
  const std::vector<DocumentPointer>& documents() const { return documents_; }
  const StringMap<std::shared_ptr<const Network>>& networks() const { return networks_; }
  const Destination* destination(std::string_view id) const;
  const Destination* destination(EntityNumber number) const;
  /// Those with this trigger that are not archived, in the order of their IDs. Paused ones are among them.
  std::span<const Destination* const> destinations(Trigger trigger) const {
    return destinations_by_trigger_[static_cast<std::size_t>(trigger) - 1];
  }
  /// Whether a destination with this trigger may be about this campaign: a cheap first look, for the click path.
  bool tells(Trigger trigger, const Campaign& campaign) const;

  /// Every network's tokens and signing secrets, to be masked wherever they stand.
  const TokenIndex& tokens() const { return *tokens_; }

 private:
  friend class CatalogBuilder;
  std::uint64_t revision_ = 0;
  std::vector<DocumentPointer> documents_;
  DeclaredCurrencies currencies_;
  StringMap<std::shared_ptr<const Network>> networks_;
  std::shared_ptr<const TokenIndex> tokens_;
  StringMap<std::shared_ptr<const Offer>> offers_;
  StringMap<std::shared_ptr<const Lander>> landers_;
  StringMap<std::shared_ptr<const Source>> sources_;
  StringMap<std::shared_ptr<const Campaign>> campaigns_;
  std::unordered_map<EntityNumber, const Offer*> offers_by_number_;
  StringMap<std::shared_ptr<const Destination>> destinations_;
  std::unordered_map<EntityNumber, const Destination*> destinations_by_number_;
  std::array<std::vector<const Destination*>, kTriggerCount> destinations_by_trigger_;
  /// By kind and number.
  std::array<std::unordered_map<EntityNumber, const EntityDocument*>, kEntityKindCount> by_number_;
};

}  // namespace postback
