// Settles what a new conversion is, and asks the rules.
#include "domain/conversion_creation.hpp"

#include "domain/conversion_money.hpp"
#include "domain/conversion_record.hpp"
#include "domain/judgement_outcome.hpp"
#include "domain/postback_rules.hpp"
#include "postback/base/time_text.hpp"
#include "postback/domain/conversion_lookup.hpp"

#include <utility>

namespace postback {
namespace {

constexpr std::chrono::milliseconds kClockGrain{1000};

void warn_of_time(const Reading& reading, std::vector<std::string>& warnings) {
  if (!reading.time) return;
  const TimeMs clicked = reading.click_id.time();
  const bool early = *reading.time <= clicked - kClockGrain;
  if (!early && *reading.time <= reading.arrival) return;
  warnings.push_back("The time " + format_rfc3339(*reading.time) + " is " +
                     (early ? "before the click" : "after this postback's arrival") + "; the arrival counts instead.");
}

Conversion new_conversion(const Reading& reading, const Facts& facts, const Offer* offer, Judgement& judgement) {
  auto& warnings = judgement.verdict.warnings;
  Conversion conversion;
  Money paid = settled_payout(reading, offer, warnings);
  conversion.payout = paid.micros;
  conversion.currency = std::move(paid.currency);
  conversion.amount = usable_amount(reading, conversion.currency, warnings);
  warn_without_currency(reading, conversion, warnings);
  conversion.click = facts.click->id;
  conversion.offer = facts.click->offer;
  conversion.number = facts.conversions_of_click + 1;
  conversion.event = reading.event;
  conversion.txid = reading.txid;
  if (counts_each(reading)) conversion.slot = conversion.number;
  conversion.status = reading.status;
  conversion.reason = reading.reason;
  conversion.time = conversion_time(reading);
  warn_of_time(reading, warnings);
  record_change(reading, conversion);
  return conversion;
}

}  // namespace

TimeMs conversion_time(const Reading& reading) {
  if (!reading.time) return reading.arrival;
  const TimeMs clicked = reading.click_id.time();
  if (*reading.time >= clicked && *reading.time <= reading.arrival) return *reading.time;
  const bool same_second = *reading.time<clicked&& * reading.time> clicked - kClockGrain;
  return same_second ? clicked : reading.arrival;
}

void judge_new(const Reading& reading, const Facts& facts, const Offer* offer, Judgement& judgement) {
  Conversion conversion = new_conversion(reading, facts, offer, judgement);
  const PostbackRule* rule = matching_rule(reading, *facts.click, conversion);
  if (rule != nullptr && rule->action == RuleAction::reject) return ignore_by_rule(*rule, judgement);
  const bool held = hold_by_rule(rule, reading.arrival, conversion);
  accept_judgement(judgement, VerdictCode::converted,
                   "A new conversion was counted as " + std::string(to_string(conversion.status)) +
                       (held ? held_by(*rule, conversion) : "."));
  judgement.creates = true;
  speak_of(conversion, judgement);
  judgement.effect = std::move(conversion);
}

}  // namespace postback
