// The path of a postback, and names of the ways it authenticates.
#include "postback/domain/postback.hpp"

#include "postback/base/percent.hpp"

namespace postback {

void read_postback_path(std::string_view path, std::string& network, std::string& event) {
  network.clear();
  event.clear();
  const auto slash = path.find('/');
  const bool has_event = slash != std::string_view::npos;
  const bool too_long = has_event && path.find('/', slash + 1) != std::string_view::npos;
  append_path_decoded(network, too_long ? path : path.substr(0, slash));
  if (has_event && !too_long) append_path_decoded(event, path.substr(slash + 1));
}

std::string_view to_string(Authentication authentication) {
  switch (authentication) {
    case Authentication::none: return "none";
    case Authentication::token: return "token";
    case Authentication::open: return "open";
    case Authentication::signature: return "signature";
    case Authentication::webhook: return "webhook";
    case Authentication::browser: return "browser";
    case Authentication::key: return "key";
  }
  return "unknown";
}

std::optional<Authentication> parse_authentication(std::string_view text) {
  using enum Authentication;
  for (const auto each : {none, token, open, signature, webhook, browser, key}) {
    if (to_string(each) == text) return each;
  }
  return std::nullopt;
}

std::string_view to_string(PostbackShape shape) {
  switch (shape) {
    case PostbackShape::own: return "own";
    case PostbackShape::voluum: return "voluum";
    case PostbackShape::keitaro: return "keitaro";
    case PostbackShape::binom: return "binom";
    case PostbackShape::generic: return "generic";
    case PostbackShape::browser: return "browser";
    case PostbackShape::manual: return "manual";
  }
  return "unknown";
}

}  // namespace postback
