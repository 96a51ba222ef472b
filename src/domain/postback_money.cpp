// Payout, amount and currency of a postback.
#include "domain/ascii_text.hpp"
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

bool may_be_negative(const ValueContext& context, PostbackField which) {
  return which == PostbackField::payout && context.network.policies.adjustments &&
         context.network.repeat_policy(context.reading.event) == RepeatPolicy::add;
}

/// The sum in `field`, or in `fault` why there is none. Neither when the field counts as not sent.
Sum read_sum(const ValueContext& context, const Field& field, PostbackField which, std::string& fault) {
  if (counts_as_blank(context, field, which, "missing; make the network fill it in")) return {};
  const auto decimal = read_decimal(trim(field.value));
  if (!decimal.has_value()) {
    fault = decimal.note;
    const auto text = trim(field.value);
    if (text.starts_with('(') && text.ends_with(')')) fault += "; brackets around a sum make it negative";
    return {};
  }
  if (decimal.micros < 0 && !may_be_negative(context, which)) {
    fault =
        "it is negative, which only payouts of an event whose repeat policy is `add` may be, where the network sets "
        "`adjustments`";
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
      VerdictCode::currency_unknown,
      "The currency " + quoted(context.mask, value) + " is neither one in use (ISO 4217) nor declared in the catalog.",
      "The currency arrived as " + quoted(context.mask, value) + " in " + quoted(context.mask, name) + ".",
      "Make the network send a code such as USD, or leave the currency out so that the offer's counts. What is not of "
      "ISO 4217, such as USDT, is valid once it is declared in `currencies`.");
}

std::string upper(std::string_view text) {
  std::string code(text);
  for (char& c : code) c = ascii_upper(c);
  return code;
}

/// Archived ones count too: the network pays, whether we still use them or not.
bool is_known_currency(const ValueContext& context, std::string_view code) {
  return currency_state(code, context.reading.catalog->currencies()) != CurrencyState::unknown;
}

/// Takes `code`, which stood in the field `name`, as the currency, or refuses: unknown, or another one was said before.
void take_currency(const ValueContext& context, const Field& field, std::string_view value) {
  Reading& reading = context.reading;
  if (value.empty() || reading.refusal) return;
  const std::string code = upper(value);
  if (!is_known_currency(context, code)) {
    reading.refusal = unknown_currency(context, field.name, value);
  } else if (reading.currency.empty()) {
    reading.currency = code;
  } else if (reading.currency != code) {
    reading.refusal =
        invalid_sum(context, field, "it is in " + code + ", but the currency of this postback is " + reading.currency);
  }
}

/// Where the payout is fixed, a currency that nobody knows does no harm. Whether it is usable.
bool read_fixed_currency(const ValueContext& context, const Field& field) {
  const std::string code = upper(trim(field.value));
  if (is_known_currency(context, code)) {
    context.reading.currency = code;
    return true;
  }
  context.reading.warnings.push_back(
      "The currency " + quoted(context.mask, field.value) +
      " is neither one in use (ISO 4217) nor declared in the catalog; it was left aside, since the payout is "
      "fixed.");
  return false;
}

/// A fixed payout is the offer's; what arrived is kept for an offer without one, when it can be read.
void read_spare_payout(const ValueContext& context) {
  const Field& payout = context.parameters[PostbackField::payout];
  const auto decimal = read_decimal(trim(payout.value));
  if (!decimal.has_value() || decimal.micros < 0) return;
  if (!decimal.currency.empty() && !is_known_currency(context, decimal.currency)) return;
  context.reading.spare_payout = decimal.micros;
  context.reading.spare_currency = decimal.currency;
}

void read_payout(const ValueContext& context) {
  const Field& payout = context.parameters[PostbackField::payout];
  std::string fault;
  const Sum sum = read_sum(context, payout, PostbackField::payout, fault);
  if (!fault.empty()) {
    context.reading.refusal = invalid_sum(context, payout, std::move(fault));
    return;
  }
  context.reading.payout = sum.micros;
  take_currency(context, payout, sum.currency);
}

/// The amount is only for information: nothing about it refuses a conversion.
void read_amount(const ValueContext& context) {
  const Field& amount = context.parameters[PostbackField::amount];
  std::string fault;
  const Sum sum = read_sum(context, amount, PostbackField::amount, fault);
  if (fault.empty() && !sum.currency.empty() && !is_known_currency(context, upper(sum.currency))) {
    fault = "its currency is neither one in use (ISO 4217) nor declared in the catalog";
  }
  if (!fault.empty()) {
    context.reading.warnings.push_back("The value " + quoted(context.mask, amount.value) + " of " +
                                       quoted(context.mask, amount.name) +
                                       " is not a usable sum and was left out: " + fault + ".");
    return;
  }
  context.reading.amount = sum.micros;
  context.reading.amount_currency = upper(sum.currency);
}

void warn_of_archived_currency(const ValueContext& context) {
  Reading& reading = context.reading;
  if (currency_state(reading.currency, reading.catalog->currencies()) != CurrencyState::archived) return;
  reading.warnings.push_back("The currency " + reading.currency +
                             " is archived in the catalog; it counts all the same.");
}

}  // namespace

void read_money(const ValueContext& context) {
  Reading& reading = context.reading;
  const Field& currency = context.parameters[PostbackField::currency];
  const bool named =
      !counts_as_blank(context, currency, PostbackField::currency, "missing; make the network fill it in");
  if (context.network.fixed_payout) {
    if (!named || read_fixed_currency(context, currency)) read_spare_payout(context);
  } else {
    if (named) take_currency(context, currency, trim(currency.value));
    if (!reading.refusal) read_payout(context);
  }
  if (!reading.refusal) read_amount(context);
  warn_of_archived_currency(context);
}

}  // namespace postback
