// A postback that adds to a conversion, under the repeat policy `add`.
#pragma once

#include "postback/domain/matcher.hpp"

namespace postback {

/// Judges a reading under `add` that leaves the status of `found` as it is: its payout and amount are added. Nothing is
/// added to a rejected conversion, nor by a status word that nobody knows. Sums of different currencies, and sums
/// beyond 10^9, are refused as payout_invalid rather than lost. `offer` may be null.
void judge_addition(const Reading& reading, const Facts& facts, const Conversion& found, const Offer* offer,
                    Judgement& judgement);

}  // namespace postback
