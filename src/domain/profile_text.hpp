// The texts of config/networks.json and config/destinations.json, embedded when the binary is built.
#pragma once

#include <string_view>

namespace postback {

std::string_view profiles_json();
std::string_view destination_profiles_json();

}  // namespace postback
