// Where ready-made destinations come from.
#pragma once

#include "domain/object_reader.hpp"
#include "postback/domain/destination_profiles.hpp"

#include <string>

namespace postback {

/// Reads an entry of config/destinations.json. `for_source`: the source whose API it speaks; may be empty.
void read_destination_profile(ObjectReader& reader, DestinationProfile& profile, std::string& for_source);

/// What is known of a traffic source, as a ready-made destination. Each REPLACE_NAME of its URL is a setting `name`; a
/// bare REPLACE is named like its parameter.
DestinationProfile source_destination(const SourceProfile& source);

/// Writes `profile.json`.
void describe(DestinationProfile& profile, const std::string& caution);

}  // namespace postback
