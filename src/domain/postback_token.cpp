// Compares tokens in constant time (libsodium) and explains a missing or wrong one.
#include "domain/postback_token.hpp"

#include "domain/ascii_text.hpp"
#include "domain/shape_words.hpp"
#include "domain/verdict_text.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

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

/// The tokens of a network as hashes, made once for a request however many values are compared with them.
class TokenHashes {
 public:
  explicit TokenHashes(const Network& network) {
    hashes_.reserve(1 + network.security.tokens.size());
    add(network.token);
    for (const auto& token : network.security.tokens) add(token);
  }

  /// Whether it is one of the tokens; compares with all of them, so that the time taken tells nothing.
  bool contain(std::string_view given) const {
    if (given.empty() || given.size() > kLongestToken) return false;
    const Hash hashed = hash(given);
    bool found = false;
    for (const Hash& each : hashes_) found = sodium_memcmp(hashed.data(), each.data(), each.size()) == 0 || found;
    return found;
  }
  /// Whether one of the tokens has this length, which is no secret.
  bool have_length(std::size_t length) const { return std::ranges::find(lengths_, length) != lengths_.end(); }

 private:
  void add(std::string_view token) {
    if (token.empty()) return;
    hashes_.push_back(hash(token));
    lengths_.push_back(token.size());
  }

  std::vector<Hash> hashes_;
  std::vector<std::size_t> lengths_;
};

/// The name of a parameter other than `except` whose value is a token of the network, or nothing.
std::string_view parameter_with_token(const RequestContext& context, const TokenHashes& tokens,
                                      std::string_view except) {
  const auto& all = context.parameters.all();
  for (std::size_t i = 0; i < std::min(all.size(), kMostCompared); ++i) {
    const auto value = all[i].value;
    if (all[i].name != except && tokens.have_length(value.size()) && tokens.contain(value)) return all[i].name;
  }
  return {};
}

std::string token_name(const PostbackParameters& parameters) {
  const auto names = parameters.names(PostbackField::token);
  return names.empty() ? std::string(to_string(PostbackField::token)) : names.front();
}

/// What to do where the token is not right as it came.
std::string send_the_token(const RequestContext& context) {
  const std::string name = token_name(context.parameters);
  const std::string network = "network `" + context.network.id + "`";
  if (context.postback.shape == PostbackShape::own) {
    return "Copy the postback URL of " + network + " anew, with its token in `" + name + "`.";
  }
  if (context.postback.shape == PostbackShape::keitaro) {
    return "If the URL was moved from another tracker as it is, add the key in its path to `tokens` in the security "
           "of " +
           network + "; else put a token of " + network + " there.";
  }
  return "Add `" + name + "` with a token of " + network +
         " to the URL. If the URL cannot be changed at the network, set `token` in its security to false: then anybody "
         "who knows a click ID can report its conversions.";
}

/// The parameter that would be the token but for HTML escaping, or nothing.
std::string_view html_escaped_token(const PostbackParameters& parameters) {
  for (const auto& parameter : parameters.all()) {
    if (!parameter.name.starts_with(kHtmlAmpersand)) continue;
    for (const auto& name : parameters.names(PostbackField::token)) {
      if (equal_ignoring_case(parameter.name.substr(kHtmlAmpersand.size()), name)) return parameter.name;
    }
  }
  return {};
}

Verdict missing(const RequestContext& context, const TokenHashes& tokens) {
  const auto& [postback, network, catalog, parameters, mask] = context;
  const std::string name = token_name(parameters);
  std::string evidence = "No token arrived.";
  std::string fix = send_the_token(context);
  if (const auto escaped = html_escaped_token(parameters); !escaped.empty()) {
    evidence = quoted(mask, escaped) + " arrived instead.";
    fix = "The postback URL was copied with HTML escaping (`&amp;`): write a plain `&` between the parameters.";
  } else if (const auto other = parameter_with_token(context, tokens, {}); !other.empty()) {
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

/// The network whose token was sent to another one by mistake, or nothing.
std::string_view owner_of_token(const Catalog& catalog, std::string_view given) {
  const auto* owner = only_network_with_token(catalog, given);
  return owner == nullptr ? std::string_view() : std::string_view(owner->id);
}

Verdict wrong(const RequestContext& context, const TokenHashes& tokens) {
  const auto& [postback, network, catalog, parameters, mask] = context;
  const Field& field = parameters[PostbackField::token];
  const bool in_path = field.value.empty();
  const auto value = in_path ? postback.path_key : field.value;
  std::string evidence = (in_path ? "The key in the path" : quoted(mask, field.name)) + " arrived with a value of " +
                         std::to_string(value.size()) + " bytes that is not the token.";
  std::string fix = send_the_token(context);
  if (const auto other = parameter_with_token(context, tokens, field.name); !other.empty()) {
    evidence += " The valid token arrived in " + quoted(mask, other) + ".";
    fix = "Send the value of " + quoted(mask, other) + " in " + quoted(mask, token_name(parameters)) + " instead.";
  } else if (const auto owner = owner_of_token(catalog, value); !owner.empty()) {
    evidence += " It is the token of network `" + std::string(owner) + "`.";
  }
  return refusal(VerdictCode::token_wrong, "The token is wrong.", std::move(evidence), std::move(fix));
}

/// Of one that waited for its click: the log keeps no token that could be compared today.
Verdict wrong_then(const RequestContext& context) {
  return refusal(VerdictCode::token_wrong, "The token is wrong.",
                 "The token that came was none of network `" + context.network.id +
                     "` when it arrived. Whose postback it is was told by its click, which came later.",
                 send_the_token(context));
}

}  // namespace

bool same_token(std::string_view given, std::string_view expected) {
  if (expected.empty() || given.size() > kLongestToken) return false;
  const Hash a = hash(given);
  const Hash b = hash(expected);
  return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool is_token_of(const Network& network, std::string_view given) {
  const auto same = [given](const std::string& token) {
    return token.size() == given.size() && !token.empty() &&
           sodium_memcmp(token.data(), given.data(), token.size()) == 0;
  };
  return same(network.token) || std::any_of(network.security.tokens.begin(), network.security.tokens.end(), same);
}

bool sends_token(const RequestContext& context) {
  return !context.parameters[PostbackField::token].value.empty() || !context.postback.path_key.empty();
}

std::vector<EntityNumber> networks_proved_to(const Postback& postback, const Catalog& catalog,
                                             const PostbackParameters& parameters) {
  const auto sent = parameters.all();
  const auto looked_at = std::span(sent).first(std::min(sent.size(), kMostCompared));
  const auto carries = [&](const Network& network) {
    if (is_token_of(network, postback.path_key)) return true;
    const auto& names = field_names(postback.shape, &network)[static_cast<std::size_t>(PostbackField::token)];
    return std::ranges::any_of(looked_at, [&](const Parameter& parameter) {
      return is_token_of(network, parameter.value) &&
             std::ranges::any_of(names, [&](const auto& name) { return equal_ignoring_case(name, parameter.name); });
    });
  };
  std::vector<EntityNumber> proved_to;
  for (const auto& [id, network] : catalog.networks()) {
    if (proved_to.size() == kMostProvedTo) break;
    if (carries(*network)) proved_to.push_back(network->number);
  }
  return proved_to;
}

std::optional<Verdict> check_token(const RequestContext& context) {
  const TokenHashes tokens(context.network);
  if (const auto* const proved_to = context.postback.proved_to) {
    if (std::ranges::find(*proved_to, context.network.number) != proved_to->end()) return std::nullopt;
    return sends_token(context) ? wrong_then(context) : missing(context, tokens);
  }
  if (!sends_token(context)) return missing(context, tokens);
  const bool in_parameter = tokens.contain(context.parameters[PostbackField::token].value);
  const bool in_path = tokens.contain(context.postback.path_key);
  if (in_parameter || in_path) return std::nullopt;
  return wrong(context, tokens);
}

const Network* only_network_with_token(const Catalog& catalog, std::string_view given) {
  const Network* found = nullptr;
  if (given.empty()) return found;
  for (const auto& [id, network] : catalog.networks()) {
    if (!is_token_of(*network, given)) continue;
    if (found != nullptr) return nullptr;
    found = network.get();
  }
  return found;
}

}  // namespace postback
