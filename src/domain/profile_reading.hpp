// Reading the entries of config/networks.json.
#pragma once

#include "domain/object_reader.hpp"
#include "postback/domain/profiles.hpp"

namespace postback {

/// Each fills a profile from one entry; faults go to the reader. The profile's `json` is the entry with every member
/// written out, its kind, and what to warn of.
void read_network_profile(ObjectReader& reader, NetworkProfile& profile);
void read_source_profile(ObjectReader& reader, SourceProfile& profile);

/// Reads `confidence`, `tier`, `source`, `also_seen_in` and `unconfirmed`, and writes them and the caution to `json`.
void read_origin(ObjectReader& reader, ProfileOrigin& origin, Json& json);
/// Reads `id` and `name`, and writes them to `json` behind the kind.
void read_identity(ObjectReader& reader, std::string_view kind, std::string& id, std::string& name, Json& json);
/// A note, written to `json` as well; empty when absent.
std::string read_note(ObjectReader& reader, Json& json);

/// The texts of an array, none of them empty.
std::vector<std::string> read_texts(ObjectReader& reader, std::string_view field);

}  // namespace postback
