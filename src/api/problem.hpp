// Answers of the JSON API: objects, and problem details (RFC 9457) for everything that went wrong.
#pragma once

#include "postback/base/result.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/http/response.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace postback::api {

/// The kinds of problems; the table in problem.cpp gives each its type, status and title.
enum class ProblemKind : std::uint8_t {
  invalid_parameter,
  invalid_document,
  key_missing,
  key_unknown,
  key_expired,
  key_revoked,
  role_too_low,
  feed_login,
  not_found,
  archived,
  in_use,
  last_admin,
  too_many_keys,
  precondition_failed,
  body_too_large,
  unsupported_media_type,
  too_many_bad_keys,
  overloaded,
  store_unavailable,
  internal,
};

/// `detail` is a sentence for people: what happened, why, what to do. `faults` become the member `errors`.
http::Response problem(ProblemKind kind, std::string_view detail, const Faults& faults = {});

/// The faults as a JSON array.
std::string faults_json(const Faults& faults);

/// Problem details of parameters: the detail names the first fault.
http::Response parameter_problem(const Faults& faults);

/// What a failed operation answers. The error's own text is logged, never sent: it may name files.
http::Response store_problem(const Error& error);

/// An answer with `body` as application/json.
http::Response json_response(int status, std::string body);

}  // namespace postback::api
