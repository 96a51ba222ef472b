// judge(): from what a postback says and what the store knows to the verdict and its effect.
#include "domain/conversion_change.hpp"
#include "domain/conversion_creation.hpp"
#include "domain/judgement_outcome.hpp"
#include "domain/verdict_text.hpp"
#include "postback/base/time_text.hpp"
#include "postback/domain/conversion_lookup.hpp"
#include "postback/domain/matcher.hpp"
#include "postback/domain/offer_caps.hpp"

#include <utility>

namespace postback {
namespace {

void refuse_unknown_click(const Reading& reading, Judgement& judgement) {
  refuse_judgement(judgement, VerdictCode::click_unknown, "The click ID is valid, but its click is not recorded here.",
                   "Click " + to_string(reading.click_id) + " of " + format_rfc3339(reading.click_id.time()) +
                       " is not in the store.",
                   "Check whether the click belongs to another installation with the same keys, or was lost: when a "
                   "store was restored, when the process died without it, or when the memory for clicks was full while "
                   "the store refused (`postbackd_clicks_unrecorded_total` in the metrics, `recorder.visits_lost` in "
                   "the log). The postback is kept in the log.");
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

/// The conversion that the reading speaks of; null: it would be a new one. Under `new`, a request of the resend window
/// speaks of the one that it made, whatever became of that since: after a rejection its bytes reinstate it, as they do
/// under every policy, since a second conversion would count one sale twice. Later they are another sale's.
const Conversion* spoken_of(const Reading& reading, const Facts& facts) {
  const auto pointer = [](const std::optional<Conversion>& found) { return found ? &*found : nullptr; };
  if (!counts_each(reading)) return pointer(facts.conversion);
  if (facts.same_request) return pointer(facts.same_request);
  return rejects_newest(reading) ? pointer(facts.newest) : nullptr;
}

/// A conversion stays with its offer, whichever one the visitor went to later.
const Offer* offer_of(const Reading& reading, const Facts& facts, const Conversion* found) {
  return reading.catalog->offer(found != nullptr && found->offer != 0 ? found->offer : facts.click->offer);
}

/// Refuses a new conversion of a click that is older than the network's window. Whether it did.
bool expired(const Reading& reading, Judgement& judgement) {
  const auto window = reading.network->policies.attribution_window;
  const TimeMs clicked = reading.click_id.time();
  const TimeMs converted = conversion_time(reading);
  if (window.count() == 0 || converted - clicked <= window) return false;
  refuse_judgement(
      judgement, VerdictCode::click_expired, "The click is older than the attribution window of its network.",
      "The click is of " + format_rfc3339(clicked) + ", the conversion of " + format_rfc3339(converted) +
          "; the window of network `" + reading.network->id + "` is " + std::to_string(window.count()) + " s.",
      "If it should count, widen `attribution_window_s` of network `" + reading.network->id +
          "`, then replay this postback.");
  return true;
}

/// Under a wider scope of transaction IDs.
void warn_of_other_click(const Reading& reading, const ClickFacts& click, const Conversion& found,
                         std::vector<std::string>& warnings) {
  if (found.click == click.id) return;
  warnings.push_back("The transaction ID `" + shortened(found.txid, kLongestQuote) + "` belongs to conversion " +
                     std::to_string(found.number) + " of another click, number " + std::to_string(found.click) +
                     " of " + format_rfc3339(snowflake_time(found.click)) + ", and the `txid_scope` of network `" +
                     reading.network->id + "` is wider than a click: this postback is about that conversion.");
}

void judge_known_click(const Reading& reading, const Facts& facts, Judgement& judgement) {
  const Conversion* found = spoken_of(reading, facts);
  if (found == nullptr && expired(reading, judgement)) return;
  const Offer* offer = offer_of(reading, facts, found);
  if (!network_matches(reading, *facts.click, offer, judgement)) return;
  if (found == nullptr) return judge_new(reading, facts, offer, judgement);
  warn_of_other_click(reading, *facts.click, *found, judgement.verdict.warnings);
  judge_existing(reading, facts, *found, offer, judgement);
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
  const Offer* offer = offer_of(reading, facts, spoken_of(reading, facts));
  if (offer != nullptr && offer->payout) return std::nullopt;
  Reading own = reading;
  own.payout = std::exchange(own.spare_payout, std::nullopt);
  if (own.currency.empty()) own.currency = own.spare_currency;
  own.warnings.push_back("The payout of network `" + reading.network->id +
                         "` is fixed, but the offer has none, so the " + format_decimal(*own.payout) +
                         " that arrived counts; set the offer's payout.");
  return own;
}

/// A paid conversion is never refused for our own bookkeeping: a cap only re-routes the clicks that follow.
void warn_of_caps(const Reading& reading, const Facts& facts, std::vector<std::string>& warnings) {
  const Offer* offer = reading.catalog->offer(facts.click->offer);
  if (offer == nullptr || !facts.offer_counts) return;
  const std::string_view cap = reached_cap(offer->caps, *facts.offer_counts);
  if (cap.empty()) return;
  warnings.push_back("Offer `" + offer->id + "` has had its conversions (cap `" + std::string(cap) +
                     "`); this one counts all the same.");
}

void forget_effect(Judgement& judgement) {
  make_test(judgement.verdict);
  if (judgement.creates) judgement.conversion_number = 0;
  if (judgement.creates) judgement.conversion_click = 0;
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
  if (facts.click) {
    judge_known_click(reading, facts, judgement);
  } else {
    refuse_unknown_click(reading, judgement);
  }
  if (judgement.creates) warn_of_caps(reading, facts, judgement.verdict.warnings);
  complete_verdict(reading, judgement.verdict);
  if (reading.test) forget_effect(judgement);
  return judgement;
}

}  // namespace postback
