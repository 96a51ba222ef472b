// From a request to a Click and the URL it is sent to. The order: campaign, ID, route, facts, URL, record.
#include "tracking/click_handler.hpp"

#include "postback/base/json_text.hpp"
#include "postback/base/percent.hpp"
#include "postback/domain/offer_caps.hpp"
#include "postback/domain/tested_headers.hpp"
#include "tracking/click_rendering.hpp"
#include "tracking/redirect.hpp"

#include <algorithm>

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

void answer_redirect(http::Exchange& exchange, std::string_view location, RedirectMode mode = RedirectMode::found) {
  auto writer = exchange.respond(redirect_status(mode));
  write_redirect(writer, mode, location);
  exchange.finish();
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

/// The headers of a request, for rules.
class RequestHeaders final : public HeaderSource {
 public:
  explicit RequestHeaders(const http::Request& request) : request_(request) {}
  std::string_view header(std::string_view name) const override {
    return request_.header(name).value_or(std::string_view{});
  }

 private:
  const http::Request& request_;
};

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

constexpr unsigned kExternalIdSlot = 0;
constexpr unsigned kCostSlot = 1;
constexpr unsigned kFirstSubSlot = 2;

}  // namespace

void ClickExchange::run() noexcept { answer_redirect(*exchange, location, redirect); }

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
  if (exchange.request.method == http::Method::head) return redirect_without_record(exchange, *campaign, *catalog);
  record(exchange, *campaign, *catalog);
}

void ClickHandler::record(http::Exchange& exchange, const Campaign& campaign, const Catalog& catalog) {
  auto& state = exchange.state<ClickExchange>();
  state.exchange = &exchange;
  state.sink = &exchange.sink();
  Click& click = state.click;
  click = Click{};
  click.id = services_.keys.sign(services_.ids.next());
  state.parameters.clear();
  state.parameters.add_query(exchange.request.query);
  const RequestHeaders headers(exchange.request);
  Visitor visitor;
  visitor.time = click.id.time();  // rules by weekday and hour can be recomputed from the ID
  visitor.query = &state.parameters;
  visitor.headers = &headers;
  take_headers(exchange.request, visitor);
  take_facts(visitor, click);
  click.campaign = campaign.number;
  click.source = campaign.source != nullptr ? campaign.source->number : 0;
  click.revision = catalog.revision();
  click.cost = campaign.cpc;
  state.slugs = campaign.cost_currency;
  click.cost_currency = state.slugs;
  map_parameters(campaign, state);
  if (!click.cost) click.cost_currency = {};
  route(catalog, campaign, visitor, state);
  // Anything but queued: the visitor is never shown our trouble.
  if (services_.recorder.submit(state) != SubmitResult::queued)
    answer_redirect(exchange, state.location, state.redirect);
}

/// Chooses where the click goes, and writes the URL.
void ClickHandler::route(const Catalog& catalog, const Campaign& campaign, const Visitor& visitor,
                         ClickExchange& state) {
  Click& click = state.click;
  const Route route = choose_route(campaign, click.id, visitor);
  const Offer& offer = open_offer(catalog, *route.offer, services_.offers, visitor.time);
  click.rule = route.rule;
  click.path = route.path;
  click.lander = route.lander != nullptr ? route.lander->number : 0;
  click.offer = offer.number;
  if (!campaign.tested_headers.empty()) {
    write_tested_headers(campaign, visitor, state.tested_headers);
    click.tested_headers = state.tested_headers;
  }
  state.redirect = campaign.redirect;
  const RenderedVisit visit{campaign, offer, route.lander, click, visitor};
  render_location(route.lander != nullptr ? route.lander->url : offer.url, visit, services_.figures, state.location);
}

/// HEAD: somebody looks where the link leads; no click ID is spent and nothing is recorded.
void ClickHandler::redirect_without_record(http::Exchange& exchange, const Campaign& campaign, const Catalog& catalog) {
  auto& state = exchange.state<ClickExchange>();
  state.click = Click{};
  state.parameters.clear();
  state.parameters.add_query(exchange.request.query);
  const RequestHeaders headers(exchange.request);
  Visitor visitor;
  visitor.time = services_.clock.wall();
  visitor.query = &state.parameters;
  visitor.headers = &headers;
  take_headers(exchange.request, visitor);
  take_facts(visitor, state.click);
  map_parameters(campaign, state);
  route(catalog, campaign, visitor, state);
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

void ClickHandler::take_headers(const http::Request& request, Visitor& visitor) {
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
