// The tables of docs/networks.md, from the profiles.
#pragma once

#include "postback/domain/destination_profiles.hpp"
#include "postback/domain/profiles.hpp"

#include <string>

namespace postback::testing {

std::string network_table(const Profiles& profiles);
std::string source_table(const Profiles& profiles);
std::string destination_table(const DestinationProfiles& profiles);
/// Of sources that are no ready-made destinations.
std::string missing_destination_table(const DestinationProfiles& profiles);

}  // namespace postback::testing
