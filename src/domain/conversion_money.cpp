// Settles payout, amount and currency.
#include "domain/conversion_money.hpp"

namespace postback {

const std::string& default_currency(const Reading& reading, const Offer* offer) {
  return offer != nullptr && !offer->currency.empty() ? offer->currency : reading.network->currency;
}

Money settled_payout(const Reading& reading, const Offer* offer, std::vector<std::string>& warnings) {
  const bool from_offer = !reading.payout && offer != nullptr && offer->payout.has_value();
  Money paid;
  paid.micros = from_offer ? *offer->payout : reading.payout.value_or(0);
  paid.currency = reading.currency.empty() || from_offer ? default_currency(reading, offer) : reading.currency;
  if (from_offer && !reading.network->fixed_payout) {
    warnings.emplace_back("No usable payout arrived, so the offer's payout counts; make the network send `payout`.");
  } else if (!reading.payout && !from_offer) {
    warnings.emplace_back(
        "No usable payout arrived and the offer has none, so the payout is 0; set one, or make the network send "
        "`payout`.");
  }
  if (from_offer && !reading.currency.empty() && reading.currency != paid.currency) {
    warnings.push_back("The currency " + reading.currency +
                       " was left aside, since the offer's payout counts, in its own currency.");
  }
  return paid;
}

void warn_without_currency(const Reading& reading, const Conversion& conversion, std::vector<std::string>& warnings) {
  if (!conversion.currency.empty() || conversion.payout == 0) return;
  warnings.push_back("The payout " + format_decimal(conversion.payout) +
                     " has no currency: neither the postback, the offer nor the network names one. Set the currency of "
                     "the offer or of network `" +
                     reading.network->id + "`, or make the network send `currency`.");
}

std::optional<Micros> usable_amount(const Reading& reading, std::string_view currency,
                                    std::vector<std::string>& warnings) {
  const std::string& own = reading.amount_currency;
  if (!reading.amount || own.empty() || currency.empty() || own == currency) return reading.amount;
  warnings.push_back("The amount " + format_decimal(*reading.amount) + " " + own +
                     " was left out, since the conversion is in " + std::string(currency) + ".");
  return std::nullopt;
}

std::string sum_text(Micros micros, std::string_view currency) {
  std::string text = format_decimal(micros);
  if (!currency.empty()) text.append(" ").append(currency);
  return text;
}

}  // namespace postback
