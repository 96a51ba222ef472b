// From a request to a Click and the URL it is sent to. The order: campaign, ID, route, facts, URL, record.
#include "tracking/click_handler.hpp"

#include "domain/deep_link.hpp"
#include "domain/macro_syntax.hpp"
#include "postback/base/json_text.hpp"
#include "postback/base/percent.hpp"
#include "postback/domain/impression_detail.hpp"
#include "postback/domain/offer_caps.hpp"
#include "postback/domain/route_prefetch.hpp"
#include "postback/domain/tested_headers.hpp"
#include "tracking/click_rendering.hpp"
#include "tracking/redirect.hpp"
#include "tracking/visitor_answers.hpp"
#include "tracking/visitor_cookie.hpp"

#include <algorithm>
#include <chrono>

namespace postback {

namespace {

void answer_click(ClickExchange& state) {
  auto writer = state.exchange->respond(redirect_status(state.redirect));
  if (!state.cookie.empty()) writer.header("Set-Cookie", state.cookie);
  write_redirect(writer, state.redirect, state.location);
  state.exchange->finish();
}

void append_extra(std::string& extra, const Parameter& parameter) {
  const auto before = extra.size();
  if (!extra.empty()) extra += '&';
  append_percent_encoded(extra, parameter.name);
  extra += '=';
  append_percent_encoded(extra, parameter.value);
  if (extra.size() > kLongestExtra) extra.resize(before);  // whole parameters or none
}

/// `catalog` may be null. Archived currencies count: the source goes on charging in them.
bool is_known_currency(std::string_view code, const Catalog* catalog) {
  static const DeclaredCurrencies kNone;
  return currency_state(code, catalog != nullptr ? catalog->currencies() : kNone) != CurrencyState::unknown;
}

/// A link's cost that neither names its currency nor has the campaign's is in the offer's, which may be its network's.
/// Where there is none either it is no money.
void settle_currency(const Offer& offer, ClickExchange& state) {
  if (offer.currency.empty()) {
    state.click.cost.reset();
  } else {
    state.click.cost_currency = state.slugs = offer.currency;
  }
}

constexpr unsigned kExternalIdSlot = 0;
constexpr unsigned kCostSlot = 1;
constexpr unsigned kFirstSubSlot = 2;

/// The parameter that counts as the source's click ID: of those that have a value, the one that the source names first;
/// one that nobody filled in only where there is no other. Null: there is none.
const Parameter* find_external_id(const Source& source, const Parameters& parameters) {
  const Parameter* unfilled = nullptr;
  for (const std::string& name : source.external_id) {
    for (const Parameter& parameter : parameters.all()) {
      if (parameter.name != name || parameter.value.empty()) continue;
      if (source.external_id.size() == 1 || !find_macro(parameter.value)) return &parameter;
      if (unfilled == nullptr) unfilled = &parameter;
    }
  }
  return unfilled;
}

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
  state.catalog = nullptr;
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
  prefetch_rules(campaign);
  Click& click = state.click;
  state.catalog = &catalog;
  click.id = services_.keys.sign(services_.ids.next());
  state.visitor.time = click.id.time();  // what rules by weekday and hour see can be recomputed from the ID
  facts_.complete(state.visitor_texts, state.visitor);
  prefetch_conditions(campaign);
  const bool link = state.exchange->request.method == http::Method::get;
  if (link && facts_.is_link_preview()) return redirect_without_record(*state.exchange, campaign, catalog);
  facts_.count_visit(campaign.number, first_by_cookie(campaign, state), state.visitor);
  facts_.record(state.visitor, state.visitor_texts, click);
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
  state.told = catalog.tells(Trigger::click, campaign);
  const auto submitted = services_.recorder.submit(state);
  if (submitted == SubmitResult::queued) return;
  state.outcome = submitted == SubmitResult::spooled ? ItemOutcome::spooled : ItemOutcome::unavailable;
  state.answer(state);
}

std::string ClickHandler::describe(const Campaign& campaign, const Visitor& visitor, const Parameters& parameters) {
  ClickExchange seen;
  seen.visitor = visitor;
  for (const Parameter& parameter : parameters.all()) seen.parameters.add_copy(parameter.name, parameter.value);
  facts_.complete(seen.visitor_texts, seen.visitor);
  facts_.record(seen.visitor, seen.visitor_texts, seen.click);
  map_parameters(campaign, seen);
  return impression_detail(seen.click);
}

/// What our cookie says about whether it is the first visit within 24 hours; nothing where it does not know the
/// campaign.
std::optional<bool> ClickHandler::first_by_cookie(const Campaign& campaign, const ClickExchange& state) const {
  if (!campaign.cookies || state.visitor.headers == nullptr) return std::nullopt;
  const auto cookie = visitor_cookie(state.exchange->request, services_.cookies);
  const auto entry = newest_entry(cookie, services_.keys, campaign.number);
  if (!entry) return std::nullopt;
  return state.visitor.time - entry->id.time() >= std::chrono::hours{24};
}

void ClickHandler::remember(const Campaign& campaign, ClickExchange& state) {
  const auto& request = state.exchange->request;
  if (request.method == http::Method::post || asks_for_privacy(request)) return;
  const auto cookie = visitor_cookie(request, services_.cookies);
  append_set_cookie(state.cookie, services_.cookies, {state.click.id, campaign.number}, cookie, request.secure);
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
  if (click.cost && click.cost_currency.empty() && campaign.cost_currency.empty()) settle_currency(offer, state);
  if (!campaign.tested_headers.empty()) {
    write_tested_headers(campaign, state.visitor, state.tested_headers);
    click.tested_headers = state.tested_headers;
  }
  state.redirect = campaign.redirect;
  if (chosen.lander == nullptr && follow_deep_link(campaign, offer, state)) return;
  const RenderedVisit visit{campaign, offer, chosen.lander, click, state.visitor};
  render_location(chosen.lander != nullptr ? chosen.lander->url : offer.url, visit, services_.figures, state.location);
}

/// Where the link names a page of the offer's own site. Whether it leads there.
bool ClickHandler::follow_deep_link(const Campaign& campaign, const Offer& offer, ClickExchange& state) {
  const auto url = deep_link(campaign, offer, state.parameters);
  if (!url) return false;
  if (!may_deep_link(*url, offer)) {
    services_.figures.deep_links_ignored.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  const auto id = encode_click_id(state.click.id);
  const bool has_id = state.click.id.high != 0;
  write_deep_link(*url, offer.network->click_param, std::string_view(id.data(), has_id ? id.size() : 0),
                  state.location);
  return true;
}

/// HEAD, or a link's preview: somebody looks where the link leads; nothing is recorded.
void ClickHandler::redirect_without_record(http::Exchange& exchange, const Campaign& campaign, const Catalog& catalog) {
  auto& state = begin(exchange);
  state.catalog = &catalog;
  take_headers(exchange.request, state);
  state.visitor.time = services_.clock.wall();
  facts_.complete(state.visitor_texts, state.visitor);
  facts_.record(state.visitor, state.visitor_texts, state.click);
  state.parameters.add_query(exchange.request.query);
  map_parameters(campaign, state);
  route(catalog, campaign, state);
  answer_redirect(exchange, state.location);
}

/// Gives each query parameter its place: the source's names, else `extra`, which has all that stands nowhere else as it
/// came: so what is made of a click later has what its request had. The first of a name wins.
void ClickHandler::map_parameters(const Campaign& campaign, ClickExchange& state) {
  Click& click = state.click;
  state.extra.clear();
  const Source* const source = campaign.source;
  const Parameter* const external_id = source != nullptr ? find_external_id(*source, state.parameters) : nullptr;
  if (external_id != nullptr) {
    click.external_id = bounded(external_id->value, kLongestValue);
    if (source->external_id.size() > 1) click.external_name = external_id->name;
  }
  bool cost_seen = false;
  for (const Parameter& parameter : state.parameters.all()) {
    const auto slot = source != nullptr ? source->slots.find(parameter.name) : StringMap<unsigned>::const_iterator{};
    if (source == nullptr || slot == source->slots.end()) {
      append_extra(state.extra, parameter);
    } else if (slot->second == kExternalIdSlot) {
      if (&parameter != external_id) append_extra(state.extra, parameter);
    } else if (slot->second == kCostSlot) {
      append_extra(state.extra, parameter);
      if (!cost_seen) settle_cost(parameter.value, state);
      cost_seen = true;
    } else if (auto& sub = click.sub[slot->second - kFirstSubSlot]; sub.empty()) {
      sub = bounded(parameter.value, kLongestValue);
    } else {
      append_extra(state.extra, parameter);
    }
  }
  click.extra = state.extra;
}

/// Where `text` is no sum, the campaign's cost model counts.
void ClickHandler::settle_cost(std::string_view text, ClickExchange& state) {
  const auto cost = read_decimal(text);
  const bool known_currency = cost.currency.empty() || is_known_currency(cost.currency, state.catalog);
  if (!cost.has_value() || cost.micros < 0 || !known_currency) return;
  state.click.cost = cost.micros;
  if (!cost.currency.empty()) state.click.cost_currency = state.slugs = cost.currency;
}

void ClickHandler::take_headers(const http::Request& request, ClickExchange& state) {
  state.visitor.headers = &state.headers;
  VisitorFacts::read(request, state.visitor);
}

std::string_view ClickHandler::bounded(std::string_view value, std::size_t longest) {
  if (value.size() <= longest) return value;
  services_.figures.values_cut.fetch_add(1, std::memory_order_relaxed);
  return utf8_prefix(value, longest);
}

}  // namespace postback
