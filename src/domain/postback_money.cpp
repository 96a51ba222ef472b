// Payout, amount and currency of a postback.
#include "domain/ascii_text.hpp"
#include "domain/macro_syntax.hpp"
#include "domain/postback_values.hpp"
#include "domain/verdict_text.hpp"

#include <utility>

namespace postback {
namespace {

/// A sum as read, with the currency written next to it.
struct Sum {
  std::optional<Micros> micros;
  std::string currency;
};

Verdict invalid_sum(const ValueContext& context, const Field& field, std::string why) {
  return refusal(VerdictCode::payout_invalid,
                 "The value " + quoted(context.mask, field.value) + " of " + quoted(context.mask, field.name) +
                     " is not a usable sum: " + std::move(why) + ".",
                 quoted(context.mask, field.name) + " arrived as " + quoted(context.mask, field.value) + ".",
                 "Make the network send " + quoted(context.mask, field.name) +
                     " as plain decimal digits with a point, such as 12.50, between 0 and 1000000000.");
}

/// Whether the field counts as not sent; a macro adds a warning.
bool is_blank(const ValueContext& context, const Field& field) {
  if (trim(field.value).empty()) return true;
  const auto macro = find_macro(field.raw_value, field.value);
  if (!macro) return false;
  context.reading.warnings.push_back(quoted(context.mask, field.name) + " arrived as the unreplaced macro " +
                                     quoted(context.mask, macro->text) +
                                     " and counts as missing; make the network fill it in.");
  return true;
}

/// The sum in `field`. On a fault, sets the refusal.
Sum read_sum(const ValueContext& context, const Field& field) {
  if (is_blank(context, field)) return {};
  const auto decimal = read_decimal(trim(field.value));
  if (!decimal.has_value()) {
    context.reading.refusal = invalid_sum(context, field, decimal.note);
    return {};
  }
  if (decimal.micros < 0) {
    context.reading.refusal = invalid_sum(context, field, "it is negative, and this network's sums may not be");
    return {};
  }
  if (decimal.kind != DecimalReading::Kind::exact) {
    context.reading.warnings.push_back("The value " + quoted(context.mask, field.value) + " of " +
                                       quoted(context.mask, field.name) + " was " + decimal.note + ".");
  }
  return {decimal.micros, decimal.currency};
}

Verdict unknown_currency(const ValueContext& context, std::string_view name, std::string_view value) {
  return refusal(
      VerdictCode::currency_unknown, "The currency " + quoted(context.mask, value) + " is not one in use (ISO 4217).",
      "The currency arrived as " + quoted(context.mask, value) + " in " + quoted(context.mask, name) + ".",
      "Make the network send a three-letter code such as USD, or leave the currency out so that the offer's counts.");
}

std::string upper(std::string_view text) {
  std::string code(text);
  for (char& c : code) c = ascii_upper(c);
  return code;
}

/// Takes `code`, which stood in the field `name`, as the currency, or refuses: unknown, or another one was said before.
void take_currency(const ValueContext& context, const Field& field, std::string_view value) {
  Reading& reading = context.reading;
  if (value.empty() || reading.refusal) return;
  const std::string code = upper(value);
  if (!is_iso_currency(code)) {
    reading.refusal = unknown_currency(context, field.name, value);
  } else if (reading.currency.empty()) {
    reading.currency = code;
  } else if (reading.currency != code) {
    reading.refusal =
        invalid_sum(context, field, "it is in " + code + ", but the currency of this postback is " + reading.currency);
  }
}

}  // namespace

void read_money(const ValueContext& context) {
  Reading& reading = context.reading;
  const Field& currency = context.parameters[PostbackField::currency];
  if (!is_blank(context, currency)) take_currency(context, currency, trim(currency.value));
  if (reading.refusal) return;
  if (!context.network.fixed_payout) {
    const Field& payout = context.parameters[PostbackField::payout];
    const Sum sum = read_sum(context, payout);
    reading.payout = sum.micros;
    take_currency(context, payout, sum.currency);
  }
  if (reading.refusal) return;
  const Field& amount = context.parameters[PostbackField::amount];
  const Sum sum = read_sum(context, amount);
  reading.amount = sum.micros;
  take_currency(context, amount, sum.currency);
}

}  // namespace postback
