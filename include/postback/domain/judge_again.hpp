// judge_again(): what a postback of the log counts as today, as of the time when it arrived.
#pragma once

#include "postback/domain/matcher.hpp"

#include <optional>
#include <string>

namespace postback {

/// What became of a logged postback so far.
struct EarlierJudgement {
  std::string code;      ///< As it stands in the log.
  std::string result;    ///< Likewise.
  std::string status{};  ///< What its status word meant then; empty: it was not read.
  /// The conversion that it made or changed, if nothing changed that since: read only where `had_effect`.
  std::optional<Conversion> own{};
  bool had_effect() const { return result == to_string(VerdictResult::accepted) && code != "ignored_by_rule"; }
};

struct JudgedAgain {
  Judgement judgement;
  bool changes = false;  ///< Whether the log or a conversion is to be changed; without, `judgement` is of no account.
};

/// Judges again. A postback has at most one effect: one that had it stays as it is, unless its status word was unknown
/// then and is known now, which becomes one more revision of its conversion, as today's rules have it. What arrived
/// before the newest change of a conversion does not undo that change: it counts as a duplicate. A test, and a verdict
/// that says the same as before, change nothing.
JudgedAgain judge_again(const Reading& reading, const Facts& facts, const EarlierJudgement& earlier);

}  // namespace postback
