// Judges a postback of the log: today's rules, its own time.
#include "postback/domain/judge_again.hpp"

#include "domain/conversion_record.hpp"
#include "domain/judgement_outcome.hpp"
#include "domain/verdict_text.hpp"
#include "postback/base/time_text.hpp"

#include <utility>

namespace postback {
namespace {

/// How conversion_change writes a status that is no known word.
constexpr std::string_view kUnknownWord = "status=unknown ";

/// Whether the word that left the conversion as it is was unknown then and says something else now.
bool is_word_known_now(const Reading& reading, const Conversion& own) {
  if (reading.refusal || reading.test || reading.status_unknown || own.hold_until) return false;
  if (!own.last_said.starts_with(kUnknownWord)) return false;
  return reading.status != own.status && reading.status != ConversionStatus::pending;
}

Judgement with_known_word(const Reading& reading, const Conversion& own) {
  Judgement judgement;
  Conversion changed = own;
  changed.status = reading.status;
  record_change(reading, changed);
  speak_of(own, judgement);
  judgement.verdict.result = VerdictResult::accepted;
  judgement.verdict.code = VerdictCode::updated;
  judgement.verdict.message = "Its status `" + shortened(reading.original_status, kLongestQuote) +
                              "` was an unknown word and is known now: the conversion was " +
                              std::string(to_string(own.status)) + " and is " + std::string(to_string(reading.status)) +
                              ".";
  judgement.verdict.evidence = shortened(reading.logged_target, kLongestEvidence);
  judgement.effect = std::move(changed);
  return judgement;
}

/// The conversion that this postback would change, if something that came later changed it; else null.
const Conversion* changed_later(const Reading& reading, const Facts& facts) {
  for (const auto* found : {&facts.conversion, &facts.newest}) {
    if (*found && (*found)->updated > reading.arrival) return &**found;
  }
  return nullptr;
}

/// Whether this judgement would undo what came later; sums and further conversions undo nothing.
bool undoes(const Judgement& judgement) {
  if (judgement.effect) return !judgement.creates && judgement.verdict.code == VerdictCode::updated;
  return judgement.verdict.code == VerdictCode::status_transition;
}

void yield_to(const Conversion& later, Judgement& judgement) {
  auto warnings = std::move(judgement.verdict.warnings);
  judgement = {};
  speak_of(later, judgement);
  judgement.verdict.result = VerdictResult::duplicate;
  judgement.verdict.code = VerdictCode::duplicate;
  judgement.verdict.message = "Another postback, which arrived later (" + format_rfc3339(later.updated) +
                              "), has changed this conversion already; its word stands.";
  judgement.verdict.warnings = std::move(warnings);
}

}  // namespace

JudgedAgain judge_again(const Reading& reading, const Facts& facts, const EarlierJudgement& earlier) {
  if (reading.test || earlier.result == to_string(VerdictResult::test)) return {};
  if (earlier.had_effect()) {
    if (!earlier.own || !is_word_known_now(reading, *earlier.own)) return {};
    return {with_known_word(reading, *earlier.own), true};
  }
  const bool refused =
      earlier.result == to_string(VerdictResult::refused) || earlier.code == to_string(VerdictCode::ignored_by_rule);
  const Conversion* const later = changed_later(reading, facts);
  // What was no news then is none now, whatever the conversion has become since.
  if (later != nullptr && !refused) return {};
  JudgedAgain again{judge(reading, facts), false};
  if (later != nullptr && undoes(again.judgement)) yield_to(*later, again.judgement);
  const Verdict& verdict = again.judgement.verdict;
  again.changes =
      again.judgement.effect || to_string(verdict.code) != earlier.code || to_string(verdict.result) != earlier.result;
  return again;
}

}  // namespace postback
