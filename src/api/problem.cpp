// The one table from kinds of problems to HTTP status, type and title.
#include "problem.hpp"

#include "postback/base/log.hpp"

#include "json_object.hpp"

namespace postback::api {
namespace {

struct ProblemRow {
  ProblemKind kind;
  int status;
  std::string_view type;  ///< A stable name; other people's scripts rely on it.
  std::string_view title;
  std::string_view header_name;  ///< A header that this answer must carry, if any.
  std::string_view header_value;
};

// Retry-After: a full reader queue clears within a second; a store without space or under another's lock takes longer.
constexpr ProblemRow kProblems[] = {
    {ProblemKind::invalid_parameter, 400, "/problems/invalid-parameter", "A parameter is not valid", {}, {}},
    {ProblemKind::invalid_document, 400, "/problems/invalid-document", "The document is not valid", {}, {}},
    {ProblemKind::key_missing, 401, "/problems/key-missing", "An API key is required", "WWW-Authenticate",
     "Bearer realm=\"postbackd\""},
    {ProblemKind::key_unknown, 401, "/problems/key-unknown", "The API key is not known", "WWW-Authenticate",
     "Bearer realm=\"postbackd\", error=\"invalid_token\""},
    {ProblemKind::key_expired, 401, "/problems/key-expired", "The API key has expired", "WWW-Authenticate",
     "Bearer realm=\"postbackd\", error=\"invalid_token\""},
    {ProblemKind::key_revoked, 401, "/problems/key-revoked", "The API key was revoked", "WWW-Authenticate",
     "Bearer realm=\"postbackd\", error=\"invalid_token\""},
    {ProblemKind::role_too_low, 403, "/problems/role-too-low", "The API key may not do this", {}, {}},
    {ProblemKind::feed_login, 401, "/problems/feed-login", "The feed needs name and password", "WWW-Authenticate",
     "Basic realm=\"postbackd feed\", charset=\"UTF-8\""},
    {ProblemKind::not_found, 404, "/problems/not-found", "There is no such object", {}, {}},
    {ProblemKind::archived, 409, "/problems/archived", "The ID belongs to an archived object", {}, {}},
    {ProblemKind::in_use, 409, "/problems/in-use", "Others refer to the object", {}, {}},
    {ProblemKind::last_admin, 409, "/problems/last-admin", "The last admin key must stay", {}, {}},
    {ProblemKind::too_many_keys, 409, "/problems/too-many-keys", "The store has too many API keys", {}, {}},
    {ProblemKind::precondition_failed, 412, "/problems/precondition-failed", "The object has changed", {}, {}},
    {ProblemKind::body_too_large, 413, "/problems/body-too-large", "The body is too large", {}, {}},
    {ProblemKind::unsupported_media_type, 415, "/problems/unsupported-media-type", "The body is not JSON", "Accept",
     "application/json"},
    {ProblemKind::too_many_bad_keys, 429, "/problems/too-many-bad-keys", "Too many API keys were wrong", {}, {}},
    {ProblemKind::overloaded, 503, "/problems/overloaded", "The server is busy", "Retry-After", "1"},
    {ProblemKind::store_unavailable, 503, "/problems/store-unavailable", "The store is not available", "Retry-After",
     "5"},
    {ProblemKind::internal, 500, "/problems/internal", "The server failed", {}, {}},
};

const ProblemRow& row_of(ProblemKind kind) {
  for (const auto& row : kProblems) {
    if (row.kind == kind) return row;
  }
  return kProblems[static_cast<std::size_t>(ProblemKind::internal)];
}

http::Response answer(int status, std::string_view content_type, std::string body) {
  http::Response response;
  response.status = status;
  response.content_type = content_type;
  response.body = std::move(body);
  response.headers = {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}};
  return response;
}

}  // namespace

std::string faults_json(const Faults& faults) {
  std::string out = "[";
  for (const auto& fault : faults) {
    if (out.size() > 1) out += ',';
    JsonObject(out).text("field", fault.field).text("problem", fault.problem).text("expected", fault.expected).close();
  }
  return out += ']';
}

http::Response json_response(int status, std::string body) {
  return answer(status, "application/json", std::move(body));
}

http::Response problem(ProblemKind kind, std::string_view detail, const Faults& faults) {
  const auto& row = row_of(kind);
  std::string body;
  JsonObject object(body);
  object.text("type", row.type).text("title", row.title).number("status", static_cast<std::uint64_t>(row.status));
  object.text("detail", detail);
  if (!faults.empty()) object.raw("errors", faults_json(faults));
  object.close();
  auto response = answer(row.status, "application/problem+json", std::move(body));
  if (!row.header_name.empty()) response.headers.emplace_back(row.header_name, row.header_value);
  return response;
}

http::Response parameter_problem(const Faults& faults) {
  const auto& first = faults.front();
  return problem(ProblemKind::invalid_parameter,
                 "The parameter " + first.field + " " + first.problem + "; expected is " + first.expected + ".",
                 faults);
}

http::Response store_problem(const Error& error) {
  spdlog::warn("api.store_error code={} detail={}", to_string(error.code), log_value(error.detail));
  switch (error.code) {
    case ErrorCode::deadline_exceeded:
      return problem(ProblemKind::overloaded,
                     "Reading took longer than its time budget. Ask for fewer rows or a shorter time range.");
    case ErrorCode::store_busy:
    case ErrorCode::store_full:
    case ErrorCode::store_sync_failed:
    case ErrorCode::store_locked:
    case ErrorCode::io_failed:
      return problem(ProblemKind::store_unavailable,
                     "The store is not available at the moment; do not rely on a change that was asked for. Try again "
                     "shortly; /readyz and the server's log say more.");
    default:
      return problem(ProblemKind::internal,
                     "The store answered with an error that this request cannot mend. The server's log has the cause.");
  }
}

}  // namespace postback::api
