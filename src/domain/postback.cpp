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
  }
  return "unknown";
}

}  // namespace postback
