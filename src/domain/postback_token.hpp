// Authentication of a postback by its network's token.
#pragma once

#include "domain/postback_parameters.hpp"
#include "domain/secret_masking.hpp"

#include <string_view>

namespace postback {

/// Compares the tokens' BLAKE2b hashes, so that the time taken tells neither where they differ nor how long ours is.
bool same_token(std::string_view given, std::string_view expected);

/// Sets `reading.authentication`, or a refusal: token_missing, token_wrong. A valid token under another parameter, and
/// one that belongs to another network, are named in the evidence and the fix but never authenticate.
/// `reading.network` is set.
void authenticate(const Postback& postback, const PostbackParameters& parameters, const SecretMask& mask,
                  Reading& reading);

}  // namespace postback
