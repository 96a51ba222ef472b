// From a request to a Click and the URL it is sent to. The order: campaign, ID, route, facts, URL, record.
#include "tracking/click_handler.hpp"

#include "domain/deep_link.hpp"
#include "postback/base/percent.hpp"
#include "postback/domain/impression_detail.hpp"
#include "postback/domain/offer_caps.hpp"
#include "postback/domain/route_prefetch.hpp"
#include "postback/domain/tested_headers.hpp"
#include "tracking/click_parameters.hpp"
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
  map_parameters(campaign, state, services_.figures);
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
  map_parameters(campaign, seen, services_.figures);
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
  settle_currency(campaign, offer, state);
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
  map_parameters(campaign, state, services_.figures);
  route(catalog, campaign, state);
  answer_redirect(exchange, state.location);
}

void ClickHandler::take_headers(const http::Request& request, ClickExchange& state) {
  state.visitor.headers = &state.headers;
  VisitorFacts::read(request, state.visitor);
}

}  // namespace postback
