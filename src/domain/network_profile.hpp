// What a network document takes from its profile.
#pragma once

#include "domain/object_reader.hpp"
#include "postback/domain/profiles.hpp"

namespace postback {

/// Reads the field `profile` into `id`. Nothing for `generic`, and for an unknown one, which is a fault.
const NetworkProfile* read_network_profile_name(ObjectReader& reader, std::string& id);

/// The profile of a network that was read; nothing for `generic`.
const NetworkProfile* profile_of(const Network& network);

/// Reads the fields `tokens` and `token_syntax` into `network.tokens`, with the profile's where the document has none,
/// and writes them to `canonical`. Call it when the network's click parameter is known. Nothing is taken from the
/// profile that a click parameter of the document's own makes wrong.
void read_network_tokens(ObjectReader& reader, const NetworkProfile* profile, Network& network, Json& canonical);

}  // namespace postback
