// Authentication: who sent a request, by its bearer key.
#pragma once

#include "postback/api/routes.hpp"
#include "postback/http/request.hpp"
#include "postback/http/response.hpp"

#include <optional>
#include <variant>

namespace postback::api {

/// Whose key the request carries. Otherwise the answer: 401 that says what is wrong with the key, or 429 when too many
/// bad keys came from its address; a key that is in force works even then, so nobody can lock out a neighbour.
std::variant<Caller, http::Response> authenticate(const http::Request& request, Services& services);

/// The same without an answer and without counting: whether the key in these headers is in force, and whose it is.
std::optional<Caller> caller_of(const http::Request& head, const Services& services);

}  // namespace postback::api
