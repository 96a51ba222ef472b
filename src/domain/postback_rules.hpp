// The rules of a network: what they look at, and what they do.
#pragma once

#include "postback/domain/matcher.hpp"

#include <span>
#include <string>

namespace postback {

/// What a rule's condition may look at.
std::span<const ConditionField> postback_rule_fields();

/// The network's first rule that matches, null for none. `as_judged`: the conversion as it would be without rules; its
/// sums, words and reason are what rules see. What the click's row does not say, or no row, is empty.
const PostbackRule* matching_rule(const Reading& reading, const ClickFacts& click, const Conversion& as_judged);

/// The rule's name as sentences have it, in backticks and not too long; `otherwise` for one without a name.
std::string rule_name(const PostbackRule& rule, const char* otherwise);

/// `ignored_by_rule`: logged, and nothing else.
void ignore_by_rule(const PostbackRule& rule, Judgement& judgement);

/// Makes a conversion that would be approved wait as pending, if `rule` (which may be null) holds. Whether it does.
bool hold_by_rule(const PostbackRule* rule, TimeMs arrival, Conversion& conversion);

/// The end of a sentence about a conversion that is pending by a rule, with the full stop.
std::string held_by(const PostbackRule& rule, const Conversion& conversion);
/// Until when a held conversion waits: `until 2026-01-31T12:00:00.000Z`, or `until somebody decides`.
std::string hold_text(TimeMs hold_until);

}  // namespace postback
