// Invents a conversion that fits a destination.
#include "postback/domain/destination_sample.hpp"

#include "domain/condition_node.hpp"
#include "domain/conversion_values.hpp"
#include "domain/half_even.hpp"
#include "postback/domain/impression_detail.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr unsigned kSampleNode = 0;  // no node of ours has it
constexpr Micros kSamplePayout = 12'500'000;
constexpr std::string_view kUserAgent =
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile "
    "Safari/537.36";

/// The first campaign of the scope, else one of its sources, else any in use.
const Campaign* choose_campaign(const Catalog& catalog, const DestinationScope& scope) {
  const Campaign* any = nullptr;
  for (const DocumentPointer& document : catalog.documents(EntityKind::campaign)) {
    const Campaign* const campaign = catalog.campaign(document->id);
    if (campaign == nullptr || campaign->archived) continue;
    const bool listed = scope.campaigns.empty() || std::ranges::binary_search(scope.campaigns, campaign->number);
    const bool sourced = scope.sources.empty() || (campaign->source != nullptr &&
                                                   std::ranges::binary_search(scope.sources, campaign->source->number));
    if (listed && sourced) return campaign;
    if (any == nullptr || (listed && !scope.campaigns.empty())) any = campaign;
  }
  return any;
}

const Offer* choose_offer(const Catalog& catalog, const DestinationScope& scope, const Campaign* campaign) {
  if (!scope.offers.empty()) return catalog.offer(scope.offers.front());
  const auto fits = [&scope](const Offer& offer) {
    return scope.networks.empty() || std::ranges::binary_search(scope.networks, offer.network->number);
  };
  for (const auto& path : campaign == nullptr ? std::vector<CampaignPath>() : campaign->paths) {
    for (const WeightedOffer& weighted : path.offers) {
      if (fits(*weighted.offer)) return weighted.offer;
    }
  }
  for (const DocumentPointer& document : catalog.documents(EntityKind::offer)) {
    const Offer* const offer = catalog.offer(document->number);
    if (!offer->archived && fits(*offer)) return offer;
  }
  return nullptr;
}

/// The first word that the condition allows for `field`, which must stand in its outermost groups.
std::string allowed(const Condition& when, std::string_view field, std::string_view otherwise) {
  if (when.root() == nullptr) return std::string(otherwise);
  for (const ConditionNode& node : when.root()->children()) {
    const bool names = node.kind == ConditionNode::Kind::comparison && node.words->field == field &&
                       node.test == ConditionTest::any_of && !node.texts().empty();
    if (names) return std::string(node.texts().front());
  }
  return std::string(otherwise);
}

StoredClick sample_click(const Campaign* campaign, const Offer* offer, TimeMs time) {
  StoredClick click;
  click.id = make_snowflake(time, kSampleNode, 1);
  if (campaign != nullptr) click.campaign = campaign->number;
  if (campaign != nullptr && campaign->source != nullptr) click.source = campaign->source->number;
  if (offer != nullptr) click.offer = offer->number;
  click.external_id = "EXAMPLE-CLICK-ID";
  click.sub[0] = "example-sub1";
  click.sub[1] = "example-sub2";
  click.extra = "gclid=EXAMPLE-GCLID&fbclid=EXAMPLE-FBCLID&ttclid=EXAMPLE-TTCLID";
  click.ip = "192.0.2.1";
  click.user_agent = kUserAgent;
  click.referrer = "https://ads.example/";
  click.language = "en-US";
  click.country = "US";
  click.device = "mobile";
  click.os = "Android";
  click.browser = "Chrome Mobile";
  click.cost = 50'000;
  return click;
}

Conversion sample_conversion(const Destination& destination, const Offer* offer, SnowflakeId click, TimeMs now) {
  Conversion conversion;
  conversion.id = make_snowflake(now, kSampleNode, 2);
  conversion.click = click;
  conversion.number = 1;
  conversion.event = allowed(destination.when, "event", "sale");
  conversion.txid = "TEST-" + std::to_string(conversion.id);
  conversion.status =
      parse_conversion_status(allowed(destination.when, "status", "approved")).value_or(ConversionStatus::approved);
  conversion.original_status = to_string(conversion.status);
  conversion.reason = allowed(destination.when, "reason", "");
  conversion.payout = offer != nullptr && offer->payout ? *offer->payout : kSamplePayout;
  conversion.currency = offer != nullptr && !offer->currency.empty() ? offer->currency : "USD";
  conversion.time = conversion.updated = now;
  conversion.revision = 1;
  if (offer != nullptr) conversion.offer = offer->number;
  return conversion;
}

/// As a request would have it.
Click seen(const StoredClick& stored) {
  Click click;
  click.external_id = stored.external_id;
  for (unsigned n = 0; n < kSubIdCount; ++n) click.sub[n] = stored.sub[n];
  click.extra = stored.extra;
  click.ip = stored.ip;
  click.user_agent = stored.user_agent;
  click.referrer = stored.referrer;
  click.language = stored.language;
  click.country = stored.country;
  click.region = stored.region;
  click.city = stored.city;
  click.device = stored.device;
  click.os = stored.os;
  click.browser = stored.browser;
  click.cost = stored.cost;
  return click;
}

PostbackText sample_postback(const Conversion& conversion) {
  return {
      "/postback/example?txid=" + conversion.txid + "&email=test%40example.com&phone=%2B1%20202%20555%200100&test=1",
      {},
      {}};
}

}  // namespace

void tell_impression(Sample& sample) {
  if (sample.delivery.trigger == Trigger::impression)
    sample.delivery.detail = impression_detail(seen(*sample.facts.click));
}

Sample sample_delivery(const Catalog& catalog, const Destination& destination, TimeMs now) {
  const Campaign* const campaign = choose_campaign(catalog, destination.scope);
  const Offer* const offer = choose_offer(catalog, destination.scope, campaign);
  Sample sample;
  sample.facts.click = sample_click(campaign, offer, now - std::chrono::hours(1));
  const StoredClick& click = *sample.facts.click;
  if (offer != nullptr) sample.facts.offer = offer->number;
  Delivery& delivery = sample.delivery;
  delivery.id = make_snowflake(now, kSampleNode, 3);
  delivery.destination = destination.number;
  delivery.trigger = destination.trigger;
  delivery.campaign = click.campaign;
  delivery.occurred = destination.trigger == Trigger::click ? snowflake_time(click.id) : now;
  delivery.created = delivery.retry_from = now;
  if (destination.trigger == Trigger::impression) {
    tell_impression(sample);
    return sample;
  }
  delivery.click = click.id;
  if (destination.trigger == Trigger::cta) delivery.cta = 1;
  if (destination.trigger == Trigger::click || destination.trigger == Trigger::cta) return sample;
  sample.facts.conversion = sample_conversion(destination, offer, click.id, now);
  sample.facts.postback = sample_postback(*sample.facts.conversion);
  delivery.conversion = sample.facts.conversion->id;
  delivery.conversion_number = sample.facts.conversion->number;
  delivery.conversion_revision = sample.facts.conversion->revision;
  return sample;
}

}  // namespace postback
