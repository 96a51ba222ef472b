// Tells whether two requests are the same, as they arrived.
#pragma once

#include "postback/domain/postback.hpp"

#include <cstdint>

namespace postback {

/// Of target and body, without the parameters `ts` and `sign` of the target, which change from one sending of a
/// request to the next. FNV-1a, 64 bits, never 0: tells requests apart, guards nothing.
std::uint64_t request_hash(const Postback& postback, const Network& network);

}  // namespace postback
