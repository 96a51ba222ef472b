// judge(): from what a postback says and what the store knows to the verdict and its effect.
#include "domain/conversion_change.hpp"
#include "domain/verdict_text.hpp"
#include "postback/base/time_text.hpp"
#include "postback/domain/matcher.hpp"

#include <utility>

namespace postback {
namespace {

/// Networks often send whole seconds: a conversion in the second of its click is not before it.
constexpr std::chrono::milliseconds kClockGrain{1000};

void refuse_unknown_click(const Reading& reading, Judgement& judgement) {
  refuse_judgement(judgement, VerdictCode::click_unknown, "The click ID is valid, but its click is not recorded here.",
                   "Click " + to_string(reading.click_id) + " of " + format_rfc3339(reading.click_id.time()) +
                       " is not in the store.",
                   "Check whether the click belongs to another installation with the same keys, or was lost when a "
                   "store was restored "
                   "or the process died without it. The postback is kept in the log.");
}

/// Whether the offer was changed after the click, so that its network may have been another one then.
bool changed_since(const Reading& reading, const ClickFacts& click, const Offer& offer) {
  const EntityDocument* document = reading.catalog->document(EntityKind::offer, offer.id);
  return document != nullptr && document->revision > click.revision;
}

/// Whether the click belongs to the network that called. Without the click's offer nobody can tell, and it is believed;
/// likewise when the offer was changed after the click.
bool network_matches(const Reading& reading, const ClickFacts& click, const Offer* offer, Judgement& judgement) {
  if (offer == nullptr) {
    judgement.verdict.warnings.emplace_back(
        "The click has no offer in the catalog, so its network could not be compared.");
    return true;
  }
  // By number: the networks of two snapshots are different objects.
  if (offer->network->number == reading.network->number) return true;
  const std::string& theirs = offer->network->id;
  const std::string& ours = reading.network->id;
  if (changed_since(reading, click, *offer)) {
    judgement.verdict.warnings.push_back("Offer `" + offer->id + "` is on network `" + theirs +
                                         "` now, but was changed after the click, so the postback of network `" + ours +
                                         "` was believed.");
    return true;
  }
  refuse_judgement(judgement, VerdictCode::network_mismatch,
                   "The click belongs to another network than the one that sent this postback.",
                   "Click " + to_string(reading.click_id) + " (number " + std::to_string(click.id) +
                       ") went to offer `" + offer->id + "` of network `" + theirs +
                       "`, which was not changed since; the postback came to network `" + ours + "`.",
                   "If the sender is network `" + theirs + "`, use its postback URL, /postback/" + theirs +
                       ". If the offer is on network `" + ours + "`, correct the offer's network.");
  return false;
}

const std::string& default_currency(const Reading& reading, const Offer* offer) {
  return offer != nullptr && !offer->currency.empty() ? offer->currency : reading.network->currency;
}

/// Payout and currency of a new conversion: as sent, else the offer's; the offer's payout goes with its currency.
void settle_money(const Reading& reading, const Offer* offer, Conversion& conversion, Judgement& judgement) {
  auto& warnings = judgement.verdict.warnings;
  const bool from_offer = !reading.payout && offer != nullptr && offer->payout.has_value();
  conversion.payout = from_offer ? *offer->payout : reading.payout.value_or(0);
  conversion.currency = reading.currency.empty() || from_offer ? default_currency(reading, offer) : reading.currency;
  if (from_offer && !reading.network->fixed_payout) {
    warnings.emplace_back("No usable payout arrived, so the offer's payout counts; make the network send `payout`.");
  } else if (!reading.payout && !from_offer) {
    warnings.emplace_back(
        "No usable payout arrived and the offer has none, so the payout is 0; set one, or make the network send "
        "`payout`.");
  }
  if (from_offer && !reading.currency.empty() && reading.currency != conversion.currency) {
    warnings.push_back("The currency " + reading.currency +
                       " was left aside, since the offer's payout counts, in its own currency.");
  }
  conversion.amount = usable_amount(reading, conversion.currency, warnings);
  warn_without_currency(reading, conversion, warnings);
}

/// The time of a conversion: the network's word between click and arrival, else the arrival.
TimeMs settle_time(const Reading& reading, Judgement& judgement) {
  if (!reading.time) return reading.arrival;
  const TimeMs clicked = reading.click_id.time();
  if (*reading.time >= clicked && *reading.time <= reading.arrival) return *reading.time;
  if (*reading.time<clicked&& * reading.time> clicked - kClockGrain) return clicked;
  judgement.verdict.warnings.push_back(
      "The time " + format_rfc3339(*reading.time) + " is " +
      (*reading.time < clicked ? "before the click" : "after this postback's arrival") +
      "; the arrival counts instead.");
  return reading.arrival;
}

void judge_new(const Reading& reading, const Facts& facts, const Offer* offer, Judgement& judgement) {
  Conversion conversion;
  settle_money(reading, offer, conversion, judgement);
  conversion.click = facts.click->id;
  conversion.number = facts.conversions_of_click + 1;
  conversion.event = reading.event;
  conversion.txid = reading.txid;
  conversion.status = reading.status;
  conversion.original_status = reading.original_status;
  conversion.reason = reading.reason;
  conversion.time = settle_time(reading, judgement);
  conversion.updated = reading.arrival;
  conversion.revision = 1;
  conversion.last_said = said_text(reading);
  judgement.verdict.result = VerdictResult::accepted;
  judgement.verdict.code = VerdictCode::converted;
  judgement.verdict.message = "A new conversion was counted as " + std::string(to_string(conversion.status)) + ".";
  judgement.conversion_number = conversion.number;
  judgement.creates = true;
  judgement.effect = std::move(conversion);
}

/// What arrived, for verdicts that have no more telling evidence; and what to do about warnings.
void complete_verdict(const Reading& reading, Verdict& verdict) {
  if (verdict.evidence.empty()) verdict.evidence = shortened(reading.logged_target, kLongestEvidence);
  if (verdict.fix.empty() && !verdict.warnings.empty()) {
    verdict.fix = "To be rid of the warnings, correct the postback URL at network `" + reading.network->id +
                  "` or the entry they name.";
  }
}

/// A fixed payout that the offer does not have: what arrived counts rather than nothing.
std::optional<Reading> with_spare_payout(const Reading& reading, const Facts& facts) {
  if (reading.refusal || !reading.spare_payout || !facts.click) return std::nullopt;
  const Offer* offer = reading.catalog->offer(facts.click->offer);
  if (offer != nullptr && offer->payout) return std::nullopt;
  Reading own = reading;
  own.payout = std::exchange(own.spare_payout, std::nullopt);
  if (own.currency.empty()) own.currency = own.spare_currency;
  own.warnings.push_back("The payout of network `" + reading.network->id +
                         "` is fixed, but the offer has none, so the " + format_decimal(*own.payout) +
                         " that arrived counts; set the offer's payout.");
  return own;
}

void forget_effect(Judgement& judgement) {
  make_test(judgement.verdict);
  if (judgement.creates) judgement.conversion_number = 0;
  judgement.effect.reset();
  judgement.creates = false;
}

}  // namespace

Judgement judge(const Reading& reading, const Facts& facts) {
  if (const auto own = with_spare_payout(reading, facts)) return judge(*own, facts);
  Judgement judgement;
  if (reading.refusal) {
    judgement.verdict = *reading.refusal;
    return judgement;
  }
  judgement.verdict.warnings = reading.warnings;
  if (!facts.click) {
    refuse_unknown_click(reading, judgement);
  } else if (const Offer* offer = reading.catalog->offer(facts.click->offer);
             network_matches(reading, *facts.click, offer, judgement)) {
    if (facts.conversion) {
      judge_existing(reading, *facts.conversion, default_currency(reading, offer), judgement);
    } else {
      judge_new(reading, facts, offer, judgement);
    }
  }
  complete_verdict(reading, judgement.verdict);
  if (reading.test) forget_effect(judgement);
  return judgement;
}

}  // namespace postback
