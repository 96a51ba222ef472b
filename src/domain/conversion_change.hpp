// What one more postback does to a conversion that exists already.
#pragma once

#include "postback/domain/matcher.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// What a reading says about its conversion, in a form that is equal for resends only: the status and the network's
/// word for it, payout, amount, currency and reason, each told apart from its absence.
std::string said_text(const Reading& reading);

/// Makes the verdict a refusal; its warnings stay.
void refuse_judgement(Judgement& judgement, VerdictCode code, std::string message, std::string evidence,
                      std::string fix);

/// Warns of a payout that nobody names a currency for; it counts all the same.
void warn_without_currency(const Reading& reading, const Conversion& conversion, std::vector<std::string>& warnings);

/// The reading's amount, or none, with a warning, if it came in another currency than the conversion's.
std::optional<Micros> usable_amount(const Reading& reading, std::string_view currency,
                                    std::vector<std::string>& warnings);

/// Judges a reading whose conversion is `found`: a resend, the repeat policy, the status table
///
///     from \ to   pending   approved    rejected
///     pending     same      approved    rejected
///     approved    refused   same        reversed
///     rejected    refused   reinstated  same
///
/// (an unknown word keeps the status; the network's word follows every change of it), and what is replaced under the
/// policy `update`: payout with its currency, amount
/// and reason, each only when given. `default_currency` (the offer's or network's, may be empty) counts for a payout
/// when neither the reading nor the conversion has one; without any there is a warning. The warnings of the reading
/// are in `judgement` already.
void judge_existing(const Reading& reading, const Conversion& found, std::string_view default_currency,
                    Judgement& judgement);

}  // namespace postback
