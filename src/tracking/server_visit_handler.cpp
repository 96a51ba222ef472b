// Visits that a source's server reports: who says so, and what it says in place of the visitor's browser.
#include "tracking/server_visit_handler.hpp"

#include "domain/ascii_text.hpp"
#include "domain/postback_json.hpp"
#include "domain/postback_token.hpp"
#include "postback/base/address_range.hpp"
#include "postback/base/json_text.hpp"
#include "tracking/impression_handler.hpp"
#include "tracking/problem_answer.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace postback {
namespace {

constexpr std::string_view kToken = "token";
constexpr std::array<std::string_view, 6> kOwnNames{"token", "ip", "user_agent", "referrer", "language", "country"};
constexpr std::string_view kBearer = "bearer ";

/// Adds what the body says. False: the problem was answered.
bool add_body(http::Exchange& exchange, Parameters& said) {
  const auto& request = exchange.request;
  if (request.body_too_large) {
    answer_problem(exchange, TrackingProblem::body_too_large,
                   "The body is larger than 64 KiB. Send one visit per request, with the documented fields only.");
    return false;
  }
  if (request.body.empty()) return true;
  const auto header = request.header("content-type").value_or(std::string_view{});
  const auto type = trim(header.substr(0, header.find(';')));
  if (type.empty() || equal_ignoring_case(type, "application/x-www-form-urlencoded")) {
    said.add_query(request.body);
    return true;
  }
  if (!equal_ignoring_case(type, "application/json")) {
    answer_problem(exchange, TrackingProblem::unsupported_media_type,
                   "Send the visit as application/json, as application/x-www-form-urlencoded, or in the URL's query.");
    return false;
  }
  if (const auto fault = add_json(request.body, said)) {
    answer_problem(exchange, TrackingProblem::invalid_document,
                   "The JSON body is faulty at byte " + std::to_string(fault->position) + ": " + fault->reason +
                       ". Send one JSON object.");
    return false;
  }
  return true;
}

/// The token, from the header or else the parameter.
std::string_view given_token(const http::Request& request, const Parameters& said) {
  if (const auto header = request.header("authorization");
      header && header->size() > kBearer.size() && equal_ignoring_case(header->substr(0, kBearer.size()), kBearer)) {
    return trim(header->substr(kBearer.size()));
  }
  return said.find(kToken).value_or(std::string_view{});
}

bool is_own_name(std::string_view name) {
  return std::find(kOwnNames.begin(), kOwnNames.end(), name) != kOwnNames.end();
}

/// What the source maps or nobody knows goes the way of a link's query.
void keep_parameters(const Campaign& campaign, const Parameters& said, Parameters& kept) {
  for (const Parameter& parameter : said.all()) {
    const bool mapped = campaign.source->slots.find(parameter.name) != campaign.source->slots.end();
    if (parameter.name != kToken && (mapped || !is_own_name(parameter.name)))
      kept.add_copy(parameter.name, parameter.value);
  }
}

/// What a browser would have said. The field that is not valid, or nothing.
std::optional<std::string_view> take_visitor(const Parameters& said, Visitor& visitor) {
  const auto value = [&said](std::string_view name) { return said.find(name).value_or(std::string_view{}); };
  visitor.ip = value("ip");
  if (!visitor.ip.empty() && !parse_address(visitor.ip)) return "ip";
  visitor.country = value("country");
  const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  const bool is_code =
      visitor.country.size() == 2 && is_letter(visitor.country.front()) && is_letter(visitor.country.back());
  if (!visitor.country.empty() && !is_code) return "country";
  visitor.user_agent = utf8_prefix(value("user_agent"), kLongestUserAgent);
  visitor.referrer = utf8_prefix(value("referrer"), kLongestReferrer);
  visitor.language = utf8_prefix(value("language"), kLongestLanguage);
  return std::nullopt;
}

/// Of an impression, which is counted whatever is said of its visitor: what is not valid tells nothing.
Visitor seen_by(const Parameters& said) {
  Visitor visitor;
  if (!take_visitor(said, visitor)) return visitor;
  return {};
}

void answer_click(ClickExchange& state) {
  if (is_lost(state.outcome)) {
    return answer_problem(*state.exchange, TrackingProblem::store_unavailable,
                          "The click could not be recorded just now and nothing of it was kept. Send it again.");
  }
  std::string json = "{\"click_id\":";
  append_json_string(json, to_string(state.click.id));
  json += ",\"url\":";
  append_json_string(json, state.location);
  answer_json(*state.exchange, json += '}');
}

void answer_impression(ImpressionExchange& state) {
  if (is_lost(state.outcome)) {
    return answer_problem(*state.exchange, TrackingProblem::store_unavailable,
                          "The impression could not be counted just now. Send it again.");
  }
  answer_json(*state.exchange, "{\"counted\":true}");
}

}  // namespace

const Campaign* ServerVisitHandler::authorized(http::Exchange& exchange, const Catalog& catalog,
                                               std::string_view campaign_id, Parameters& said) {
  said.clear();
  said.add_query(exchange.request.query);
  const Campaign* const campaign = catalog.campaign(campaign_id);
  if (campaign == nullptr || campaign->archived) {
    answer_problem(exchange, TrackingProblem::not_found, "There is no such campaign. Check the ID in the path.");
    return nullptr;
  }
  if (!add_body(exchange, said)) return nullptr;
  const auto token = given_token(exchange.request, said);
  if (token.empty()) {
    answer_problem(exchange, TrackingProblem::token_missing,
                   "Send the token of the campaign's source as `Authorization: Bearer TOKEN` or as `token`.");
    return nullptr;
  }
  const bool has_token = campaign->source != nullptr && !campaign->source->token.empty();
  if (has_token && same_token(token, campaign->source->token)) return campaign;
  answer_problem(exchange, TrackingProblem::token_wrong,
                 has_token ? "The token is not that of the campaign's source. Copy it anew from the source."
                           : "The campaign's source has no token, so nobody can report visits for it. Put the source "
                             "with \"token\":\"new\" to get one.");
  return nullptr;
}

void ServerVisitHandler::handle_click(http::Exchange& exchange, std::string_view campaign_id) {
  auto& state = clicks_.begin(exchange);
  const auto catalog = catalog_.get();
  const Campaign* const campaign = authorized(exchange, *catalog, campaign_id, state.said);
  if (campaign == nullptr) return;
  if (campaign->paused) {
    return answer_problem(exchange, TrackingProblem::campaign_paused,
                          "The campaign is paused, so no click was recorded. Set its state to active.");
  }
  if (const auto wrong = take_visitor(state.said, state.visitor)) {
    return answer_problem(exchange, TrackingProblem::invalid_parameter,
                          "`" + std::string(*wrong) +
                              "` is not valid: `ip` is an IPv4 or IPv6 address, `country` two " +
                              "capital letters such as DE.");
  }
  keep_parameters(*campaign, state.said, state.parameters);
  state.answer = &answer_click;
  clicks_.record(state, *campaign, *catalog);
}

void ServerVisitHandler::handle_impression(http::Exchange& exchange, std::string_view campaign_id) {
  Parameters said;
  const auto catalog = catalog_.get();
  const Campaign* const campaign = authorized(exchange, *catalog, campaign_id, said);
  if (campaign == nullptr) return;
  auto& state = exchange.state<ImpressionExchange>();
  state.answer = &answer_impression;
  state.told = is_told(*catalog, *campaign);
  if (state.told) {
    Parameters kept;
    keep_parameters(*campaign, said, kept);
    state.told_detail = clicks_.describe(*campaign, seen_by(said), kept);
  }
  count_impression(exchange, state, *campaign, services_,
                   clicks_.is_bot(said.find("user_agent").value_or(std::string_view())));
}

}  // namespace postback
