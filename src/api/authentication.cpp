// Tells apart keys that are missing, damaged, unknown, expired and revoked, and counts those that are not good.
#include "authentication.hpp"

#include "postback/base/log.hpp"
#include "postback/base/time_text.hpp"

#include "problem.hpp"

#include <boost/algorithm/string/predicate.hpp>

namespace postback::api {
namespace {

/// The token of `Bearer <token>` (RFC 6750; the scheme in any case), or nothing.
std::optional<std::string_view> bearer_token(const http::Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  auto authorization = request.header("Authorization");
  if (!authorization || !boost::algorithm::istarts_with(*authorization, kScheme)) return std::nullopt;
  authorization->remove_prefix(kScheme.size());
  const auto first = authorization->find_first_not_of(' ');
  if (first == std::string_view::npos) return std::nullopt;
  return authorization->substr(first);
}

http::Response too_many_bad_keys(std::chrono::milliseconds wait) {
  const auto seconds = std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count());
  auto response = problem(ProblemKind::too_many_bad_keys,
                          "More than " + std::to_string(BadKeys::kAllowed) +
                              " keys that are not in force came from this address within a minute, so it is not said "
                              "what is wrong with this one. A key in force works all the same. Check which program "
                              "sends the wrong key, and try again in " +
                              seconds + " s.");
  response.headers.emplace_back("Retry-After", seconds);
  return response;
}

/// What is wrong with a key that is not in force; `owner` is null when it is not one of ours.
http::Response refusal(std::string_view token, const StoredKey* owner) {
  if (owner == nullptr && is_damaged_api_key(token)) {
    return problem(ProblemKind::key_unknown,
                   "The key in the Authorization header was not copied whole: its checksum or its length is wrong. "
                   "Copy it again, all 76 characters from pbk_ on.");
  }
  if (owner == nullptr) {
    return problem(ProblemKind::key_unknown,
                   "The key in the Authorization header is not one of this server's. Check that it was copied whole "
                   "and belongs to this store.");
  }
  if (owner->revoked) {
    return problem(ProblemKind::key_revoked, "The key \"" + owner->id + "\" was revoked at " +
                                                 format_rfc3339(*owner->revoked) +
                                                 ". Ask an administrator for another key.");
  }
  return problem(ProblemKind::key_expired, "The key \"" + owner->id + "\" expired at " +
                                               format_rfc3339(owner->expires.value_or(TimeMs{})) +
                                               ". Ask an administrator for a later expiry or for another key.");
}

}  // namespace

std::optional<Caller> caller_of(const http::Request& head, const Services& services) {
  const auto token = bearer_token(head);
  if (!token) return std::nullopt;
  const auto keys = services.api_keys.current();
  const auto* owner = keys->owner_of(*token);
  if (owner == nullptr || !is_in_force(*owner, services.clock.wall())) return std::nullopt;
  return Caller{owner->id, owner->role};
}

std::variant<Caller, http::Response> authenticate(const http::Request& request, Services& services) {
  const auto token = bearer_token(request);
  if (!token) {
    return problem(ProblemKind::key_missing,
                   "Send the header \"Authorization: Bearer <key>\" with an API key of this server. Keys are not read "
                   "from the URL.");
  }
  const auto keys = services.api_keys.current();
  const auto* owner = keys->owner_of(*token);
  if (owner != nullptr && is_in_force(*owner, services.clock.wall())) return Caller{owner->id, owner->role};
  const auto noted = services.bad_keys.note(request.peer, services.clock.steady());
  if (noted.first) spdlog::warn("api.too_many_bad_keys peer={}", log_value(request.peer));
  if (noted.wait.count() > 0) return too_many_bad_keys(noted.wait);
  return refusal(*token, owner);
}

}  // namespace postback::api
