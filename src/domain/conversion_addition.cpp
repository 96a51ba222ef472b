// Adds payout and amount.
#include "domain/conversion_addition.hpp"

#include "domain/conversion_money.hpp"
#include "domain/conversion_record.hpp"
#include "domain/judgement_outcome.hpp"
#include "domain/postback_rules.hpp"

#include <utility>

namespace postback {
namespace {

/// What the postback adds, in the conversion's currency.
Money added_payout(const Reading& reading, const Conversion& found, const Offer* offer, Judgement& judgement) {
  auto& warnings = judgement.verdict.warnings;
  Money paid = settled_payout(reading, offer, warnings);
  if (reading.payout && reading.currency.empty() && !found.currency.empty()) paid.currency = found.currency;
  if (reading.payout || found.currency.empty() || paid.micros == 0 || paid.currency == found.currency) return paid;
  warnings.push_back("The offer's payout " + sum_text(paid.micros, paid.currency) +
                     " was not added, since the conversion is in " + found.currency + ".");
  return {0, found.currency};
}

bool fits(Micros sum) { return sum >= -kLargestMicros && sum <= kLargestMicros; }

/// Refuses what cannot be added. Whether it can.
bool is_addable(const Reading& reading, const Conversion& found, const Money& paid, Judgement& judgement) {
  const std::string sum = sum_text(paid.micros, paid.currency);
  if (paid.micros != 0 && !found.currency.empty() && paid.currency != found.currency) {
    refuse_judgement(
        judgement, VerdictCode::payout_invalid,
        "The payout " + sum + " cannot be added: the conversion is in " + found.currency + ".",
        described(found) + " has " + sum_text(found.payout, found.currency) + "; the postback says " + sum + ".",
        "Make the network send one currency, or a txid of its own for each sale, or set the repeat policy "
        "of event `" +
            found.event + "` of network `" + reading.network->id + "` to `new`; then replay this postback.");
    return false;
  }
  if (fits(found.payout + paid.micros)) return true;
  refuse_judgement(judgement, VerdictCode::payout_invalid,
                   "The payout " + sum + " cannot be added: the sum would be beyond 1000000000.",
                   described(found) + " has " + sum_text(found.payout, found.currency) + ".",
                   "Make the network send a txid of its own for each sale.");
  return false;
}

void add_amount(const Reading& reading, Conversion& changed, std::vector<std::string>& warnings) {
  const auto amount = usable_amount(reading, changed.currency, warnings);
  if (!amount) return;
  const Micros sum = changed.amount.value_or(0) + *amount;
  if (fits(sum)) changed.amount = sum;
}

/// Why nothing is added, though the policy is `add`; empty if something is.
std::string nothing_added(const Reading& reading, const Conversion& found) {
  if (reading.status_unknown) {
    return "The payout was not added, since the status word means nothing here; map the word in the status words of "
           "network `" +
           reading.network->id + "`, then replay this postback.";
  }
  if (found.status != ConversionStatus::rejected) return {};
  return reading.payout ? "Nothing is added to a rejected conversion." : "";
}

bool adds(const Reading& reading, const Conversion& found) {
  return !reading.status_unknown && found.status != ConversionStatus::rejected;
}

/// Adds what the postback pays. Whether the judgement goes on.
bool add_sums(const Reading& reading, const Facts& facts, const Conversion& found, const Offer* offer,
              Conversion& changed, Judgement& judgement) {
  const Money paid = added_payout(reading, found, offer, judgement);
  if (!is_addable(reading, found, paid, judgement)) return false;
  Conversion alone = found;
  alone.payout = paid.micros;
  alone.currency = paid.currency;
  alone.amount = reading.amount;
  if (!reading.reason.empty()) alone.reason = reading.reason;
  alone.original_status = reading.original_status;
  const PostbackRule* rule = matching_rule(reading, *facts.click, alone);
  if (rule != nullptr && rule->action == RuleAction::reject) {
    ignore_by_rule(*rule, judgement);
    return false;
  }
  if (rule != nullptr && rule->action == RuleAction::hold && found.status == ConversionStatus::approved) {
    judgement.verdict.warnings.push_back("The rule `" + rule->name +
                                         "` holds new conversions; this one is approved already, so its payout was "
                                         "added at once.");
  }
  changed.payout = found.payout + paid.micros;
  if (changed.currency.empty()) changed.currency = paid.currency;
  add_amount(reading, changed, judgement.verdict.warnings);
  warn_without_currency(reading, changed, judgement.verdict.warnings);
  return true;
}

}  // namespace

void judge_addition(const Reading& reading, const Facts& facts, const Conversion& found, const Offer* offer,
                    Judgement& judgement) {
  Conversion changed = found;
  if (adds(reading, found)) {
    if (!add_sums(reading, facts, found, offer, changed, judgement)) return;
  } else if (auto why = nothing_added(reading, found); !why.empty()) {
    judgement.verdict.warnings.push_back(std::move(why));
  }
  const Micros added = changed.payout - found.payout;
  // What an unknown word says is left to the day when it is known: as a resend it is judged again as a whole then.
  if (!reading.reason.empty() && !reading.status_unknown) changed.reason = reading.reason;
  if (added == 0 && changed.amount == found.amount && changed.reason == found.reason &&
      changed.currency == found.currency) {
    return duplicate_judgement(judgement, "The conversion is " + std::string(to_string(found.status)) +
                                              " already and nothing is to be added.");
  }
  record_change(reading, changed);
  accept_judgement(judgement, added == 0 ? VerdictCode::updated : VerdictCode::added,
                   added == 0 ? "The conversion was updated; nothing was added to its payout."
                              : sum_text(added, changed.currency) + " was added to the conversion, which stands at " +
                                    sum_text(changed.payout, changed.currency) + " now.");
  judgement.effect = std::move(changed);
}

}  // namespace postback
