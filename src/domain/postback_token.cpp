// Compares tokens in constant time (libsodium) and explains a missing or wrong one.
#include "domain/postback_token.hpp"

#include "domain/ascii_text.hpp"
#include "domain/verdict_text.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <utility>

namespace postback {
namespace {

constexpr std::size_t kLongestToken = 256;
constexpr std::size_t kMostCompared = 64;  // Bounds the work that an unauthenticated request can cause.

using Hash = std::array<unsigned char, crypto_generichash_BYTES>;

Hash hash(std::string_view text) {
  Hash out{};
  const std::string bytes(text);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the library takes unsigned bytes.
  crypto_generichash(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                     nullptr, 0);
  return out;
}

/// The name of a parameter other than `except` whose value is the token, or nothing.
std::string_view parameter_with_token(const PostbackParameters& parameters, std::string_view except,
                                      std::string_view token) {
  const auto& all = parameters.all();
  for (std::size_t i = 0; i < std::min(all.size(), kMostCompared); ++i) {
    if (all[i].name != except && same_token(all[i].value, token)) return all[i].name;
  }
  return {};
}

/// The network whose token was sent to another one by mistake, or nothing.
std::string_view owner_of_token(const Catalog& catalog, std::string_view given) {
  for (const auto& [id, network] : catalog.networks()) {
    const std::string& token = network->token;
    if (token.size() == given.size() && !token.empty() && sodium_memcmp(token.data(), given.data(), token.size()) == 0)
      return id;
  }
  return {};
}

std::string token_name(const Network& network) {
  const auto& names = network.names[static_cast<std::size_t>(PostbackField::token)];
  return names.empty() ? std::string(to_string(PostbackField::token)) : names.front();
}

std::string copy_the_url(const Network& network) {
  return "Copy the postback URL of network `" + network.id + "` anew, with its token in `" + token_name(network) + "`.";
}

/// The parameter that would be the token but for HTML escaping, or nothing.
std::string_view html_escaped_token(const Network& network, const PostbackParameters& parameters) {
  for (const auto& parameter : parameters.all()) {
    if (!parameter.name.starts_with(kHtmlAmpersand)) continue;
    for (const auto& name : network.names[static_cast<std::size_t>(PostbackField::token)]) {
      if (equal_ignoring_case(parameter.name.substr(kHtmlAmpersand.size()), name)) return parameter.name;
    }
  }
  return {};
}

Verdict missing(const Network& network, const Postback& postback, const PostbackParameters& parameters,
                const SecretMask& mask) {
  const std::string name = token_name(network);
  std::string evidence = "No token arrived.";
  std::string fix = copy_the_url(network);
  if (const auto escaped = html_escaped_token(network, parameters); !escaped.empty()) {
    evidence = quoted(mask, escaped) + " arrived instead.";
    fix = "The postback URL was copied with HTML escaping (`&amp;`): write a plain `&` between the parameters.";
  } else if (const auto other = parameter_with_token(parameters, {}, network.token); !other.empty()) {
    evidence = "The valid token arrived in " + quoted(mask, other) + ".";
    fix = "Rename " + quoted(mask, other) + " to `" + name + "` in the postback URL at the network.";
  } else if (is_query_in_path(postback.event)) {
    evidence = "The event in the path is " + quoted(mask, postback.event) + ".";
    fix = "The `?` between path and parameters is missing: write it behind the event's name in the postback URL.";
  } else if (is_json_as_form(postback)) {
    evidence = "The body looks like JSON, but came as " + quoted(mask, postback.content_type) + ".";
    fix = "Send the header `Content-Type: application/json` with a JSON body.";
  } else if (parameters.body_fault() || parameters.form() == BodyForm::unsupported) {
    evidence = "No token arrived in the URL, and the body could not be read.";
  }
  return refusal(VerdictCode::token_missing, "The token is missing: the parameter `" + name + "` is absent or empty.",
                 std::move(evidence), std::move(fix));
}

Verdict wrong(const Network& network, const PostbackParameters& parameters, const SecretMask& mask,
              const Catalog& catalog) {
  const Field& field = parameters[PostbackField::token];
  std::string evidence = quoted(mask, field.name) + " arrived with a value of " + std::to_string(field.value.size()) +
                         " bytes that is not the token.";
  std::string fix = copy_the_url(network);
  if (const auto other = parameter_with_token(parameters, field.name, network.token); !other.empty()) {
    evidence += " The valid token arrived in " + quoted(mask, other) + ".";
    fix = "Send the value of " + quoted(mask, other) + " in " + quoted(mask, field.name) + " instead.";
  } else if (const auto owner = owner_of_token(catalog, field.value); !owner.empty()) {
    evidence += " It is the token of network `" + std::string(owner) + "`.";
  }
  return refusal(VerdictCode::token_wrong, "The token is wrong.", std::move(evidence), std::move(fix));
}

}  // namespace

bool same_token(std::string_view given, std::string_view expected) {
  if (expected.empty() || given.size() > kLongestToken) return false;
  const Hash a = hash(given);
  const Hash b = hash(expected);
  return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

void authenticate(const Postback& postback, const PostbackParameters& parameters, const SecretMask& mask,
                  Reading& reading) {
  const Network& network = *reading.network;
  if (!network.token_required) {
    reading.authentication = Authentication::open;
    return;
  }
  const Field& field = parameters[PostbackField::token];
  if (field.value.empty()) {
    reading.refusal = missing(network, postback, parameters, mask);
  } else if (!same_token(field.value, network.token)) {
    reading.refusal = wrong(network, parameters, mask, *reading.catalog);
  } else {
    reading.authentication = Authentication::token;
  }
}

}  // namespace postback
