// Finding tokens in a template's text (grammar in template.hpp) and looking up their names.
#include "domain/template_tokens.hpp"

#include "domain/ascii.hpp"
#include "domain/nearest_name.hpp"
#include "postback/base/percent.hpp"

#include <algorithm>
#include <array>

namespace postback {
namespace {

using namespace std::string_view_literals;

/// In the order of Token.
constexpr std::array kNames{
    "clickid"sv, "external_id"sv, "sub1"sv,     "sub2"sv,   "sub3"sv,       "sub4"sv,     "sub5"sv,     "sub6"sv,
    "sub7"sv,    "sub8"sv,        "sub9"sv,     "sub10"sv,  "sub11"sv,      "sub12"sv,    "sub13"sv,    "sub14"sv,
    "sub15"sv,   "sub16"sv,       "sub17"sv,    "sub18"sv,  "sub19"sv,      "sub20"sv,    "campaign"sv, "offer"sv,
    "network"sv, "source"sv,      "language"sv, "ip"sv,     "user_agent"sv, "referrer"sv, "cost"sv,     "timestamp"sv,
    "random"sv,  "lander"sv,      "country"sv,  "region"sv, "city"sv,       "device"sv,   "os"sv,       "browser"sv};
static_assert(kNames.size() + 1 == kTokenCount, "every token but query has its name here");

/// In the order of OutgoingToken.
constexpr std::array kOutgoingOnly{"payout"sv,        "amount"sv,          "currency"sv,        "txid"sv,
                                   "event"sv,         "status"sv,          "original_status"sv, "reason"sv,
                                   "conversion_id"sv, "conversion_time"sv, "delivery_id"sv};
static_assert(kOutgoingOnly.size() + 1 == kOutgoingTokenCount, "every token but postback has its name here");

constexpr std::string_view kQueryPrefix = "query.";
constexpr std::string_view kPostbackPrefix = "postback.";

constexpr bool starts_name(char c) { return is_ascii_lower(c); }
constexpr bool continues_name(char c) { return is_ascii_lower(c) || is_ascii_digit(c) || c == '_' || c == '.'; }
/// Behind `query.` and `postback.` stands the name of somebody's parameter, which may have capitals.
constexpr bool continues_parameter(char c) { return is_ascii_alphanumeric(c) || c == '_' || c == '.' || c == '-'; }

/// Whether a `{` after `previous` belongs to another system's syntax, such as `{{x}}` or `${x}`.
constexpr bool belongs_to_others(char previous) { return "{$#[%"sv.find(previous) != std::string_view::npos; }

/// The token that starts at `begin`, if there is one.
std::optional<TokenText> token_at(std::string_view text, std::size_t begin) {
  if (begin > 0 && belongs_to_others(text[begin - 1])) return std::nullopt;
  std::size_t at = begin + 1;
  if (at == text.size() || !starts_name(text[at])) return std::nullopt;
  const std::string_view rest = text.substr(at);
  const bool names_parameter = rest.starts_with(kQueryPrefix) || rest.starts_with(kPostbackPrefix);
  const auto continues = names_parameter ? continues_parameter : continues_name;
  while (at < text.size() && continues(text[at])) ++at;
  TokenText token;
  token.begin = begin;
  token.name = text.substr(begin + 1, at - begin - 1);
  while (at < text.size() && text[at] == '|') {
    const std::size_t stop = text.find_first_of("|}", at + 1);
    if (stop == std::string_view::npos) return std::nullopt;
    token.modifiers.push_back(text.substr(at + 1, stop - at - 1));
    at = stop;
  }
  if (at == text.size() || text[at] != '}') return std::nullopt;
  token.end = at + 1;
  return token;
}

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string describe_unknown(std::string_view name, bool outgoing) {
  std::string problem = "{" + std::string(name) + "} is not a token";
  if (name == "query" || name == "query.") return problem + "; name the parameter, as in {query.zone}";
  if (name == "postback" || name == "postback.") return problem + "; name the parameter, as in {postback.email}";
  std::vector<std::string_view> known(kNames.begin(), kNames.end());
  known.insert(known.end(), {"query.NAME"});
  if (outgoing) {
    known.insert(known.end(), kOutgoingOnly.begin(), kOutgoingOnly.end());
    known.insert(known.end(), {"postback.NAME"});
  }
  const std::string_view nearest = nearest_name(name, known);
  if (!nearest.empty()) return problem + "; did you mean {" + std::string(nearest) + "}?";
  return problem +
         (outgoing ? "; the tokens are payout, amount, currency, txid, event, status, original_status, "
                     "reason, conversion_id, conversion_time, delivery_id, postback.NAME, clickid,"
                   : "; the tokens are clickid,") +
         " external_id, sub1 to sub20, campaign, offer, network, source, language, ip, "
         "user_agent, referrer, cost, timestamp, random, lander, country, region, city, device, os, browser and "
         "query.NAME";
}

}  // namespace

std::vector<TokenText> find_tokens(std::string_view text) {
  std::vector<TokenText> tokens;
  std::size_t at = text.find('{');
  while (at != std::string_view::npos) {
    std::size_t next = at + 1;
    if (auto token = token_at(text, at)) {
      next = token->end;
      tokens.push_back(*std::move(token));
    }
    at = text.find('{', next);
  }
  return tokens;
}

std::string mask_tokens(std::string_view text, const std::vector<TokenText>& tokens) {
  std::string masked(text);
  for (const TokenText& token : tokens) {
    std::fill_n(masked.begin() + static_cast<std::ptrdiff_t>(token.begin), token.end - token.begin, '{');
  }
  return masked;
}

void append_url_value(std::string& out, std::string_view value, bool in_path) {
  // `%2E` would not help: browsers take it for a dot (WHATWG URL, "double-dot URL path segment").
  if (in_path && (value == "." || value == "..")) return;
  append_percent_encoded(out, value);
}

QueryPlace find_query(std::string_view masked) {
  QueryPlace place;
  place.end = std::min(masked.find('#'), masked.size());
  const std::size_t mark = masked.substr(0, place.end).find('?');
  if (mark != std::string_view::npos) place.begin = mark + 1;
  return place;
}

TokenMeaning look_up_token(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found != kNames.end()) return {static_cast<Token>(found - kNames.begin()), {}, {}};
  if (name.starts_with(kQueryPrefix) && name.size() > kQueryPrefix.size()) {
    return {Token::query, std::string(name.substr(kQueryPrefix.size())), {}};
  }
  const std::string braced = "{" + std::string(name) + "}";
  if (contains(kOutgoingOnly, name) || name.starts_with(kPostbackPrefix)) {
    return {{},
            {},
            braced +
                " is known only to outgoing postbacks, since there is no conversion yet when a visitor is "
                "redirected; remove it from this URL"};
  }
  return {{}, {}, describe_unknown(name, false)};
}

OutgoingMeaning look_up_outgoing_token(std::string_view name) {
  const auto found = std::find(kOutgoingOnly.begin(), kOutgoingOnly.end(), name);
  if (found != kOutgoingOnly.end()) return {static_cast<OutgoingToken>(found - kOutgoingOnly.begin()), {}, {}};
  if (name.starts_with(kPostbackPrefix) && name.size() > kPostbackPrefix.size()) {
    return {OutgoingToken::postback, {}, std::string(name.substr(kPostbackPrefix.size()))};
  }
  TokenMeaning click = look_up_token(name);
  if (!click.token) click.problem = describe_unknown(name, true);
  return {{}, std::move(click), {}};
}

}  // namespace postback
