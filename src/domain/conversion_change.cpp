// Resends, repeat policies and status transitions.
#include "domain/conversion_change.hpp"

#include "domain/conversion_addition.hpp"
#include "domain/conversion_money.hpp"
#include "domain/conversion_record.hpp"
#include "domain/judgement_outcome.hpp"
#include "domain/postback_rules.hpp"
#include "domain/verdict_text.hpp"
#include "postback/domain/conversion_lookup.hpp"

#include <utility>

namespace postback {
namespace {

bool changes_payout(const Reading& reading, const Conversion& found) {
  if (!reading.payout) return false;
  return *reading.payout != found.payout || (!reading.currency.empty() && reading.currency != found.currency);
}

void judge_ignored(const Reading& reading, const Conversion& found, Judgement& judgement) {
  duplicate_judgement(judgement,
                      "This conversion is known already; its event's repeat policy `ignore` leaves it "
                      "as it is.");
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
                   described(found) + " is " + from + "; the postback says pending" + word + ".",
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
                         "network send `txid`, or set the repeat policy of its event to `new` (each counts) or `add` "
                         "(payouts are summed).");
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

/// The payout of a postback that moves nothing but the status.
void warn_of_payout_left_aside(const Reading& reading, const Conversion& found, std::vector<std::string>& warnings) {
  if (!reading.payout || *reading.payout == found.payout) return;
  warnings.push_back("The payout " + sum_text(*reading.payout, reading.currency) +
                     " was left aside, since the postback changes the status: the conversion stands at " +
                     sum_text(found.payout, found.currency) + ".");
}

/// Replaces what was given, where the policy is such. Whether anything changed.
bool apply_given(const Reading& reading, Conversion& conversion, bool keeps_sums, std::vector<std::string>& warnings) {
  if (!keeps_sums) return apply_values(reading, conversion, warnings);
  warn_of_payout_left_aside(reading, conversion, warnings);
  if (reading.reason.empty() || reading.reason == conversion.reason) return false;
  conversion.reason = reading.reason;
  return true;
}

std::string change_message(ConversionStatus from, ConversionStatus to) {
  if (from == to) return "The conversion was updated; it stays " + std::string(to_string(to));
  if (from == ConversionStatus::approved) return "The conversion was approved and is now rejected: reversed";
  if (from == ConversionStatus::rejected && to == ConversionStatus::approved)
    return "The conversion was rejected and is approved again: reinstated";
  return "The " + std::string(to_string(from)) + " conversion is now " + std::string(to_string(to));
}

/// Where a rejection that names none of several conversions goes.
void warn_of_choice(const Conversion& found, std::vector<std::string>& warnings) {
  warnings.push_back("The rejection has no transaction ID, so the newest conversion of event `" + found.event +
                     "`, number " + std::to_string(found.number) +
                     ", was taken to be meant; make the network send `txid`.");
}

/// The status a change leads to, by hold and rules. The rule that holds it now, or null.
const PostbackRule* settle_status(const Reading& reading, const Facts& facts, ConversionStatus status,
                                  Conversion& changed) {
  const bool approves = status == ConversionStatus::approved && changed.status != ConversionStatus::approved;
  if (is_held(changed) && approves) return nullptr;
  changed.status = status;
  if (status == ConversionStatus::rejected) changed.hold_until.reset();
  if (!approves) return nullptr;
  const PostbackRule* rule = matching_rule(reading, *facts.click, changed);
  return hold_by_rule(rule, reading.arrival, changed) ? rule : nullptr;
}

std::string unchanged_message(const Conversion& found) {
  if (is_held(found)) return "The conversion is held as pending " + hold_text(*found.hold_until) + "; nothing changes.";
  return "The conversion is " + std::string(to_string(found.status)) + " already and nothing else differs.";
}

/// Status and values, as the policy has it.
void judge_change(const Reading& reading, const Facts& facts, const Conversion& found, const Offer* offer,
                  Judgement& judgement) {
  const ConversionStatus status = next_status(reading, found);
  const bool adds = reading.network->repeat_policy(reading.event) == RepeatPolicy::add;
  if (adds && keeps_status(reading, found)) return judge_addition(reading, facts, found, offer, judgement);
  Conversion changed = found;
  if (changed.currency.empty() && reading.currency.empty()) changed.currency = default_currency(reading, offer);
  auto& warnings = judgement.verdict.warnings;
  const bool values_changed = apply_given(reading, changed, adds || rejects_newest(reading), warnings);
  const PostbackRule* holding = settle_status(reading, facts, status, changed);
  const bool moved = changed.status != found.status || changed.hold_until != found.hold_until;
  if (!values_changed && !moved) return duplicate_judgement(judgement, unchanged_message(found));
  if (rejects_newest(reading)) warn_of_choice(found, warnings);
  if (moved) changed.original_status.clear();
  record_change(reading, changed);
  accept_judgement(
      judgement, VerdictCode::updated,
      change_message(found.status, changed.status) + (holding != nullptr ? held_by(*holding, changed) : "."));
  judgement.effect = std::move(changed);
}

}  // namespace

void judge_existing(const Reading& reading, const Facts& facts, const Conversion& found, const Offer* offer,
                    Judgement& judgement) {
  speak_of(found, judgement);
  if (is_resend(reading, facts, found)) {
    return duplicate_judgement(judgement, "This postback came before; nothing changes.");
  }
  if (reading.network->repeat_policy(reading.event) == RepeatPolicy::ignore)
    return judge_ignored(reading, found, judgement);
  const bool goes_back =
      next_status(reading, found) == ConversionStatus::pending && found.status != ConversionStatus::pending;
  if (goes_back) return refuse_transition(reading, found, judgement);
  judge_change(reading, facts, found, offer, judgement);
}

}  // namespace postback
