// Names of the ways a postback authenticates.
#include "postback/domain/postback.hpp"

namespace postback {

std::string_view to_string(Authentication authentication) {
  switch (authentication) {
    case Authentication::none: return "none";
    case Authentication::token: return "token";
    case Authentication::open: return "open";
  }
  return "unknown";
}

}  // namespace postback
