// Resends, repeat policies and status transitions.
#include "domain/conversion_change.hpp"

#include "domain/verdict_text.hpp"

#include <utility>

namespace postback {
namespace {

void append_text(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out.append(name).append("=").append(std::to_string(value.size())).append(":").append(value).append(" ");
}

void append_sum(std::string& out, std::string_view name, const std::optional<Micros>& sum) {
  if (sum) out.append(name).append("=").append(std::to_string(*sum)).append(" ");
}

void accept(Judgement& judgement, VerdictResult result, VerdictCode code, std::string message) {
  judgement.verdict.result = result;
  judgement.verdict.code = code;
  judgement.verdict.message = std::move(message);
}

void duplicate(Judgement& judgement, std::string message) {
  accept(judgement, VerdictResult::duplicate, VerdictCode::duplicate, std::move(message));
}

std::string identity(const Conversion& conversion) {
  return "Conversion " + std::to_string(conversion.number) + " of this click (event `" + conversion.event + "`, " +
         (conversion.txid.empty() ? "no txid" : "txid `" + shortened(conversion.txid, kLongestQuote) + "`") + ")";
}

ConversionStatus next_status(const Reading& reading, const Conversion& found) {
  return reading.status_unknown ? found.status : reading.status;
}

bool changes_payout(const Reading& reading, const Conversion& found) {
  if (!reading.payout) return false;
  return *reading.payout != found.payout || (!reading.currency.empty() && reading.currency != found.currency);
}

void judge_ignored(const Reading& reading, const Conversion& found, Judgement& judgement) {
  duplicate(judgement, "This conversion is known already; its event's repeat policy `ignore` leaves it as it is.");
  auto& warnings = judgement.verdict.warnings;
  if (next_status(reading, found) != found.status) {
    warnings.push_back("The status " + std::string(to_string(reading.status)) + " was ignored: the conversion stays " +
                       std::string(to_string(found.status)) + " under the repeat policy `ignore`.");
  }
  if (changes_payout(reading, found)) {
    warnings.emplace_back("Another payout was ignored under the repeat policy `ignore`.");
  }
}

void refuse_transition(const Reading& reading, const Conversion& found, Judgement& judgement) {
  const std::string from(to_string(found.status));
  const std::string word =
      reading.original_status.empty() ? "" : " (`" + shortened(reading.original_status, kLongestQuote) + "`)";
  refuse_judgement(judgement, VerdictCode::status_transition,
                   "The conversion is " + from + " already and cannot go back to pending.",
                   identity(found) + " is " + from + "; the postback says pending" + word + ".",
                   "If this is a new conversion, send a txid of its own. If the word means something else, map it in "
                   "the status words of network `" +
                       reading.network->id + "`.");
}

/// Replaces the payout with its currency. Whether anything changed.
bool apply_payout(const Reading& reading, Conversion& conversion, std::vector<std::string>& warnings) {
  if (changes_payout(reading, conversion)) {
    const bool sum = *reading.payout != conversion.payout;
    if (conversion.txid.empty() && (sum || !conversion.currency.empty())) {
      warnings.push_back(std::string("The ") + (sum ? "payout" : "currency of the payout") +
                         " of a conversion without a transaction ID was replaced. If this was another sale, make the "
                         "network send `txid`; the repeat policies `new` and `add` come in a later version.");
    }
    conversion.payout = *reading.payout;
    if (!reading.currency.empty()) conversion.currency = reading.currency;
    warn_without_currency(reading, conversion, warnings);
    return true;
  }
  if (reading.payout || reading.currency.empty() || reading.currency == conversion.currency) return false;
  if (conversion.currency.empty()) {
    conversion.currency = reading.currency;
    return true;
  }
  warnings.push_back("The currency " + reading.currency +
                     " came without a payout and was left aside: the conversion is in " + conversion.currency + ".");
  return false;
}

/// Replaces what was given. Whether anything changed.
bool apply_values(const Reading& reading, Conversion& conversion, std::vector<std::string>& warnings) {
  bool changed = apply_payout(reading, conversion, warnings);
  const auto amount = usable_amount(reading, conversion.currency, warnings);
  if (amount && amount != conversion.amount) {
    conversion.amount = amount;
    changed = true;
  }
  if (!reading.reason.empty() && reading.reason != conversion.reason) {
    conversion.reason = reading.reason;
    changed = true;
  }
  return changed;
}

std::string change_message(ConversionStatus from, ConversionStatus to) {
  if (from == to) return "The conversion was updated; it stays " + std::string(to_string(to)) + ".";
  if (from == ConversionStatus::approved) return "The conversion was approved and is now rejected: reversed.";
  if (from == ConversionStatus::rejected) return "The conversion was rejected and is approved again: reinstated.";
  return "The pending conversion is now " + std::string(to_string(to)) + ".";
}

}  // namespace

void refuse_judgement(Judgement& judgement, VerdictCode code, std::string message, std::string evidence,
                      std::string fix) {
  auto warnings = std::move(judgement.verdict.warnings);
  judgement.verdict = refusal(code, std::move(message), std::move(evidence), std::move(fix));
  judgement.verdict.warnings = std::move(warnings);
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

std::string said_text(const Reading& reading) {
  std::string said = "status=";
  said.append(reading.status_unknown ? std::string_view("unknown") : to_string(reading.status)).append(" ");
  append_text(said, "word", reading.original_status);
  append_sum(said, "payout", reading.payout);
  append_sum(said, "amount", reading.amount);
  append_text(said, "amount_currency", reading.amount_currency);
  append_text(said, "currency", reading.currency);
  append_text(said, "reason", reading.reason);
  return said;
}

void judge_existing(const Reading& reading, const Conversion& found, std::string_view default_currency,
                    Judgement& judgement) {
  judgement.conversion_number = found.number;
  std::string said = said_text(reading);
  if (said == found.last_said) return duplicate(judgement, "This postback came before; nothing changes.");
  if (reading.network->repeat_policy(reading.event) == RepeatPolicy::ignore)
    return judge_ignored(reading, found, judgement);
  const ConversionStatus status = next_status(reading, found);
  if (status == ConversionStatus::pending && found.status != ConversionStatus::pending) {
    return refuse_transition(reading, found, judgement);
  }
  Conversion changed = found;
  if (changed.currency.empty() && reading.currency.empty()) changed.currency = default_currency;
  const bool values_changed = apply_values(reading, changed, judgement.verdict.warnings);
  if (!values_changed && status == found.status) {
    return duplicate(judgement,
                     "The conversion is " + std::string(to_string(status)) + " already and nothing else differs.");
  }
  changed.status = status;
  if (status != found.status || !reading.original_status.empty()) changed.original_status = reading.original_status;
  changed.updated = reading.arrival;
  ++changed.revision;
  changed.last_said = std::move(said);
  accept(judgement, VerdictResult::accepted, VerdictCode::updated, change_message(found.status, status));
  judgement.effect = std::move(changed);
}

}  // namespace postback
