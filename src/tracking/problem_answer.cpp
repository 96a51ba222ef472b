// The one table from problems of tracking endpoints to HTTP status, type and title.
#include "tracking/problem_answer.hpp"

#include "postback/base/json_text.hpp"

#include <string>

namespace postback {
namespace {

struct Row {
  TrackingProblem problem;
  int status;
  std::string_view type;  ///< A stable name; other people's scripts rely on it.
  std::string_view title;
};

constexpr Row kRows[] = {
    {TrackingProblem::invalid_parameter, 400, "/problems/invalid-parameter", "A parameter is not valid"},
    {TrackingProblem::invalid_document, 400, "/problems/invalid-document", "The document is not valid"},
    {TrackingProblem::token_missing, 401, "/problems/token-missing", "The source's token is required"},
    {TrackingProblem::token_wrong, 403, "/problems/token-wrong", "The token is not the source's"},
    {TrackingProblem::origin_not_allowed, 403, "/problems/origin-not-allowed", "The page's origin is not listed"},
    {TrackingProblem::not_found, 404, "/problems/not-found", "There is no such object"},
    {TrackingProblem::campaign_paused, 409, "/problems/campaign-paused", "The campaign is paused"},
    {TrackingProblem::body_too_large, 413, "/problems/body-too-large", "The body is too large"},
    {TrackingProblem::unsupported_media_type, 415, "/problems/unsupported-media-type", "The body cannot be read"},
    {TrackingProblem::store_unavailable, 503, "/problems/store-unavailable", "The store is not available"},
};

void append_member(std::string& json, std::string_view name, std::string_view value) {
  json.append(json.empty() ? "{\"" : ",\"").append(name).append("\":");
  append_json_string(json, value);
}

/// What lets a page of `origin` read the answer, and keeps caches from showing it to another.
void allow(http::ResponseWriter& writer, std::string_view origin) {
  writer.header("Cache-Control", "no-store").header("X-Content-Type-Options", "nosniff");
  if (!origin.empty()) writer.header("Access-Control-Allow-Origin", origin).header("Vary", "Origin");
}

}  // namespace

void answer_problem(http::Exchange& exchange, TrackingProblem problem, std::string_view detail,
                    std::string_view origin) {
  const Row& row = kRows[static_cast<std::size_t>(problem)];
  std::string json;
  append_member(json, "type", row.type);
  append_member(json, "title", row.title);
  json.append(",\"status\":").append(std::to_string(row.status));
  append_member(json, "detail", detail);
  json += '}';
  auto writer = exchange.respond(row.status);
  allow(writer, origin);
  if (row.status == 401) writer.header("WWW-Authenticate", "Bearer realm=\"postbackd\"");
  if (row.status == 503) writer.header("Retry-After", "5");
  writer.finish(json, "application/problem+json");
  exchange.finish();
}

void answer_json(http::Exchange& exchange, std::string_view json, std::string_view origin) {
  auto writer = exchange.respond(200);
  allow(writer, origin);
  writer.finish(json, "application/json");
  exchange.finish();
}

}  // namespace postback
