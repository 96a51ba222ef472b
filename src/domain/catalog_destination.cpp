// Destination documents: where outgoing postbacks go, when, and what they say.
#include "domain/catalog_entities.hpp"
#include "domain/catalog_token.hpp"
#include "domain/conversion_values.hpp"
#include "domain/delivery_subject.hpp"
#include "domain/destination_reading.hpp"
#include "domain/half_even.hpp"
#include "postback/domain/webhook_signature.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::size_t kMostOfScope = 1000;
constexpr std::size_t kMostSecrets = 5;
constexpr std::uint32_t kLongestDelay = 30 * 24 * 3600;
constexpr std::uint32_t kLongestPause = 24 * 3600;
constexpr std::uint32_t kLongestTimeout = 60;

/// A list of the scope: IDs of entities that are in use.
template <class Entity>
Json read_members(ObjectReader& scope, std::string_view field, const StringMap<std::shared_ptr<const Entity>>& known,
                  bool archived, std::vector<EntityNumber>& numbers) {
  Json canonical = Json::array();
  for (const Json& entry : scope.array(field, kMostOfScope)) {
    const std::string place = std::string(field) + "[" + std::to_string(canonical.size()) + "]";
    const std::string id = entry.is_string() ? entry.get<std::string>() : std::string();
    const auto found = known.find(id);
    if (!entry.is_string()) {
      scope.fault(place, "is not text", "an ID");
    } else if (found == known.end()) {
      scope.fault(place, "there is none with the ID \"" + id + "\"", "the ID of one that exists; create it first");
    } else if (found->second->archived && !archived) {
      scope.fault(place, "\"" + id + "\" is archived", "one in use, or archive this destination as well");
    } else if (std::ranges::find(numbers, found->second->number) != numbers.end()) {
      scope.fault(place, "\"" + id + "\" stands twice", "each once");
    } else {
      numbers.push_back(found->second->number);
    }
    canonical.push_back(entry);
  }
  std::ranges::sort(numbers);
  return canonical;
}

Json read_scope(ObjectReader& reader, Destination& destination, const CatalogReferences& known) {
  ObjectReader scope(reader.object("scope"), reader.path_of("scope."), reader.faults());
  const bool archived = destination.archived;
  DestinationScope& numbers = destination.scope;
  Json canonical{{"campaigns", read_members(scope, "campaigns", known.campaigns, archived, numbers.campaigns)},
                 {"offers", read_members(scope, "offers", known.offers, archived, numbers.offers)},
                 {"networks", read_members(scope, "networks", known.networks, archived, numbers.networks)},
                 {"sources", read_members(scope, "sources", known.sources, archived, numbers.sources)}};
  scope.finish();
  for (const auto* const field : {"offers", "networks"}) {
    if (destination.trigger == Trigger::impression && !canonical[field].empty())
      scope.fault(field, "never holds with the trigger \"impression\", which is of a campaign only", "leave it out");
  }
  return canonical;
}

/// `37.5` for 37,500,000 millionths.
std::string percent_text(std::int64_t share) {
  std::string text = format_decimal(share);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::int64_t read_percent(ObjectReader& reader, std::string_view field, Json& canonical) {
  const std::string text = reader.text(field);
  std::int64_t share = kWholeShare;
  if (!text.empty()) {
    const auto given = parse_decimal(text);
    if (given && *given >= 0 && *given <= kWholeShare)
      share = *given;
    else
      reader.fault(field, "is not a share",
                   "decimal text from \"0\" to \"100\" with at most 6 decimals, such as \"37.5\"");
  }
  canonical[std::string(field)] = percent_text(share);
  return share;
}

Json read_signing(ObjectReader& reader, Destination& destination) {
  ObjectReader signing(reader.object("signing"), reader.path_of("signing."), reader.faults());
  Json canonical = Json::array();
  for (const Json& entry : signing.array("secrets", kMostSecrets)) {
    const std::string text = entry.is_string() ? entry.get<std::string>() : std::string();
    auto key = webhook_key(text);
    if (key) {
      destination.signing_secrets.push_back(*std::move(key));
      add_secret(destination, text);
    } else {
      signing.fault("secrets[" + std::to_string(canonical.size()) + "]", "is not what belongs here",
                    key.error().detail);
    }
    canonical.push_back(text);
  }
  signing.finish();
  if (!canonical.empty() && destination.is_feed())
    signing.fault("secrets", "do not go with FEED, which is not signed", "leave them out");
  Json object = Json::object();
  object["secrets"] = std::move(canonical);
  return object;
}

Json read_retry(ObjectReader& reader, RetrySettings& retry) {
  ObjectReader given(reader.object("retry"), reader.path_of("retry."), reader.faults());
  const RetrySettings usual;
  const auto seconds = [&given](std::string_view field, std::chrono::seconds fallback, std::uint32_t least,
                                std::uint32_t most) {
    return given.integer(field, static_cast<std::uint32_t>(fallback.count()), least, most);
  };
  const auto give_up = seconds("give_up_after_s", usual.give_up_after, 0, kLongestDelay);
  const auto first = seconds("first_s", usual.first, 1, kLongestPause);
  const auto longest = seconds("longest_s", std::max(usual.longest, std::chrono::seconds(first)), 1, kLongestPause);
  if (longest < first) given.fault("longest_s", "is shorter than first_s", "at least as long");
  given.finish();
  retry = {std::chrono::seconds(give_up), std::chrono::seconds(first), std::chrono::seconds(longest)};
  return {{"give_up_after_s", give_up}, {"first_s", first}, {"longest_s", longest}};
}

void read_feed_token(ObjectReader& reader, Destination& destination, Json& canonical) {
  const std::size_t before = reader.faults().size();
  destination.feed_token = read_token(reader, "feed_token");
  canonical["feed_token"] = text_or_null(destination.feed_token);
  add_secret(destination, destination.feed_token);
  if (reader.faults().size() != before) return;
  if (!destination.is_feed() && !destination.feed_token.empty())
    reader.fault("feed_token", "is for the method FEED only", "leave it out");
  if (destination.is_feed() && destination.feed_token.empty())
    reader.fault("feed_token", "is missing",
                 expected_token() + "; leave it out of a new destination to get a random one");
}

void read_delay(ObjectReader& reader, Destination& destination, Json& canonical) {
  const auto delay = reader.integer("delay_s", 0, 0, kLongestDelay);
  destination.delay = std::chrono::seconds(delay);
  canonical["delay_s"] = delay;
  if (!destination.is_feed()) return;
  if (delay != 0) reader.fault("delay_s", "does not go with FEED: the other side decides when it fetches", "0");
  if (!tells_of_conversions(destination.trigger))
    reader.fault("trigger", "does not go with FEED, whose rows are conversions", R"("conversion" or "status_change")");
}

bool reads_postback(const Destination& destination) {
  const auto uses = [](const OutgoingTemplate& text) { return text.uses(OutgoingToken::postback); };
  return looks_at_postback(destination.when) || uses(destination.url) || uses(destination.body) ||
         std::ranges::any_of(destination.headers, [&](const auto& header) { return uses(header.second); }) ||
         std::ranges::any_of(destination.feed_columns, [&](const FeedColumn& column) { return uses(column.value); });
}

}  // namespace

Json read_destination(ObjectReader& reader, Destination& destination, const CatalogReferences& known) {
  Json canonical = Json::object();
  destination.name = reader.required_text("name", "a name for people, such as \"CRM\"");
  canonical["name"] = destination.name;
  const DestinationProfile* const profile = read_destination_profile_name(reader, destination.profile);
  canonical["profile"] = destination.profile;
  SettingValues settings;
  canonical["settings"] = read_settings(reader, profile, settings, destination);
  canonical["state"] = reader.choice("state", "active", {"active", "paused"});
  destination.paused = canonical["state"] == "paused";
  canonical["trigger"] =
      reader.choice("trigger", "conversion", {"click", "impression", "cta", "conversion", "status_change"});
  destination.trigger = *parse_trigger(canonical["trigger"].get<std::string>());
  canonical["scope"] = read_scope(reader, destination, known);
  const bool approved = profile != nullptr && profile->approved_only && tells_of_conversions(destination.trigger);
  Json usual = Json::object();
  if (approved) usual["status"] = Json::array({"approved"});
  canonical["when"] = read_when(reader, usual, destination);
  destination.send = read_percent(reader, "send_percent", canonical);
  destination.share = read_percent(reader, "payout_percent", canonical);
  if (profile != nullptr) destination.words = profile->words;
  read_request(reader, profile, settings, destination, canonical);
  if (!reader.is_spared()) check_setting_modifiers(reader, settings);
  read_delay(reader, destination, canonical);
  canonical["signing"] = read_signing(reader, destination);
  canonical["retry"] = read_retry(reader, destination.retry);
  const auto timeout = reader.integer("timeout_s", 15, 1, kLongestTimeout);
  destination.timeout = std::chrono::seconds(timeout);
  canonical["timeout_s"] = timeout;
  read_feed_token(reader, destination, canonical);
  destination.reads_postback = reads_postback(destination);
  reader.finish();
  return canonical;
}

}  // namespace postback
