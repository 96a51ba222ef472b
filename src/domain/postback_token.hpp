// Authentication of a postback by a token of its network.
#pragma once

#include "domain/request_context.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace postback {

/// Compares the tokens' BLAKE2b hashes, so that the time taken tells neither where they differ nor how long ours is.
bool same_token(std::string_view given, std::string_view expected);

/// Whether it is one of the network's tokens; the time taken tells how long they are and nothing else.
bool is_token_of(const Network& network, std::string_view given);

/// Whether anything came where a token belongs: its parameter, or the key of Keitaro's path.
bool sends_token(const RequestContext& context);

/// A refusal unless a token of the network came: token_missing, token_wrong. A valid token under another parameter, and
/// one that belongs to another network, are named in the evidence and the fix but never authenticate.
std::optional<Verdict> check_token(const RequestContext& context);

/// The networks whose token came, each under a name that it has for it, at most kMostProvedTo. Bounded work, whatever
/// comes.
std::vector<EntityNumber> networks_proved_to(const Postback& postback, const Catalog& catalog,
                                             const PostbackParameters& parameters);

/// The only network that accepts this token; null when none does, or several.
const Network* only_network_with_token(const Catalog& catalog, std::string_view given);

}  // namespace postback
