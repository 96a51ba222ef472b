// From a stored click to the values of tokens.
#include "domain/recorded_values.hpp"

#include <chrono>

namespace postback {

void add_recorded_parameters(const Source* source, const StoredClick& click, Parameters& parameters) {
  if (source != nullptr) {
    if (!click.external_id.empty()) {
      const auto& names = source->external_id;
      const auto& name = !click.external_name.empty() || names.empty() ? click.external_name : names.front();
      if (!name.empty()) parameters.add_copy(name, click.external_id);
    }
    for (unsigned n = 0; n < kSubIdCount; ++n) {
      if (!source->sub[n].empty() && !click.sub[n].empty()) parameters.add_copy(source->sub[n], click.sub[n]);
    }
  }
  parameters.add_query(click.extra);
}

TokenValues recorded_values(const Catalog& catalog, const Offer* offer, const StoredClick& click, const ClickId& id,
                            RecordedTexts& texts) {
  TokenValues values;
  texts.click_id = id.high != 0 ? to_string(id) : std::string();
  texts.cost = click.cost ? format_decimal(*click.cost) : std::string();
  const auto since_1970 = std::chrono::floor<std::chrono::seconds>(snowflake_time(click.id)).time_since_epoch();
  texts.timestamp = std::to_string(since_1970.count());
  texts.random = std::to_string(id.low % 10'000'000'000);
  const auto campaign_id = catalog.id_of(EntityKind::campaign, click.campaign);
  const Campaign* const campaign = catalog.campaign(campaign_id);
  add_recorded_parameters(campaign == nullptr ? nullptr : campaign->source, click, texts.parameters);
  values[Token::clickid] = texts.click_id;
  values[Token::external_id] = click.external_id;
  for (unsigned n = 0; n < kSubIdCount; ++n) values[sub_token(n)] = click.sub[n];
  values[Token::campaign] = campaign_id;
  if (offer != nullptr) {
    values[Token::offer] = offer->id;
    values[Token::network] = offer->network->id;
  }
  values[Token::lander] = catalog.id_of(EntityKind::lander, click.lander);
  values[Token::source] = catalog.id_of(EntityKind::source, click.source);
  values[Token::language] = click.language;
  values[Token::ip] = click.ip;
  values[Token::user_agent] = click.user_agent;
  values[Token::referrer] = click.referrer;
  values[Token::country] = click.country;
  values[Token::region] = click.region;
  values[Token::city] = click.city;
  values[Token::device] = click.device;
  values[Token::os] = click.os;
  values[Token::browser] = click.browser;
  values[Token::cost] = texts.cost;
  values[Token::timestamp] = texts.timestamp;
  values[Token::random] = texts.random;
  values.query = &texts.parameters;
  return values;
}

}  // namespace postback
