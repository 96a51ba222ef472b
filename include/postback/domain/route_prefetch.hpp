// Asking ahead for what choose_route reads: of thousands of campaigns, the one that is clicked is in no cache.
#pragma once

#include "postback/domain/catalog.hpp"

namespace postback {

/// Each returns at once; the processor fetches meanwhile. First the rules, then, some hundred nanoseconds of other work
/// later, what their conditions compare with, whose places only the rules know.
void prefetch_rules(const Campaign& campaign) noexcept;
void prefetch_conditions(const Campaign& campaign) noexcept;

}  // namespace postback
