// A status word that meant nothing when its postback came and means something today.
#pragma once

#include "postback/domain/matcher.hpp"

namespace postback {

/// Whether `own`, as the reading's postback left it, was left so with a word that was unknown then and is known now.
bool is_word_known_now(const Reading& reading, const Conversion& own);

/// What the word makes of `own`: nothing but its status changes, and only as the network's rules have it. One that the
/// postback had made is rejected where a rule ignores such postbacks: conversions are never deleted. No effect where
/// the status stays.
void judge_known_word(const Reading& reading, const ClickFacts& click, const Conversion& own, Judgement& judgement);

}  // namespace postback
