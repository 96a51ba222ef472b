// Copying a click, field by field.
#include "domain/click_copy.hpp"

namespace postback {

StoredClick stored_copy(const Click& click) {
  StoredClick copy;
  copy.id = click.id.high;
  copy.campaign = click.campaign;
  copy.offer = click.offer;
  copy.source = click.source;
  copy.path = click.path;
  copy.revision = click.revision;
  copy.cost = click.cost;
  copy.cost_currency = click.cost_currency;
  copy.external_id = click.external_id;
  copy.external_name = click.external_name;
  for (unsigned n = 0; n < kSubIdCount; ++n) copy.sub[n] = click.sub[n];
  copy.extra = click.extra;
  copy.ip = click.ip;
  copy.user_agent = click.user_agent;
  copy.referrer = click.referrer;
  copy.language = click.language;
  copy.lander = click.lander;
  copy.rule = click.rule;
  copy.country = click.country;
  copy.region = click.region;
  copy.city = click.city;
  copy.device = click.device;
  copy.os = click.os;
  copy.browser = click.browser;
  copy.bot = click.bot;
  copy.unique = click.unique;
  copy.tested_headers = click.tested_headers;
  return copy;
}

}  // namespace postback
