// Shows a conversion, its click and the network's request to conditions.
#include "domain/conversion_values.hpp"

#include "domain/condition_node.hpp"
#include "domain/recorded_values.hpp"
#include "postback/base/money.hpp"
#include "postback/domain/snowflake.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace postback {
namespace {

using Kind = ConditionField::Kind;

/// In the order of kFields.
enum class Field : std::uint8_t {
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
  network = first_sub + kSubIdCount,
  postback,
  cost,
  timestamp,
  conversion_time,
  random,
};

constexpr std::array<ConditionField, static_cast<std::size_t>(Field::random) + 1> kFields{{
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
    {"network"},
    {"postback", Kind::text, true},
    {"cost", Kind::number},
    {"timestamp"},
    {"conversion_time"},
    {"random"},
}};

constexpr bool is_text_of_catalog(Field field) {
  return (field >= Field::campaign && field < Field::external_id) || field == Field::network;
}

bool looks_at(const ConditionNode& node, Field field) {
  if (node.kind == ConditionNode::Kind::comparison) return node.field == static_cast<std::size_t>(field);
  return std::ranges::any_of(node.children(), [field](const ConditionNode& child) { return looks_at(child, field); });
}

std::string_view of_conversion(const Conversion& conversion, Field field, std::string& text) {
  switch (field) {
    case Field::payout: return text = format_decimal(conversion.payout);
    case Field::amount: return text = conversion.amount ? format_decimal(*conversion.amount) : std::string();
    case Field::currency: return conversion.currency;
    case Field::event: return conversion.event;
    case Field::status: return to_string(conversion.status);
    case Field::original_status: return conversion.original_status;
    case Field::reason: return conversion.reason;
    default: return conversion.txid;
  }
}

std::string_view of_visitor(const StoredClick& row, Field field) {
  switch (field) {
    case Field::external_id: return row.external_id;
    case Field::country: return row.country;
    case Field::region: return row.region;
    case Field::city: return row.city;
    case Field::device: return row.device;
    case Field::os: return row.os;
    case Field::browser: return row.browser;
    case Field::language: return row.language;
    case Field::ip: return row.ip;
    case Field::referrer: return row.referrer;
    case Field::user_agent: return row.user_agent;
    case Field::bot: return row.bot ? "true" : "false";
    case Field::unique: return !row.unique ? "" : *row.unique ? "true" : "false";
    default: return {};
  }
}

std::string seconds_text(TimeMs time) {
  return std::to_string(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
}

/// {random} has ten digits at most.
constexpr std::uint64_t kRandomNumbers = 10'000'000'000;

}  // namespace

std::string_view ConversionValues::value(std::size_t index, std::string_view name) const {
  const auto field = static_cast<Field>(index);
  if (field < Field::campaign) {
    return facts_.conversion == nullptr ? std::string_view() : of_conversion(*facts_.conversion, field, text_);
  }
  if (is_text_of_catalog(field)) return of_catalog(index);
  if (field == Field::postback) {
    return facts_.postback == nullptr ? std::string_view() : facts_.postback->find(name).value_or(std::string_view());
  }
  if (field > Field::postback) return of_event(index);
  if (facts_.click == nullptr) return {};
  if (field >= Field::first_sub) return facts_.click->sub[index - static_cast<std::size_t>(Field::first_sub)];
  if (field == Field::query) return of_query(name);
  return of_visitor(*facts_.click, field);
}

std::string_view ConversionValues::of_catalog(std::size_t index) const {
  const Catalog& catalog = facts_.catalog;
  switch (static_cast<Field>(index)) {
    case Field::campaign: return catalog.id_of(EntityKind::campaign, facts_.campaign);
    case Field::offer: return catalog.id_of(EntityKind::offer, facts_.offer);
    case Field::source: return facts_.click == nullptr ? "" : catalog.id_of(EntityKind::source, facts_.click->source);
    case Field::network: {
      const Offer* const offer = catalog.offer(facts_.offer);
      return offer == nullptr ? std::string_view() : offer->network->id;
    }
    default: return facts_.click == nullptr ? "" : catalog.id_of(EntityKind::lander, facts_.click->lander);
  }
}

/// As the tokens of these names in what is sent.
std::string_view ConversionValues::of_event(std::size_t index) const {
  const auto* const click = facts_.click;
  const auto* const conversion = facts_.conversion;
  switch (static_cast<Field>(index)) {
    case Field::cost: return text_ = click != nullptr && click->cost ? format_decimal(*click->cost) : std::string();
    case Field::timestamp:
      return text_ = seconds_text(click != nullptr && click->id != 0 ? snowflake_time(click->id) : facts_.occurred);
    case Field::conversion_time:
      return text_ = seconds_text(conversion != nullptr ? conversion->time : facts_.occurred);
    default: return text_ = std::to_string(facts_.random % kRandomNumbers);
  }
}

std::string_view ConversionValues::of_query(std::string_view name) const {
  if (!read_parameters_) {
    const auto* const campaign = facts_.catalog.campaign(facts_.catalog.id_of(EntityKind::campaign, facts_.campaign));
    add_recorded_parameters(campaign == nullptr ? nullptr : campaign->source, *facts_.click, parameters_);
    read_parameters_ = true;
  }
  return parameters_.find(name).value_or(std::string_view());
}

std::span<const ConditionField> conversion_fields() {
  return std::span(kFields).first(static_cast<std::size_t>(Field::network));
}

std::span<const ConditionField> outgoing_fields() { return kFields; }

bool looks_at_postback(const Condition& condition) {
  return condition.root() != nullptr && looks_at(*condition.root(), Field::postback);
}

}  // namespace postback
