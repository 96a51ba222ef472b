// Texts of a server's JSON answers, fit for a terminal.
#pragma once

#include "postback/base/log.hpp"
#include "postback/base/strict_json.hpp"

#include <string>

namespace postback {

/// A member that is a text, else nothing. Control characters are escaped: values of strangers must not steer the
/// terminal.
inline std::string text_of(const Json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? log_text(member->get_ref<const std::string&>())
                                                       : std::string();
}

}  // namespace postback
