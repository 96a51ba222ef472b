// Reads scope, windows, events and rules of a network.
#include "domain/network_policies_reading.hpp"

#include "domain/condition_reading.hpp"
#include "domain/network_words.hpp"
#include "domain/postback_rules.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::uint32_t kLongestAttribution = 10 * 366 * 86'400;
constexpr std::uint32_t kLongestResend = 86'400;
constexpr std::size_t kMostEvents = 500;
constexpr std::size_t kMostRules = 100;
constexpr std::uint32_t kLongestHold = 366 * 86'400;

TxidScope read_scope(ObjectReader& reader, Json& canonical) {
  const std::string scope = reader.choice("txid_scope", "click", {"click", "offer", "network"});
  canonical["txid_scope"] = scope;
  if (scope == "offer") return TxidScope::offer;
  return scope == "network" ? TxidScope::network : TxidScope::click;
}

std::chrono::seconds read_seconds(ObjectReader& reader, std::string_view field, std::uint32_t fallback,
                                  std::uint32_t longest, Json& canonical) {
  const std::uint32_t seconds = reader.integer(field, fallback, 0, longest);
  canonical[std::string(field)] = seconds;
  return std::chrono::seconds{seconds};
}

std::vector<std::string> read_events(ObjectReader& reader) {
  std::vector<std::string> events;
  for (const Json& entry : reader.array("events", kMostEvents)) {
    const std::string given = entry.is_string() ? entry.get<std::string>() : std::string();
    if (given.empty()) reader.fault("events", "has an entry that is no event's name", "names such as \"sale\"");
    std::string event = event_name(reader, "events", given);
    if (!event.empty()) events.push_back(std::move(event));
  }
  std::ranges::sort(events);
  if (std::ranges::adjacent_find(events) != events.end())
    reader.fault("events", "has an event twice when case is ignored", "each event once");
  return events;
}

PostbackRule read_rule(ObjectReader& reader, Json& canonical) {
  PostbackRule rule;
  rule.name = reader.text("name");
  const Json* when = reader.find("when");
  rule.when =
      read_condition(when == nullptr ? Json() : *when, reader.path_of("when"), postback_rule_fields(), reader.faults());
  const std::string action = reader.choice("action", "accept", {"accept", "reject", "hold"});
  rule.action = action == "hold" ? RuleAction::hold : action == "reject" ? RuleAction::reject : RuleAction::accept;
  const std::uint32_t hold = reader.integer("hold_s", 0, 0, kLongestHold);
  rule.hold_for = std::chrono::seconds{hold};
  if (hold != 0 && rule.action != RuleAction::hold) reader.fault("hold_s", "stands without action hold", "no hold_s");
  reader.finish();
  canonical = Json{{"name", text_or_null(rule.name)},
                   {"when", when == nullptr ? Json::object() : *when},
                   {"action", action},
                   {"hold_s", hold}};
  return rule;
}

Json read_rules(ObjectReader& reader, std::vector<PostbackRule>& rules) {
  Json canonical = Json::array();
  const auto entries = reader.array("rules", kMostRules);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    ObjectReader entry(entries[i], reader.path_of("rules", "[" + std::to_string(i) + "]."), reader.faults());
    rules.push_back(read_rule(entry, canonical.emplace_back()));
  }
  return canonical;
}

}  // namespace

void read_policies(ObjectReader& reader, NetworkPolicies& policies, Json& canonical) {
  policies.txid_scope = read_scope(reader, canonical);
  policies.attribution_window = read_seconds(reader, "attribution_window_s", 0, kLongestAttribution, canonical);
  policies.resend_window = read_seconds(reader, "resend_window_s", 60, kLongestResend, canonical);
  policies.adjustments = reader.boolean("adjustments", false);
  canonical["adjustments"] = policies.adjustments;
  policies.events = read_events(reader);
  canonical["events"] = policies.events;
  canonical["rules"] = read_rules(reader, policies.rules);
}

}  // namespace postback
