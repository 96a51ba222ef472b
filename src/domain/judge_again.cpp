// Judges a postback of the log: today's rules, its own time.
#include "postback/domain/judge_again.hpp"

#include "domain/judgement_outcome.hpp"
#include "domain/known_word.hpp"
#include "postback/base/time_text.hpp"

#include <utility>

namespace postback {
namespace {

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

/// Whether its status word, which was unknown perhaps, stands for another status today.
bool means_more(const Reading& reading, const EarlierJudgement& earlier) {
  if (reading.refusal || reading.original_status.empty() || earlier.status.empty()) return false;
  return earlier.status != to_string(reading.status);
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
    if (!earlier.own || !facts.click || !is_word_known_now(reading, *earlier.own)) return {};
    JudgedAgain again;
    judge_known_word(reading, *facts.click, *earlier.own, again.judgement);
    again.changes = again.judgement.effect.has_value();
    return again;
  }
  const bool refused =
      earlier.result == to_string(VerdictResult::refused) || earlier.code == to_string(VerdictCode::ignored_by_rule);
  const Conversion* const later = changed_later(reading, facts);
  // What was no news then is none now, whatever the conversion has become since; unless its word means another thing.
  if (later != nullptr && !refused && !means_more(reading, earlier)) return {};
  JudgedAgain again{judge(reading, facts), false};
  if (later != nullptr && undoes(again.judgement)) yield_to(*later, again.judgement);
  const Verdict& verdict = again.judgement.verdict;
  again.changes =
      again.judgement.effect || to_string(verdict.code) != earlier.code || to_string(verdict.result) != earlier.result;
  return again;
}

}  // namespace postback
