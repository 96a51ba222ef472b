// Shows a postback, its conversion and its click to conditions.
#include "domain/postback_rules.hpp"

#include "domain/judgement_outcome.hpp"
#include "domain/verdict_text.hpp"
#include "postback/base/time_text.hpp"
#include "postback/domain/conversion_hold.hpp"
#include "postback/domain/parameters.hpp"

#include <array>
#include <utility>

namespace postback {
namespace {

using Kind = ConditionField::Kind;

/// In the order of kFields.
enum class RuleField : std::uint8_t {
  payout,
  amount,
  currency,
  event,
  status,
  original_status,
  reason,
  txid,
  campaign,
  offer,
  source,
  lander,
  external_id,
  country,
  region,
  city,
  device,
  os,
  browser,
  language,
  ip,
  referrer,
  user_agent,
  bot,
  unique,
  query,
  first_sub,
};

constexpr std::array<ConditionField, static_cast<std::size_t>(RuleField::first_sub) + kSubIdCount> kFields{{
    {"payout", Kind::number},
    {"amount", Kind::number},
    {"currency"},
    {"event"},
    {"status"},
    {"original_status"},
    {"reason"},
    {"txid"},
    {"campaign"},
    {"offer"},
    {"source"},
    {"lander"},
    {"external_id"},
    {"country"},
    {"region"},
    {"city"},
    {"device"},
    {"os"},
    {"browser"},
    {"language"},
    {"ip", Kind::address},
    {"referrer"},
    {"user_agent"},
    {"bot", Kind::flag},
    {"unique", Kind::flag},
    {"query", Kind::text, true},
    {"sub1"},
    {"sub2"},
    {"sub3"},
    {"sub4"},
    {"sub5"},
    {"sub6"},
    {"sub7"},
    {"sub8"},
    {"sub9"},
    {"sub10"},
    {"sub11"},
    {"sub12"},
    {"sub13"},
    {"sub14"},
    {"sub15"},
    {"sub16"},
    {"sub17"},
    {"sub18"},
    {"sub19"},
    {"sub20"},
}};

class RuleValues final : public ConditionValues {
 public:
  RuleValues(const Reading& reading, const ClickFacts& click, const Conversion& conversion)
      : reading_(reading), click_(click), conversion_(conversion) {}

  std::string_view value(std::size_t field, std::string_view name) const override {
    const auto which = static_cast<RuleField>(field);
    if (which < RuleField::campaign) return of_conversion(which);
    if (which < RuleField::external_id) return of_catalog(which);
    if (click_.row == nullptr) return {};
    if (which >= RuleField::first_sub) return click_.row->sub[field - static_cast<std::size_t>(RuleField::first_sub)];
    if (which == RuleField::query) return of_query(name);
    return of_visitor(*click_.row, which);
  }

 private:
  std::string_view of_conversion(RuleField field) const {
    switch (field) {
      case RuleField::payout: return text_ = format_decimal(conversion_.payout);
      case RuleField::amount:
        text_ = conversion_.amount ? format_decimal(*conversion_.amount) : std::string();
        return text_;
      case RuleField::currency: return conversion_.currency;
      case RuleField::event: return conversion_.event;
      case RuleField::status: return to_string(conversion_.status);
      case RuleField::original_status: return conversion_.original_status;
      case RuleField::reason: return conversion_.reason;
      default: return conversion_.txid;
    }
  }

  std::string_view of_catalog(RuleField field) const {
    const Catalog& catalog = *reading_.catalog;
    switch (field) {
      case RuleField::campaign: return catalog.id_of(EntityKind::campaign, click_.campaign);
      case RuleField::offer:
        return catalog.id_of(EntityKind::offer, conversion_.offer != 0 ? conversion_.offer : click_.offer);
      case RuleField::source: return click_.row ? catalog.id_of(EntityKind::source, click_.row->source) : "";
      default: return click_.row ? catalog.id_of(EntityKind::lander, click_.row->lander) : "";
    }
  }

  static std::string_view of_visitor(const StoredClick& row, RuleField field) {
    switch (field) {
      case RuleField::external_id: return row.external_id;
      case RuleField::country: return row.country;
      case RuleField::region: return row.region;
      case RuleField::city: return row.city;
      case RuleField::device: return row.device;
      case RuleField::os: return row.os;
      case RuleField::browser: return row.browser;
      case RuleField::language: return row.language;
      case RuleField::ip: return row.ip;
      case RuleField::referrer: return row.referrer;
      case RuleField::user_agent: return row.user_agent;
      case RuleField::bot: return row.bot ? "true" : "false";
      case RuleField::unique: return !row.unique ? "" : *row.unique ? "true" : "false";
      default: return {};
    }
  }

  /// A parameter of the tracking link that the source does not map.
  std::string_view of_query(std::string_view name) const {
    parameters_.clear();
    parameters_.add_query(click_.row->extra);
    return parameters_.find(name).value_or(std::string_view());
  }

  const Reading& reading_;
  const ClickFacts& click_;
  const Conversion& conversion_;
  mutable std::string text_;
  mutable Parameters parameters_;
};

std::string rule_name(const PostbackRule& rule, const char* otherwise) {
  return rule.name.empty() ? otherwise : "`" + shortened(rule.name, kLongestQuote) + "`";
}

}  // namespace

std::span<const ConditionField> postback_rule_fields() { return kFields; }

const PostbackRule* matching_rule(const Reading& reading, const ClickFacts& click, const Conversion& as_judged) {
  const auto& rules = reading.network->policies.rules;
  if (rules.empty()) return nullptr;
  const RuleValues values(reading, click, as_judged);
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
