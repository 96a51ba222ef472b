// Filling in URLs. Catalog texts are used at once, so they need no copy.
#include "tracking/click_rendering.hpp"

#include <charconv>

namespace postback {
namespace {

/// The values that are made of numbers, where the template has them.
struct MadeTexts {
  std::string cost;
  char timestamp[20];
  char random[20];
};

template <class Number>
std::string_view digits(char (&buffer)[20], Number number) {
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr};
}

void add_made_texts(const UrlTemplate& url, const RenderedVisit& visit, MadeTexts& made, TokenValues& values) {
  const Click& click = visit.click;
  if (url.uses(Token::cost) && click.cost) values[Token::cost] = made.cost = format_decimal(*click.cost);
  if (url.uses(Token::timestamp)) {
    const auto since = visit.visitor.time.time_since_epoch();
    values[Token::timestamp] = digits(made.timestamp, std::chrono::floor<std::chrono::seconds>(since).count());
  }
  // The signature is as good as random, and the URL can be recomputed from the click.
  if (url.uses(Token::random)) values[Token::random] = digits(made.random, click.id.low % 10'000'000'000);
}

void add_facts(const Visitor& visitor, TokenValues& values) {
  values[Token::country] = visitor.country;
  values[Token::region] = visitor.region;
  values[Token::city] = visitor.city;
  values[Token::device] = visitor.device;
  values[Token::os] = visitor.os;
  values[Token::browser] = visitor.browser;
  values[Token::language] = visitor.language;
  values[Token::user_agent] = visitor.user_agent;
  values[Token::referrer] = visitor.referrer;
  values.query = visitor.query;
}

}  // namespace

void render_location(const UrlTemplate& url, const RenderedVisit& visit, TrackingFigures& figures,
                     std::string& location) {
  const Click& click = visit.click;
  const auto id_text = encode_click_id(click.id);
  const std::string_view click_id =
      click.id.high != 0 ? std::string_view(id_text.data(), id_text.size()) : std::string_view{};
  TokenValues values;
  values[Token::clickid] = click_id;
  values[Token::external_id] = click.external_id;
  for (unsigned i = 0; i < kSubIdCount; ++i) values[sub_token(i)] = click.sub[i];
  values[Token::campaign] = visit.campaign.id;
  values[Token::offer] = visit.offer.id;
  values[Token::network] = visit.offer.network->id;
  if (visit.lander != nullptr) values[Token::lander] = visit.lander->id;
  if (visit.campaign.source != nullptr) values[Token::source] = visit.campaign.source->id;
  values[Token::ip] = click.ip;  // as much of it as is recorded
  add_facts(visit.visitor, values);
  MadeTexts made;
  add_made_texts(url, visit, made, values);
  location.clear();
  url.render(location, values);
  if (location.size() <= kLongestLocation) return;
  figures.locations_bared.fetch_add(1, std::memory_order_relaxed);
  location.clear();
  url.render_bare(location, click_id);
}

}  // namespace postback
