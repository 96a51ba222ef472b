// From a request to a Click and the URL it is sent to. The order: campaign, ID, route, facts, URL, record.
#include "tracking/click_handler.hpp"

#include "postback/base/json_text.hpp"
#include "postback/base/percent.hpp"
#include "tracking/visitor_cookie.hpp"

#include <algorithm>
#include <charconv>

namespace postback {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool is_named(std::string_view name, std::string_view lower_case) {
  return name.size() == lower_case.size() &&
         std::equal(name.begin(), name.end(), lower_case.begin(), [](char a, char b) { return lower(a) == b; });
}

/// Browsers that load a link before anybody clicked it say so; they ask again when it is clicked.
bool is_prefetch(const http::Request& request) {
  return std::any_of(request.headers.begin(), request.headers.end(), [](const http::Header& header) {
    return (is_named(header.name, "sec-purpose") || is_named(header.name, "purpose") ||
            is_named(header.name, "x-moz")) &&
           header.value.find("prefetch") != std::string_view::npos;
  });
}

void answer_redirect(http::Exchange& exchange, std::string_view location) {
  exchange.respond(302).header("Location", location).header("Cache-Control", "no-store").finish();
  exchange.finish();
}

void answer_click(ClickExchange& state) {
  auto writer = state.exchange->respond(302);
  writer.header("Location", state.location).header("Cache-Control", "no-store");
  if (!state.cookie.empty()) writer.header("Set-Cookie", state.cookie);
  writer.finish();
  state.exchange->finish();
}

void answer_not_found(http::Exchange& exchange) {
  exchange.respond(404)
      .header("Cache-Control", "no-store")
      .finish("There is no active tracking link at this address.\n", "text/plain; charset=utf-8");
  exchange.finish();
}

void append_extra(std::string& extra, const Parameter& parameter) {
  const auto before = extra.size();
  if (!extra.empty()) extra += '&';
  append_percent_encoded(extra, parameter.name);
  extra += '=';
  append_percent_encoded(extra, parameter.value);
  if (extra.size() > kLongestExtra) extra.resize(before);  // whole parameters or none
}

constexpr unsigned kExternalIdSlot = 0;
constexpr unsigned kCostSlot = 1;
constexpr unsigned kFirstSubSlot = 2;

}  // namespace

void ClickHandler::handle(http::Exchange& exchange, std::string_view campaign_id) {
  const auto& catalog = catalog_.get();
  const Campaign* const campaign = catalog->campaign(campaign_id);
  if (campaign == nullptr) {
    services_.figures.unknown_campaign.fetch_add(1, std::memory_order_relaxed);
    return answer_not_found(exchange);
  }
  if (campaign->paused) {
    services_.figures.paused_campaign.fetch_add(1, std::memory_order_relaxed);
    return campaign->fallback_url.empty() ? answer_not_found(exchange)
                                          : answer_redirect(exchange, campaign->fallback_url);
  }
  if (is_prefetch(exchange.request)) {
    services_.figures.prefetches.fetch_add(1, std::memory_order_relaxed);
    exchange.respond(503).header("Cache-Control", "no-store").finish();
    return exchange.finish();
  }
  if (exchange.request.method == http::Method::head) return redirect_without_record(exchange, *campaign);
  follow(exchange, *campaign, *catalog);
}

ClickExchange& ClickHandler::begin(http::Exchange& exchange) {
  auto& state = exchange.state<ClickExchange>();
  state.exchange = &exchange;
  state.sink = &exchange.sink();
  state.click = Click{};
  state.outcome = ItemOutcome::none;
  state.parameters.clear();
  state.cookie.clear();
  return state;
}

void ClickHandler::follow(http::Exchange& exchange, const Campaign& campaign, const Catalog& catalog) {
  auto& state = begin(exchange);
  state.answer = [](ClickExchange& settled) { answer_click(settled); };
  take_headers(exchange.request, state.click);
  state.parameters.add_query(exchange.request.query);
  record(state, campaign, catalog);
}

void ClickHandler::record(ClickExchange& state, const Campaign& campaign, const Catalog& catalog) {
  Click& click = state.click;
  click.id = services_.keys.sign(services_.ids.next());
  const Route route = choose_route(campaign, click.id);
  click.campaign = campaign.number;
  click.offer = route.offer->number;
  click.source = campaign.source != nullptr ? campaign.source->number : 0;
  click.path = route.path;
  click.revision = catalog.revision();
  click.cost = campaign.cpc;
  state.slugs = campaign.cost_currency;
  click.cost_currency = state.slugs;
  map_parameters(campaign, state);
  if (!click.cost) click.cost_currency = {};
  if (campaign.cookies) remember(campaign, state);
  render(*route.offer, campaign, state);
  const auto submitted = services_.recorder.submit(state);
  if (submitted == SubmitResult::queued) return;
  state.outcome = submitted == SubmitResult::spooled ? ItemOutcome::spooled : ItemOutcome::unavailable;
  state.answer(state);
}

void ClickHandler::remember(const Campaign& campaign, ClickExchange& state) {
  const auto& request = state.exchange->request;
  if (request.method == http::Method::post || asks_for_privacy(request)) return;
  const auto cookie = visitor_cookie(request, services_.cookies);
  const bool secure = request.header("x-forwarded-proto") == "https";
  append_set_cookie(state.cookie, services_.cookies, {state.click.id, campaign.number}, cookie, secure);
}

/// HEAD: somebody looks where the link leads; no click ID is spent and nothing is recorded.
void ClickHandler::redirect_without_record(http::Exchange& exchange, const Campaign& campaign) {
  auto& state = exchange.state<ClickExchange>();
  state.click = Click{};
  take_headers(exchange.request, state.click);
  state.parameters.clear();
  state.parameters.add_query(exchange.request.query);
  map_parameters(campaign, state);
  render(*choose_route(campaign, ClickId{}).offer, campaign, state);
  answer_redirect(exchange, state.location);
}

/// Gives each query parameter its place: the source's names, else `extra`. The first of a name wins.
void ClickHandler::map_parameters(const Campaign& campaign, ClickExchange& state) {
  Click& click = state.click;
  state.extra.clear();
  const Source* const source = campaign.source;
  std::size_t external_rank = source != nullptr ? source->external_id.size() : 0;
  bool cost_seen = false;
  for (const Parameter& parameter : state.parameters.all()) {
    const auto slot = source != nullptr ? source->slots.find(parameter.name) : StringMap<unsigned>::const_iterator{};
    if (source == nullptr || slot == source->slots.end()) {
      append_extra(state.extra, parameter);
    } else if (slot->second == kExternalIdSlot) {
      const auto& names = source->external_id;
      const auto rank = static_cast<std::size_t>(std::find(names.begin(), names.end(), parameter.name) - names.begin());
      if (rank >= external_rank || parameter.value.empty()) continue;
      external_rank = rank;
      click.external_id = bounded(parameter.value, kLongestValue);
      if (names.size() > 1) click.external_name = parameter.name;
    } else if (slot->second == kCostSlot) {
      if (cost_seen) continue;
      cost_seen = true;
      const auto cost = read_decimal(parameter.value);
      const bool known_currency = cost.currency.empty() || is_iso_currency(cost.currency);
      if (cost.has_value() && cost.micros >= 0 && known_currency) {
        click.cost = cost.micros;
        if (!cost.currency.empty()) click.cost_currency = state.slugs = cost.currency;
      } else {
        append_extra(state.extra, parameter);  // not a sum: the campaign's cost model counts, the text is kept
      }
    } else if (auto& sub = click.sub[slot->second - kFirstSubSlot]; sub.empty()) {
      sub = bounded(parameter.value, kLongestValue);
    }
  }
  click.extra = state.extra;
}

void ClickHandler::take_headers(const http::Request& request, Click& click) {
  click.ip = request.peer;
  for (const http::Header& header : request.headers) {
    if (is_named(header.name, "user-agent")) {
      click.user_agent = utf8_prefix(header.value, kLongestUserAgent);
    } else if (is_named(header.name, "referer")) {
      click.referrer = utf8_prefix(header.value, kLongestReferrer);
    } else if (is_named(header.name, "accept-language")) {
      click.language = utf8_prefix(header.value.substr(0, header.value.find_first_of(",; ")), kLongestLanguage);
    }
  }
}

/// Fills in the offer's URL. Catalog texts are used at once, so they need no copy.
void ClickHandler::render(const Offer& offer, const Campaign& campaign, ClickExchange& state) {
  const Click& click = state.click;
  const bool has_id = click.id.high != 0;
  const auto id_text = encode_click_id(click.id);
  const std::string_view click_id = has_id ? std::string_view(id_text.data(), id_text.size()) : std::string_view{};
  TokenValues values;
  values[Token::clickid] = click_id;
  values[Token::external_id] = click.external_id;
  for (unsigned i = 0; i < kSubIdCount; ++i) values[sub_token(i)] = click.sub[i];
  values[Token::campaign] = campaign.id;
  values[Token::offer] = offer.id;
  values[Token::network] = offer.network->id;
  if (campaign.source != nullptr) values[Token::source] = campaign.source->id;
  values[Token::language] = click.language;
  values[Token::ip] = click.ip;
  values[Token::user_agent] = click.user_agent;
  values[Token::referrer] = click.referrer;
  values.query = &state.parameters;
  std::string cost;
  if (offer.url.uses(Token::cost) && click.cost) values[Token::cost] = cost = format_decimal(*click.cost);
  char timestamp[20];
  if (offer.url.uses(Token::timestamp)) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(services_.clock.wall().time_since_epoch()).count();
    values[Token::timestamp] = {timestamp, std::to_chars(timestamp, timestamp + sizeof timestamp, seconds).ptr};
  }
  char random[20];
  // The signature is as good as random, and the URL can be recomputed from the click.
  if (offer.url.uses(Token::random))
    values[Token::random] = {random, std::to_chars(random, random + sizeof random, click.id.low % 10'000'000'000).ptr};
  state.location.clear();
  offer.url.render(state.location, values);
  if (state.location.size() <= kLongestLocation) return;
  services_.figures.locations_bared.fetch_add(1, std::memory_order_relaxed);
  state.location.clear();
  offer.url.render_bare(state.location, click_id);
}

std::string_view ClickHandler::bounded(std::string_view value, std::size_t longest) {
  if (value.size() <= longest) return value;
  services_.figures.values_cut.fetch_add(1, std::memory_order_relaxed);
  return utf8_prefix(value, longest);
}

}  // namespace postback
