// Clicks that a page reports (Fetch standard, CORS protocol): only pages of the campaign's origins may.
#include "tracking/page_visit_handler.hpp"

#include "domain/ascii_text.hpp"
#include "postback/base/json_text.hpp"
#include "postback/base/strict_json.hpp"
#include "tracking/problem_answer.hpp"
#include "tracking/visitor_answers.hpp"

#include <algorithm>
#include <optional>

namespace postback {
namespace {

/// What a page says; everything but the campaign may be missing.
struct PageVisit {
  std::string campaign;
  std::string query;     ///< As of location.search.
  std::string referrer;  ///< As of document.referrer.
};

/// The sentence says what is wrong.
std::optional<std::string> read_visit(std::string_view body, PageVisit& visit) {
  const auto object = parse_strict_json(body);
  if (object.has_error()) return "The body " + object.error().detail + ". Send one JSON object.";
  if (!object->is_object()) return "The body is not a JSON object.";
  for (const auto& [name, value] : object->items()) {
    std::string* const text = name == "campaign"   ? &visit.campaign
                              : name == "query"    ? &visit.query
                              : name == "referrer" ? &visit.referrer
                                                   : nullptr;
    if (text == nullptr) return "The body has an unknown member. It may have campaign, query and referrer.";
    if (value.is_null()) continue;
    if (!value.is_string()) return "The member `" + name + "` is not text.";
    *text = value.get<std::string>();
  }
  if (visit.campaign.empty()) return "The member `campaign` is missing: the ID of a campaign.";
  return std::nullopt;
}

/// Pages send JSON as text/plain too, which needs no preflight.
bool is_readable(const http::Request& request) {
  const auto header = request.header("content-type").value_or(std::string_view{});
  const auto type = trim(header.substr(0, header.find(';')));
  return type.empty() || equal_ignoring_case(type, "application/json") || equal_ignoring_case(type, "text/plain");
}

bool lists(const Campaign& campaign, std::string_view origin) {
  return std::find(campaign.origins.begin(), campaign.origins.end(), origin) != campaign.origins.end();
}

void answer_page(ClickExchange& state) {
  if (is_lost(state.outcome)) {
    return answer_problem(*state.exchange, TrackingProblem::store_unavailable,
                          "The click could not be recorded just now. Try again.", state.origin);
  }
  std::string json = "{\"click_id\":";
  append_json_string(json, to_string(state.click.id));
  answer_json(*state.exchange, json += '}', state.origin);
}

}  // namespace

void PageVisitHandler::handle(http::Exchange& exchange) {
  const auto& request = exchange.request;
  if (is_prefetch(request)) return answer_prefetch(exchange);
  if (request.body_too_large) {
    return answer_problem(exchange, TrackingProblem::body_too_large, "The body is larger than 64 KiB.");
  }
  if (!is_readable(request)) {
    return answer_problem(exchange, TrackingProblem::unsupported_media_type,
                          "Send the visit as JSON, declared as application/json or text/plain.");
  }
  PageVisit visit;
  if (const auto fault = read_visit(request.body, visit)) {
    return answer_problem(exchange, TrackingProblem::invalid_document, *fault);
  }
  const auto& catalog = *catalog_.get();
  const Campaign* const campaign = catalog.campaign(visit.campaign);
  const auto origin = request.header("origin").value_or(std::string_view{});
  if (campaign == nullptr || campaign->archived) {
    services_.figures.unknown_campaign.fetch_add(1, std::memory_order_relaxed);
    return answer_problem(exchange, TrackingProblem::not_found, "There is no such campaign. Check its ID.");
  }
  if (!lists(*campaign, origin)) {
    return answer_problem(exchange, TrackingProblem::origin_not_allowed,
                          "The page's origin is not one of the campaign's `origins`. Add it there, as the browser's "
                          "Origin header has it, such as https://shop.example.");
  }
  if (campaign->paused) {
    services_.figures.paused_campaign.fetch_add(1, std::memory_order_relaxed);
    return answer_problem(exchange, TrackingProblem::campaign_paused,
                          "The campaign is paused, so no click was recorded.", origin);
  }
  auto& state = clicks_.begin(exchange);
  state.answer = &answer_page;
  state.origin = origin;
  state.said.clear();
  state.said.add_copy("referrer", visit.referrer);
  ClickHandler::take_headers(request, state);
  state.visitor.referrer = utf8_prefix(state.said.all().front().value, kLongestReferrer);
  Parameters parameters;
  parameters.add_query(visit.query.starts_with('?') ? std::string_view(visit.query).substr(1) : visit.query);
  for (const auto& parameter : parameters.all()) state.parameters.add_copy(parameter.name, parameter.value);
  clicks_.record(state, *campaign, catalog);
}

/// Looked up anew after a change of the catalog only.
bool PageVisitHandler::is_listed(std::string_view origin) {
  const auto& catalog = catalog_.get();
  if (catalog != listed_by_) {
    listed_.clear();
    for (const auto& document : catalog->documents(EntityKind::campaign)) {
      const Campaign* const campaign = catalog->campaign(document->id);
      if (campaign != nullptr) listed_.insert(campaign->origins.begin(), campaign->origins.end());
    }
    listed_by_ = catalog;
  }
  return listed_.contains(std::string(origin));
}

void PageVisitHandler::preflight(http::Exchange& exchange) {
  const auto origin = exchange.request.header("origin").value_or(std::string_view{});
  auto writer = exchange.respond(204);
  writer.header("Allow", "POST, OPTIONS").header("Cache-Control", "no-store").header("Vary", "Origin");
  if (!origin.empty() && is_listed(origin)) {
    writer.header("Access-Control-Allow-Origin", origin)
        .header("Access-Control-Allow-Methods", "POST")
        .header("Access-Control-Allow-Headers", "Content-Type")
        .header("Access-Control-Max-Age", "600");
  }
  writer.finish();
  exchange.finish();
}

}  // namespace postback
