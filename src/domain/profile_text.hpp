// The text of config/networks.json, embedded when the binary is built.
#pragma once

#include <string_view>

namespace postback {

std::string_view profiles_json();

}  // namespace postback
