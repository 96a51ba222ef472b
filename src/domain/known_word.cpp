// Follows a word that is known now, by status table and rules.
#include "domain/known_word.hpp"

#include "domain/conversion_record.hpp"
#include "domain/judgement_outcome.hpp"
#include "domain/postback_rules.hpp"
#include "domain/verdict_text.hpp"
#include "postback/domain/conversion_lookup.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace postback {
namespace {

/// How said_text() writes a status that is no known word.
constexpr std::string_view kUnknownWord = "status=unknown ";

/// The rule that today's reading of the postback meets, or null.
const PostbackRule* rule_today(const Reading& reading, const ClickFacts& click, const Conversion& own) {
  Conversion as_judged = own;
  as_judged.event = reading.event;
  as_judged.status = reading.status;
  as_judged.original_status = reading.original_status;
  return matching_rule(reading, click, as_judged);
}

/// Whether the postback would have made no conversion, but made this one.
bool made_in_vain(const PostbackRule* rule, const Conversion& own) {
  return rule != nullptr && rule->action == RuleAction::reject && own.revision == 1;
}

/// What became of it and why, behind `the conversion was pending`.
std::string settle(const Reading& reading, const PostbackRule* rule, const Conversion& own, Conversion& changed) {
  if (made_in_vain(rule, own)) {
    changed.status = ConversionStatus::rejected;
    changed.hold_until.reset();
    return " and is rejected: the rule `" + rule->name + "` of the network ignores such postbacks.";
  }
  // Nothing goes back to pending; what is held is approved by time or hand.
  const bool stays = reading.status == ConversionStatus::pending || keeps_status(reading, own);
  if (stays) return {};
  changed.status = reading.status;
  changed.hold_until.reset();
  if (hold_by_rule(rule, reading.arrival, changed)) return " and waits" + held_by(*rule, changed);
  return " and is " + std::string(to_string(changed.status)) + ".";
}

void warn_of_identity(const Reading& reading, const Conversion& own, std::vector<std::string>& warnings) {
  if (reading.event != own.event) {
    warnings.push_back("The word stands for the event `" + reading.event +
                       "` as well, but a conversion keeps its event, `" + own.event + "`.");
  }
  if (own.revision == 1 && rejects_newest(reading)) {
    warnings.emplace_back(
        "It had been counted as a conversion of its own, which is rejected now. If the rejection was of another one, "
        "reject that by hand; make the network send `txid`.");
  }
}

}  // namespace

bool is_word_known_now(const Reading& reading, const Conversion& own) {
  if (reading.refusal || reading.test || reading.status_unknown) return false;
  // One that arrived before the newest change left the words of that in place.
  return own.updated == reading.arrival && own.last_said.starts_with(kUnknownWord);
}

void judge_known_word(const Reading& reading, const ClickFacts& click, const Conversion& own, Judgement& judgement) {
  Conversion changed = own;
  const std::string became = settle(reading, rule_today(reading, click, own), own, changed);
  if (changed.status == own.status && changed.hold_until == own.hold_until) return;
  record_change(reading, changed);
  speak_of(own, judgement);
  judgement.verdict.warnings = reading.warnings;
  warn_of_identity(reading, own, judgement.verdict.warnings);
  accept_judgement(judgement, VerdictCode::updated,
                   "Its status `" + shortened(reading.original_status, kLongestQuote) +
                       "` was an unknown word and is known now: the conversion was " +
                       std::string(to_string(own.status)) + became);
  judgement.verdict.evidence = shortened(reading.logged_target, kLongestEvidence);
  judgement.effect = std::move(changed);
}

}  // namespace postback
