// The tables of docs/networks.md, from the profiles.
#pragma once

#include "postback/domain/profiles.hpp"

#include <string>

namespace postback::testing {

std::string network_table(const Profiles& profiles);
std::string source_table(const Profiles& profiles);

}  // namespace postback::testing
