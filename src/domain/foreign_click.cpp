// Reads and checks the description of a click of another tracker.
#include "postback/domain/foreign_click.hpp"

#include "domain/ascii_text.hpp"
#include "domain/object_reader.hpp"
#include "postback/base/time_text.hpp"

#include <utility>

namespace postback {
namespace {

constexpr std::size_t kLongestId = 255;
constexpr std::size_t kLongestText = 4096;
constexpr std::size_t kLongestWord = 200;

void numbers_to_texts(Json& row) {
  if (!row.is_object()) return;
  for (auto& [name, value] : row.items()) {
    if (name != "cost" && value.is_number()) value = value.dump();
  }
}

/// The offer that every path of the campaign leads to; null when there are several.
const Offer* only_offer(const Campaign& campaign) {
  const Offer* only = nullptr;
  const auto look = [&only](const std::vector<CampaignPath>& paths) {
    for (const auto& path : paths) {
      for (const auto& weighted : path.offers) {
        if (only != nullptr && weighted.offer != only) return false;
        only = weighted.offer;
      }
    }
    return true;
  };
  for (const auto& rule : campaign.rules) {
    if (!look(rule.paths)) return nullptr;
  }
  return look(campaign.paths) ? only : nullptr;
}

/// The currency of a cost that names none: what a link's cost would have, the campaign's or else the offer's.
void read_cost(ObjectReader& reader, const Catalog& catalog, ForeignClick& click) {
  click.cost = reader.amount("cost");
  const std::size_t before = reader.faults().size();
  click.cost_currency = reader.currency("currency", catalog.currencies());
  if (!click.cost || !click.cost_currency.empty() || reader.faults().size() != before) return;
  const Campaign* const campaign = catalog.campaign(catalog.id_of(EntityKind::campaign, click.campaign));
  if (campaign != nullptr) click.cost_currency = campaign->cost_currency;
  const Offer* const offer = catalog.offer(click.offer);
  if (click.cost_currency.empty() && offer != nullptr) click.cost_currency = offer->currency;
  if (click.cost_currency.empty())
    reader.fault("currency", "is missing, and neither campaign nor offer has one",
                 "the currency of the cost, such as \"USD\"");
}

void read_place(ObjectReader& reader, const Catalog& catalog, ForeignClick& click) {
  const auto campaign_id = reader.required_text("campaign", "the ID of the campaign that the click counts for");
  const auto* const campaign_document = catalog.document(EntityKind::campaign, campaign_id);
  if (campaign_document != nullptr) {
    click.campaign = campaign_document->number;
  } else if (!campaign_id.empty()) {
    reader.fault("campaign", "\"" + campaign_id + "\" is not in the catalog", "the ID of one of the campaigns");
  }
  const Campaign* const campaign = catalog.campaign(campaign_id);
  if (campaign != nullptr && campaign->source != nullptr) click.source = campaign->source->number;
  const auto offer_id = reader.text("offer");
  if (offer_id.empty()) {
    const Offer* const only = campaign != nullptr ? only_offer(*campaign) : nullptr;
    if (only != nullptr) click.offer = only->number;
  } else if (const auto* offer = catalog.document(EntityKind::offer, offer_id)) {
    click.offer = offer->number;
  } else {
    reader.fault("offer", "\"" + offer_id + "\" is not in the catalog", "the ID of one of the offers, or nothing");
  }
}

void read_time(ObjectReader& reader, TimeMs now, ForeignClick& click) {
  constexpr std::string_view kExpected = "when the click happened, such as \"2026-01-31T12:00:00Z\", or Unix time";
  constexpr TimeMs kEarliest{std::chrono::milliseconds{kSnowflakeEpochMs}};
  const auto text = reader.required_text("time", kExpected);
  if (text.empty()) return;
  const auto time = parse_network_time(text);
  if (!time) return reader.fault("time", "is neither RFC 3339 nor Unix time", std::string(kExpected));
  if (*time < kEarliest || *time > now) {
    return reader.fault("time", *time > now ? "is in the future" : "is before 2025",
                        "a time from 2025-01-01T00:00:00Z to now");
  }
  click.time = *time;
}

void read_id(ObjectReader& reader, const ClickIdKeys& keys, ForeignClick& click) {
  constexpr const char* kExpected = "the click's ID, as networks send it back in postbacks";
  const auto sent = reader.required_text("foreign_id", kExpected, kLongestId);
  // As it is looked for: what stands around an ID in a postback is left out, too.
  click.foreign_id = trim(sent);
  if (click.foreign_id.empty() && !sent.empty()) reader.fault("foreign_id", "holds nothing but spaces", kExpected);
  const auto own = parse_click_id(click.foreign_id);
  if (!own || !keys.verify(*own)) return;
  click.own = own;
  if (click.time != TimeMs{} && own->time() != click.time) {
    reader.fault("time", "is not the time in the click ID, which is one of this server's", format_rfc3339(own->time()));
  }
}

}  // namespace

Click ForeignClick::click() const {
  Click click;
  if (own) click.id = *own;
  click.campaign = campaign;
  click.offer = offer;
  click.source = source;
  click.revision = revision;
  click.cost = cost;
  click.cost_currency = cost_currency;
  click.external_id = external_id;
  for (std::size_t i = 0; i < kSubIdCount; ++i) click.sub[i] = sub[i];
  click.ip = ip;
  click.user_agent = user_agent;
  click.device = agent.device;
  click.os = agent.os;
  click.browser = agent.browser;
  click.bot = agent.bot;
  click.referrer = referrer;
  click.language = language;
  click.country = country;
  click.region = region;
  click.city = city;
  return click;
}

std::variant<ForeignClick, Faults> read_foreign_click(Json row, const Catalog& catalog, const ClickIdKeys& keys,
                                                      TimeMs now) {
  numbers_to_texts(row);
  Faults faults;
  ObjectReader reader(row, {}, faults);
  ForeignClick click;
  read_time(reader, now, click);
  read_id(reader, keys, click);
  read_place(reader, catalog, click);
  click.revision = catalog.revision();
  read_cost(reader, catalog, click);
  click.external_id = reader.text("external_id", kLongestText);
  for (std::size_t i = 0; i < kSubIdCount; ++i) click.sub[i] = reader.text("sub" + std::to_string(i + 1), kLongestText);
  click.ip = reader.text("ip", kLongestWord);
  click.user_agent = reader.text("user_agent", 1024);
  click.referrer = reader.text("referrer", 2048);
  click.language = reader.text("language", 35);
  click.country = reader.text("country", 2);
  click.region = reader.text("region", kLongestWord);
  click.city = reader.text("city", kLongestWord);
  reader.finish();
  if (!faults.empty()) return faults;
  return click;
}

}  // namespace postback
