// Reads scope, windows, events and rules of a network.
#include "domain/network_policies_reading.hpp"

#include "domain/network_words.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::uint32_t kLongestAttribution = 10 * 366 * 86'400;
constexpr std::uint32_t kLongestResend = 86'400;
constexpr std::size_t kMostEvents = 500;

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

}  // namespace

void read_policies(ObjectReader& reader, NetworkPolicies& policies, Json& canonical) {
  policies.txid_scope = read_scope(reader, canonical);
  policies.attribution_window = read_seconds(reader, "attribution_window_s", 0, kLongestAttribution, canonical);
  policies.resend_window = read_seconds(reader, "resend_window_s", 60, kLongestResend, canonical);
  policies.adjustments = reader.boolean("adjustments", false);
  canonical["adjustments"] = policies.adjustments;
  policies.events = read_events(reader);
  canonical["events"] = policies.events;
}

}  // namespace postback
