// From a request to a Click and the URL it is sent to. The order: campaign, ID, route, facts, URL, record.
#include "tracking/click_handler.hpp"

#include "postback/base/json_text.hpp"
#include "postback/base/percent.hpp"
#include "postback/domain/offer_caps.hpp"
#include "postback/domain/tested_headers.hpp"
#include "tracking/click_rendering.hpp"
#include "tracking/redirect.hpp"
#include "tracking/visitor_answers.hpp"
#include "tracking/visitor_cookie.hpp"

#include <algorithm>

namespace postback {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool is_named(std::string_view name, std::string_view lower_case) {
  return name.size() == lower_case.size() &&
         std::equal(name.begin(), name.end(), lower_case.begin(), [](char a, char b) { return lower(a) == b; });
}

void answer_click(ClickExchange& state) {
  auto writer = state.exchange->respond(redirect_status(state.redirect));
  if (!state.cookie.empty()) writer.header("Set-Cookie", state.cookie);
  write_redirect(writer, state.redirect, state.location);
  state.exchange->finish();
}

/// What is recorded of the visitor.
void take_facts(const Visitor& visitor, Click& click) {
  click.ip = visitor.ip;
  click.user_agent = visitor.user_agent;
  click.referrer = visitor.referrer;
  click.language = visitor.language;
  click.country = visitor.country;
  click.region = visitor.region;
  click.city = visitor.city;
  click.device = visitor.device;
  click.os = visitor.os;
  click.browser = visitor.browser;
  click.bot = visitor.bot;
  click.unique = visitor.unique;
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
    return answer_fallback(exchange, campaign->fallback_url);
  }
  if (is_prefetch(exchange.request)) {
    services_.figures.prefetches.fetch_add(1, std::memory_order_relaxed);
    return answer_prefetch(exchange);
  }
  if (exchange.request.method == http::Method::head) return redirect_without_record(exchange, *campaign, *catalog);
  follow(exchange, *campaign, *catalog);
}

ClickExchange& ClickHandler::begin(http::Exchange& exchange) {
  auto& state = exchange.state<ClickExchange>();
  state.exchange = &exchange;
  state.sink = &exchange.sink();
  state.click = Click{};
  state.outcome = ItemOutcome::none;
  state.parameters.clear();
  state.visitor = Visitor{};
  state.visitor.query = &state.parameters;
  state.headers.request = &exchange.request;
  state.cookie.clear();
  return state;
}

void ClickHandler::follow(http::Exchange& exchange, const Campaign& campaign, const Catalog& catalog) {
  auto& state = begin(exchange);
  state.answer = [](ClickExchange& settled) { answer_click(settled); };
  take_headers(exchange.request, state);
  state.parameters.add_query(exchange.request.query);
  record(state, campaign, catalog);
}

void ClickHandler::record(ClickExchange& state, const Campaign& campaign, const Catalog& catalog) {
  Click& click = state.click;
  click.id = services_.keys.sign(services_.ids.next());
  state.visitor.time = click.id.time();  // what rules by weekday and hour see can be recomputed from the ID
  take_facts(state.visitor, click);
  click.campaign = campaign.number;
  click.source = campaign.source != nullptr ? campaign.source->number : 0;
  click.revision = catalog.revision();
  click.cost = campaign.cpc;
  state.slugs = campaign.cost_currency;
  click.cost_currency = state.slugs;
  map_parameters(campaign, state);
  if (!click.cost) click.cost_currency = {};
  if (campaign.cookies) remember(campaign, state);
  route(catalog, campaign, state);
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

/// Chooses where the click goes, and writes the URL.
void ClickHandler::route(const Catalog& catalog, const Campaign& campaign, ClickExchange& state) {
  Click& click = state.click;
  const Route chosen = choose_route(campaign, click.id, state.visitor);
  const Offer& offer = open_offer(catalog, *chosen.offer, services_.offers, state.visitor.time);
  click.rule = chosen.rule;
  click.path = chosen.path;
  click.lander = chosen.lander != nullptr ? chosen.lander->number : 0;
  click.offer = offer.number;
  if (!campaign.tested_headers.empty()) {
    write_tested_headers(campaign, state.visitor, state.tested_headers);
    click.tested_headers = state.tested_headers;
  }
  state.redirect = campaign.redirect;
  const RenderedVisit visit{campaign, offer, chosen.lander, click, state.visitor};
  render_location(chosen.lander != nullptr ? chosen.lander->url : offer.url, visit, services_.figures, state.location);
}

/// HEAD: somebody looks where the link leads; no click ID is spent and nothing is recorded.
void ClickHandler::redirect_without_record(http::Exchange& exchange, const Campaign& campaign, const Catalog& catalog) {
  auto& state = begin(exchange);
  take_headers(exchange.request, state);
  state.visitor.time = services_.clock.wall();
  state.parameters.add_query(exchange.request.query);
  map_parameters(campaign, state);
  route(catalog, campaign, state);
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

void ClickHandler::take_headers(const http::Request& request, ClickExchange& state) {
  Visitor& visitor = state.visitor;
  visitor.headers = &state.headers;
  visitor.ip = request.peer;
  for (const http::Header& header : request.headers) {
    if (is_named(header.name, "user-agent")) {
      visitor.user_agent = utf8_prefix(header.value, kLongestUserAgent);
    } else if (is_named(header.name, "referer")) {
      visitor.referrer = utf8_prefix(header.value, kLongestReferrer);
    } else if (is_named(header.name, "accept-language")) {
      visitor.language = utf8_prefix(header.value.substr(0, header.value.find_first_of(",; ")), kLongestLanguage);
    }
  }
}

std::string_view ClickHandler::bounded(std::string_view value, std::size_t longest) {
  if (value.size() <= longest) return value;
  services_.figures.values_cut.fetch_add(1, std::memory_order_relaxed);
  return utf8_prefix(value, longest);
}

}  // namespace postback
