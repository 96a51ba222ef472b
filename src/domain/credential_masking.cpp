// One pass over query, form or JSON.
#include "domain/credential_masking.hpp"

#include "domain/ascii_text.hpp"
#include "domain/json_escapes.hpp"
#include "domain/postback_parameters.hpp"
#include "domain/secret_masking.hpp"
#include "postback/base/percent.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr auto kNone = std::string_view::npos;

/// Of a name such as `auth.token`, which is that of a member `token` in another object.
std::string_view inner_part(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == kNone ? std::string_view() : name.substr(dot + 1);
}

/// How many objects the text between two literals opens, less those that it closes.
int levels_opened(std::string_view between) {
  int levels = 0;
  for (const char c : between) levels += c == '{' ? 1 : c == '}' ? -1 : 0;
  return levels;
}

/// Behind the array that begins at `at`; the text's end where it is not closed.
std::size_t array_end(std::string_view json, std::size_t at) {
  int depth = 0;
  while (at < json.size()) {
    if (json[at] == '"') {
      at = json_literal_end(json, at);
      if (at == kNone) break;
    }
    depth += json[at] == '[' ? 1 : json[at] == ']' ? -1 : 0;
    ++at;
    if (depth == 0) return at;
  }
  return json.size();
}

/// A JSON value that is not an object: from `begin` up to `end`.
struct Place {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The text, number, word or array that stands behind `at`; empty for `""`, `null` or an object.
Place value_behind(std::string_view json, std::size_t at) {
  const auto begin = std::min(json.find_first_not_of(" \t\r\n", at), json.size());
  if (begin == json.size()) return {begin, begin};
  if (json[begin] == '"') {
    const auto close = json_literal_end(json, begin);
    const auto end = close == kNone ? json.size() : close + 1;
    return end == begin + 2 ? Place{end, end} : Place{begin, end};
  }
  if (json[begin] == '[') return {begin, array_end(json, begin)};
  const auto end = std::min(json.find_first_of(" \t\r\n,:{}[]\"", begin), json.size());
  return json.substr(begin, end - begin) == "null" ? Place{end, end} : Place{begin, end};
}

}  // namespace

bool CredentialNames::hold(std::string_view parameter) const {
  if (parameter.starts_with(kHtmlAmpersand)) parameter.remove_prefix(kHtmlAmpersand.size());
  const auto same = [parameter](const std::string& name) { return equal_ignoring_case(parameter, name); };
  return std::ranges::any_of(token, same) || std::ranges::any_of(sign, same);
}

bool CredentialNames::hold_member(std::string_view member, bool inner) const {
  const auto same = [member, inner](const std::string& name) {
    return equal_ignoring_case(member, inner ? inner_part(name) : name);
  };
  return std::ranges::any_of(token, same) || std::ranges::any_of(sign, same);
}

std::string mask_credentials(std::string_view pairs, const CredentialNames& names) {
  std::string masked;
  masked.reserve(pairs.size());
  std::string decoded;
  while (!pairs.empty()) {
    const auto pair = pairs.substr(0, pairs.find('&'));
    auto name = pair.substr(0, pair.find('='));
    if (needs_query_decoding(name)) {
      decoded.clear();
      append_query_decoded(decoded, name);
    }
    const bool hidden = pair.size() > name.size() + 1 && names.hold(needs_query_decoding(name) ? decoded : name);
    if (hidden) {
      const auto value = pair.substr(name.size() + 1);
      // A line's end behind a form is none of its values.
      const auto value_end = value.find_last_not_of("\r\n") + 1;
      masked.append(pair.substr(0, name.size() + 1)).append(value_end == 0 ? "" : kMasked);
      masked.append(value.substr(value_end));
    } else {
      masked.append(pair);
    }
    if (pairs.size() > pair.size()) masked += '&';
    pairs.remove_prefix(std::min(pair.size() + 1, pairs.size()));
  }
  return masked;
}

std::string mask_target_credentials(std::string_view target, const CredentialNames& names) {
  const auto query = std::min(target.find('?'), target.size() - 1) + 1;
  return std::string(target.substr(0, query)) + mask_credentials(target.substr(query), names);
}

std::string mask_json_credentials(std::string_view body, const CredentialNames& names) {
  std::string masked;
  masked.reserve(body.size());
  std::size_t copied = 0;
  std::size_t looked_at = 0;
  int level = 0;
  for (auto open = body.find('"'); open != kNone;) {
    level += levels_opened(body.substr(looked_at, open - looked_at));
    const auto close = json_literal_end(body, open);
    if (close == kNone) break;
    const auto colon = body.find_first_not_of(" \t\r\n", close + 1);
    auto next = close + 1;
    if (colon != kNone && body[colon] == ':' &&
        names.hold_member(without_json_escapes(body.substr(open + 1, close - open - 1)), level > 1)) {
      const Place value = value_behind(body, colon + 1);
      if (value.end > value.begin) {
        masked.append(body.substr(copied, value.begin - copied)).append(1, '"').append(kMasked).append(1, '"');
        copied = value.end;
      }
      next = std::max(next, value.end);
    }
    looked_at = next;
    open = body.find('"', next);
  }
  return masked.append(body.substr(copied));
}

}  // namespace postback
