// What a postback pays, and in which currency.
#pragma once

#include "postback/domain/matcher.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// The offer's currency, else the network's; may be empty. `offer` may be null.
const std::string& default_currency(const Reading& reading, const Offer* offer);

/// Payout and currency as sent, else the offer's; the offer's payout goes with its currency. Warns of what was missing
/// or left aside.
Money settled_payout(const Reading& reading, const Offer* offer, std::vector<std::string>& warnings);

/// Warns of a payout that nobody names a currency for; it counts all the same.
void warn_without_currency(const Reading& reading, const Conversion& conversion, std::vector<std::string>& warnings);

/// The reading's amount, or none, with a warning, if it came in another currency than the conversion's.
std::optional<Micros> usable_amount(const Reading& reading, std::string_view currency,
                                    std::vector<std::string>& warnings);

/// `12.50 USD`; without a currency the sum alone.
std::string sum_text(Micros micros, std::string_view currency);

}  // namespace postback
