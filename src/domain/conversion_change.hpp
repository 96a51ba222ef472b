// What one more postback does to a conversion that exists already.
#pragma once

#include "postback/domain/matcher.hpp"

namespace postback {

/// Judges a reading whose conversion is `found`: a resend, the repeat policy, the status table
///
///     from \ to   pending   approved    rejected
///     pending     same      approved    rejected
///     approved    refused   same        reversed
///     rejected    refused   reinstated  same
///
/// (an unknown word keeps the status; the network's word follows every change of it), and what is replaced: payout with
/// its currency, amount and reason, each only when given. Under `add`, and where a rejection names none of several
/// conversions, sums are not replaced: a change of status moves only that, anything else adds. A conversion that a rule
/// holds stays pending until it is rejected, or released by time or hand; one that would become approved may be held.
/// `default_currency` of network and `offer` (which may be null) counts for a payout when neither the reading nor the
/// conversion has one; without any there is a warning. The warnings of the reading are in `judgement` already.
void judge_existing(const Reading& reading, const Facts& facts, const Conversion& found, const Offer* offer,
                    Judgement& judgement);

}  // namespace postback
