// From a lander's CTA to an offer of the click's path.
#include "tracking/out_handler.hpp"

#include "domain/ascii.hpp"
#include "postback/base/log.hpp"
#include "postback/domain/offer_caps.hpp"
#include "tracking/cta_choice.hpp"
#include "tracking/redirect.hpp"
#include "tracking/visitor_answers.hpp"
#include "tracking/visitor_cookie.hpp"

#include <algorithm>
#include <charconv>

namespace postback {
namespace {

/// Longer ones are no number of an offer.
constexpr std::size_t kLongestNumber = 4;

std::optional<std::size_t> parse_offer_number(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && number > 0 && text.size() <= kLongestNumber ? std::optional(number) : std::nullopt;
}

/// The campaign that a lander may name, for when the click cannot be found.
std::string_view named_campaign(const http::Request& request, Parameters& parameters) {
  parameters.clear();
  parameters.add_query(request.query);
  return parameters.find("campaign").value_or(std::string_view{});
}

void answer_unavailable(http::Exchange& exchange) {
  exchange.respond(503).header("Retry-After", "1").header("Cache-Control", "no-store").finish();
  exchange.finish();
}

}  // namespace

std::optional<OutHandler::Target> OutHandler::read_target(std::string_view first, std::string_view second) const {
  Target target;
  const auto number = parse_offer_number(second.empty() ? first : second);
  target.from_cookie = first.empty() || (second.empty() && number);
  if (!second.empty() && !number) return std::nullopt;
  target.wanted = number.value_or(0);
  if (target.from_cookie) return target;
  if (const auto id = parse_click_id(first); id && services_.keys.verify(*id)) target.id = id;
  return target;
}

void OutHandler::handle(http::Exchange& exchange, std::string_view first, std::string_view second) {
  auto target = read_target(first, second);
  if (!target) return answer_not_found(exchange);
  if (is_prefetch(exchange.request)) {
    services_.figures.prefetches.fetch_add(1, std::memory_order_relaxed);
    return answer_prefetch(exchange);
  }
  auto& state = exchange.state<OutExchange>();
  const auto& catalog = *catalog_.get();
  state.campaign_ = named_campaign(exchange.request, state.texts_.parameters);
  const Campaign* const named = catalog.campaign(state.campaign_);
  const auto cookie = visitor_cookie(exchange.request, services_.cookies);
  const auto entry = newest_entry(cookie, services_.keys, named == nullptr ? 0 : named->number);
  if (target->from_cookie && entry) target->id = entry->id;
  if (named == nullptr && entry) state.campaign_ = catalog.id_of(EntityKind::campaign, entry->campaign);
  if (!target->id) {
    services_.figures.unknown_ctas.fetch_add(1, std::memory_order_relaxed);
    const Campaign* const campaign = catalog.campaign(state.campaign_);
    return answer_fallback(exchange, campaign == nullptr ? std::string_view() : campaign->fallback_url);
  }
  state.handler_ = this;
  state.exchange_ = &exchange;
  state.sink = &exchange.sink();
  state.id_ = *target->id;
  state.wanted_ = target->wanted;
  look_up(state);
}

void OutHandler::look_up(OutExchange& state) {
  state.chosen_ = false;
  state.lookup_failed_ = false;
  state.click_.reset();
  if (services_.lookups.submit(state)) return;
  state.click_ = services_.recorder.spooled_click(state.id_.high);
  state.lookup_failed_ = !state.click_;
  choose(state);
}

/// First in memory, where a click stays until the store has it, so that none is missed on its way.
void OutExchange::read(Reader& reader) noexcept {
  click_ = handler_->services_.recorder.spooled_click(id_.high);
  if (!click_) {
    auto found = reader.click(id_.high);
    lookup_failed_ = found.has_error();
    if (lookup_failed_) {
      spdlog::warn("out.lookup_failed detail={}", log_value(found.error().detail));
    } else {
      click_ = std::move(*found);
    }
  }
  next_task = nullptr;
  sink->post(this);
}

void OutExchange::run() noexcept {
  if (!chosen_) return handler_->choose(*this);
  answer();
}

void OutExchange::answer() {
  auto writer = exchange_->respond(redirect_status(redirect_));
  write_redirect(writer, redirect_, location_);
  exchange_->finish();
}

void OutHandler::choose(OutExchange& state) {
  state.chosen_ = true;
  const auto& catalog = *catalog_.get();
  if (!state.click_) return lead_without_click(catalog, state);
  state.campaign_ = catalog.id_of(EntityKind::campaign, state.click_->campaign);
  const Campaign* const campaign = catalog.campaign(state.campaign_);
  const Offer* const offer =
      prepare(catalog, campaign, choose_cta_offer(catalog, campaign, *state.click_, state.id_, state.wanted_), state);
  if (offer != nullptr) record(catalog, campaign, *offer, state);
}

void OutHandler::record(const Catalog& catalog, const Campaign* campaign, const Offer& offer, OutExchange& state) {
  state.cta = {.click = state.id_.high, .time = services_.clock.wall(), .offer = offer.number};
  state.told = campaign != nullptr && catalog.tells(Trigger::cta, *campaign);
  if (services_.recorder.submit(state) != SubmitResult::queued) state.answer();
}

/// A valid ID whose click was lost, or cannot be looked up just now. The visitor goes on with it, since the click may
/// still be imported. Nobody knows the route of a lost one, so no CTA is recorded; of another one it is where he went.
void OutHandler::lead_without_click(const Catalog& catalog, OutExchange& state) {
  if (!state.lookup_failed_) services_.figures.unknown_ctas.fetch_add(1, std::memory_order_relaxed);
  const Campaign* const campaign = catalog.campaign(state.campaign_);
  if (campaign == nullptr) {
    return state.lookup_failed_ ? answer_unavailable(*state.exchange_) : answer_not_found(*state.exchange_);
  }
  state.click_.emplace();
  state.click_->id = state.id_.high;
  state.click_->campaign = campaign->number;
  const Offer* const offer = choose_cta_offer(catalog, *campaign, state.id_, state.wanted_);
  const Offer* const open = prepare(catalog, campaign, offer, state);
  if (open == nullptr) return;
  if (state.lookup_failed_) return record(catalog, campaign, *open, state);
  state.answer();
}

/// Writes where the visitor goes, and returns the offer that is open to him. Null: answered already, since there is
/// none or somebody only looks where the link leads.
const Offer* OutHandler::prepare(const Catalog& catalog, const Campaign* campaign, const Offer* offer,
                                 OutExchange& state) {
  http::Exchange& exchange = *state.exchange_;
  if (offer == nullptr) {
    answer_fallback(exchange, campaign == nullptr ? std::string_view() : campaign->fallback_url);
    return nullptr;
  }
  const Offer& open = open_offer(catalog, *offer, services_.offers, services_.clock.wall());
  render(catalog, open, state);
  state.redirect_ = campaign == nullptr ? RedirectMode::found : campaign->redirect;
  if (exchange.request.method != http::Method::head) return &open;
  answer_redirect(exchange, state.location_);
  return nullptr;
}

void OutHandler::render(const Catalog& catalog, const Offer& offer, OutExchange& state) {
  const bool records = state.exchange_->request.method != http::Method::head;
  state.texts_.parameters.clear();
  const auto values = recorded_values(catalog, &offer, *state.click_, records ? state.id_ : ClickId{}, state.texts_);
  state.location_.clear();
  offer.url.render(state.location_, values);
  if (state.location_.size() <= kLongestLocation) return;
  services_.figures.locations_bared.fetch_add(1, std::memory_order_relaxed);
  state.location_.clear();
  offer.url.render_bare(state.location_, state.texts_.click_id);
}

}  // namespace postback
