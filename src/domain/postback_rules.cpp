// Asks the rules of a network what to do with a conversion, and says so.
#include "domain/postback_rules.hpp"

#include "domain/conversion_values.hpp"
#include "domain/judgement_outcome.hpp"
#include "domain/verdict_text.hpp"
#include "postback/base/time_text.hpp"
#include "postback/domain/conversion_hold.hpp"

#include <utility>

namespace postback {

std::string rule_name(const PostbackRule& rule, const char* otherwise) {
  return rule.name.empty() ? otherwise : "`" + shortened(rule.name, kLongestQuote) + "`";
}

std::span<const ConditionField> postback_rule_fields() { return conversion_fields(); }

const PostbackRule* matching_rule(const Reading& reading, const ClickFacts& click, const Conversion& as_judged) {
  const auto& rules = reading.network->policies.rules;
  if (rules.empty()) return nullptr;
  const ConversionValues values({.catalog = *reading.catalog,
                                 .conversion = &as_judged,
                                 .click = click.row.get(),
                                 .campaign = click.campaign,
                                 .offer = as_judged.offer != 0 ? as_judged.offer : click.offer});
  for (const auto& rule : rules) {
    if (rule.when.matches(values)) return &rule;
  }
  return nullptr;
}

void ignore_by_rule(const PostbackRule& rule, Judgement& judgement) {
  refuse_judgement(
      judgement, VerdictCode::ignored_by_rule,
      "The rule " + rule_name(rule, "without a name") + " of the network ignores such postbacks; nothing was counted.",
      {}, "If it should count, change or remove the rule, then replay this postback.");
  // The network did nothing wrong and need not send it again.
  judgement.verdict.result = VerdictResult::accepted;
}

bool hold_by_rule(const PostbackRule* rule, TimeMs arrival, Conversion& conversion) {
  const bool holds = rule != nullptr && rule->action == RuleAction::hold;
  if (!holds || conversion.status != ConversionStatus::approved) return false;
  conversion.status = ConversionStatus::pending;
  conversion.hold_until = rule->hold_for.count() == 0 ? kUntilDecided : arrival + rule->hold_for;
  return true;
}

std::string held_by(const PostbackRule& rule, const Conversion& conversion) {
  return ": the rule " + rule_name(rule, "without a name") + " of the network holds it " +
         hold_text(*conversion.hold_until) + ".";
}

std::string hold_text(TimeMs hold_until) {
  return hold_until == kUntilDecided ? "until somebody decides" : "until " + format_rfc3339(hold_until);
}

}  // namespace postback
