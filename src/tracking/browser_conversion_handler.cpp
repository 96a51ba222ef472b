// From a page's request to a postback of the click's network, judged and logged like any other.
#include "tracking/browser_conversion_handler.hpp"

#include "domain/ascii_text.hpp"
#include "domain/browser_status.hpp"
#include "domain/verdict_text.hpp"
#include "domain/web_addresses.hpp"
#include "postback/base/log.hpp"
#include "postback/store/click_lookup.hpp"
#include "tracking/request_limits.hpp"
#include "tracking/visitor_answers.hpp"
#include "tracking/visitor_cookie.hpp"

namespace postback {
namespace {

constexpr std::string_view kClickId = "click_id";
constexpr std::string_view kCampaign = "campaign";

Verdict switched_off(const Offer& offer) {
  return refusal(VerdictCode::token_missing, "The click's offer takes no conversions from browsers.",
                 "Offer `" + offer.id + "` has no `browser_conversions`, and a page cannot authenticate.",
                 "Let the network send a postback instead, or set `browser_conversions` of offer `" + offer.id + "`.");
}

void answer_script(http::Exchange& exchange) {
  exchange.respond(200)
      .header("Cache-Control", "no-store")
      .header("Cross-Origin-Resource-Policy", "cross-origin")
      .header("X-Content-Type-Options", "nosniff")
      .finish("/* taken */\n", "text/javascript; charset=utf-8");
  exchange.finish();
}

void answer_unavailable(http::Exchange& exchange) {
  exchange.respond(503).header("Retry-After", "5").header("Cache-Control", "no-store").finish();
  exchange.finish();
}

}  // namespace

void BrowserConversionHandler::handle(http::Exchange& exchange, BrowserAnswer answer) {
  const auto& request = exchange.request;
  if (is_prefetch(request)) return answer_prefetch(exchange);
  auto& state = exchange.state<BrowserConversion>();
  Parameters parameters;
  parameters.add_query(request.query);
  state.exchange_ = &exchange;
  state.services_ = &services_;
  state.sink = &exchange.sink();
  state.catalog_ = catalog_.get();
  state.answer_ = answer;
  state.query_ = request.query;
  state.network_.clear();
  state.to_ = parameters.find("to").value_or(std::string_view{});
  state.to_allowed_ = false;
  state.click.reset();
  state.judgement = {};
  state.postback_id = 0;
  state.conversion_click = 0;
  take_click(request, parameters, state);
  state.postback = Postback{.method = request.method_text,
                            .target = request.target,
                            .query = state.query_,
                            .network = {},
                            .event = {},
                            .content_type = {},
                            .headers = request.headers_text,
                            .body = {},
                            .peer = request.peer,
                            .arrival = services_.clock.wall(),
                            .shape = PostbackShape::browser,
                            .secure = request.secure};
  if (state.id_.high != 0 && services_.lookups.submit(state)) return;
  state.read_for(nullptr);
  state.submit();
}

/// The click that the page names, else the cookie's newest: of the campaign that the page names, so that it counts for
/// no other advertiser's.
void BrowserConversionHandler::take_click(const http::Request& request, const Parameters& parameters,
                                          BrowserConversion& state) const {
  const auto given = trim(parameters.find(kClickId).value_or(std::string_view{}));
  const auto parsed = parse_click_id(given);
  state.id_ = parsed && services_.keys.verify(*parsed) ? *parsed : ClickId{};
  if (!given.empty()) return;
  const auto named = parameters.find(kCampaign).value_or(std::string_view{});
  const Campaign* const campaign = state.catalog_->campaign(named);
  if (campaign == nullptr && !named.empty()) return;
  const auto entry = newest_entry(visitor_cookie(request, services_.cookies), services_.keys,
                                  campaign == nullptr ? 0 : campaign->number);
  if (!entry) return;
  state.id_ = entry->id;
  state.query_.append(state.query_.empty() ? "" : "&").append(kClickId).append("=").append(to_string(entry->id));
}

/// First in memory, where a click stays until the store has it: its conversion then waits for it.
void BrowserConversion::read(Reader& reader) noexcept {
  const auto spooled = services_->recorder.spooled_click(id_.high);
  const auto found = reader.click_facts(id_.high);
  if (found) {
    click = *found;
  } else {
    spdlog::warn("browser_conversion.lookup_failed detail={}", log_value(found.error().detail));
  }
  const EntityNumber offer = click ? click->offer : spooled ? spooled->offer : 0;
  read_for(catalog_->offer(offer));
  if (click && !reading.refusal) {
    if (const auto fetched = fetch_click_row(reader, reading, *click); !fetched) {
      spdlog::warn("browser_conversion.row_failed detail={}", log_value(fetched.error().detail));
    }
  }
  submit();
}

/// The network is the click's, and so is the status.
void BrowserConversion::read_for(const Offer* offer) {
  const bool allowed = offer != nullptr && offer->browser_conversions.has_value();
  if (offer != nullptr) {
    network_ = offer->network->id;
    to_allowed_ = is_allowed_target(to_, offer->hosts);
  }
  postback.network = network_;
  if (allowed) postback.authenticated = Authentication::browser;
  reading = postback::read(postback, catalog_, services_->keys);
  if (offer != nullptr && !allowed) reading.refusal = switched_off(*offer);
  if (!reading.refusal && allowed) take_status_of_offer(offer, reading);
}

/// Counts it against the limits of requests, then has it recorded, unless it is one of a flood.
void BrowserConversion::submit() {
  const bool logged = apply_request_limits(postback, services_->counts, services_->clock.steady(), reading).logged;
  if (logged && services_->recorder.submit(*this) == SubmitResult::queued) return;
  outcome = logged ? ItemOutcome::unavailable : ItemOutcome::committed;
  if (!logged) {
    services_->figures.refusals_unlogged.fetch_add(1, std::memory_order_relaxed);
    services_->refusals.count(*this);
  }
  next_task = nullptr;
  sink->post(this);
}

void BrowserConversion::run() noexcept {
  http::Exchange& answered = *exchange_;
  const bool stored = outcome == ItemOutcome::committed;
  // An idle connection keeps neither texts nor the catalog they were read with.
  reading = {};
  judgement = {};
  catalog_.reset();
  if (answer_ == BrowserAnswer::redirect) {
    return to_allowed_ ? answer_redirect(answered, to_) : answer_no_content(answered);
  }
  if (!stored) return answer_unavailable(answered);
  answer_ == BrowserAnswer::script ? answer_script(answered) : answer_pixel(answered);
}

}  // namespace postback
