// Shows, pauses and resumes destinations.
#include "destination_state.hpp"

#include "postback/base/strict_json.hpp"
#include "postback/store/delivery_items.hpp"
#include "postback/store/item_waiter.hpp"

#include "edit_problem.hpp"
#include "json_object.hpp"
#include "problem.hpp"
#include "query_values.hpp"

#include <algorithm>
#include <utility>

namespace postback::api {
namespace {

using http::HostReport;
using std::chrono::milliseconds;

constexpr std::size_t kLongestReason = 200;

std::vector<HostReport> hosts_of(const Services& services) {
  auto hosts = services.deliveries == nullptr ? std::vector<HostReport>{} : services.deliveries->hosts();
  std::ranges::sort(hosts, {}, &HostReport::origin);
  return hosts;
}

std::optional<http::DestinationWait> wait_of(const Services& services, EntityNumber destination) {
  if (services.deliveries == nullptr) return std::nullopt;
  const auto waits = services.deliveries->waits();
  const auto found = std::ranges::find(waits, destination, &http::DestinationWait::destination);
  return found == waits.end() ? std::nullopt : std::optional(*found);
}

void append_host(std::string& out, const HostReport& host) {
  JsonObject object(out);
  object.text("origin", host.origin).number("in_flight", host.in_flight).number("queued", host.queued);
  object.flag("paused", host.paused).number("failures", host.failures);
  const TimeMs until{milliseconds(host.paused_until_ms)};
  if (host.paused && host.paused_until_ms > 0)
    object.time("paused_until", until);
  else
    object.raw("paused_until", "null");
  object.close();
}

void time_or_null(JsonObject& object, std::string_view name, std::optional<TimeMs> time) {
  if (time)
    object.time(name, *time);
  else
    object.raw(name, "null");
}

http::Response show(const Call& call, const Destination& destination) {
  const auto states = call.reader.destination_states();
  if (states.has_error()) return store_problem(states.error());
  const auto found = std::ranges::find(*states, destination.number, &StoredDestination::destination);
  const StoredDestination state = found == states->end() ? StoredDestination{} : *found;
  std::string host = "null";
  for (const auto& each : hosts_of(call.services)) {
    if (destination.is_feed() || each.origin != destination.origin()) continue;
    host.clear();
    append_host(host, each);
  }
  const bool paused = destination.paused || state.paused.has_value();
  std::string body;
  JsonObject object(body);
  object.text("destination", destination.id).text("state", paused ? "paused" : "active");
  object.text_or_null("paused_by", destination.paused ? "document" : paused ? "server" : "");
  time_or_null(object, "paused", state.paused);
  object.text("reason", state.reason);
  time_or_null(object, "next_due", state.next_due);
  const auto wait = wait_of(call.services, destination.number);
  time_or_null(object, "waits_until", wait ? std::optional(TimeMs{milliseconds(wait->until_ms)}) : std::nullopt);
  object.text_or_null("wait_reason", wait ? wait->reason : std::string_view());
  object.raw("host", host).close();
  return json_response(200, std::move(body));
}

/// The member `reason` of the body, which may be left out.
std::variant<std::string, http::Response> read_reason(const http::Request& request) {
  if (request.body.empty()) return std::string();
  if (auto refusal = refuse_unless_json(request)) return std::move(*refusal);
  const auto parsed = parse_strict_json(request.body);
  if (!parsed || !parsed->is_object())
    return document_problem(
        {{"(document)", parsed ? "is not an object" : parsed.error().detail, "one JSON object, or no body"}});
  std::string reason;
  for (const auto& [name, value] : parsed->items()) {
    if (name != "reason") return document_problem({{name, "is not a known field", "\"reason\""}});
    if (value.is_string()) reason = value.get<std::string>();
    if (!value.is_string() || reason.size() > kLongestReason)
      return document_problem({{name, "is no text of up to 200 bytes", "why it is paused, for the next one to read"}});
  }
  return reason;
}

http::Response set_state(const Call& call, std::optional<TimeMs> paused, std::string reason) {
  const auto catalog = call.services.catalog.current();
  const auto named = named_destination(*catalog, call.path.at(0));
  if (const auto* refusal = std::get_if<http::Response>(&named)) return *refusal;
  const Destination& destination = *std::get<const Destination*>(named);
  ItemWaiter::Counted<DestinationStateItem> item;
  item.destination = destination.number;
  item.paused = paused;
  item.reason = std::move(reason);
  item.audit = AuditEntry{.time = call.services.clock.wall(),
                          .actor = call.caller.key,
                          .peer = std::string(call.request.peer),
                          .action = paused ? "destination.pause" : "destination.resume",
                          .target = "destinations/" + destination.id,
                          .detail = item.reason};
  if (const auto committed = call.services.items->commit(item); !committed) return store_problem(committed.error());
  if (auto* const deliveries = call.services.deliveries; deliveries != nullptr) {
    if (paused)
      deliveries->changed();
    else
      deliveries->try_now({destination.number});
  }
  return show(call, destination);
}

}  // namespace

std::variant<const Destination*, http::Response> named_destination(const Catalog& catalog, const std::string& id) {
  const Destination* destination = catalog.destination(std::string_view(id));
  if (destination == nullptr)
    return problem(ProblemKind::not_found, "There is no destination with the ID \"" + id.substr(0, 80) +
                                               "\". The list is at /api/v1/destinations.");
  if (destination->archived) return conflict_problem(EditConflict::archived);
  return destination;
}

http::Response get_destination_state(const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  const auto catalog = call.services.catalog.current();
  const auto named = named_destination(*catalog, call.path.at(0));
  if (const auto* refusal = std::get_if<http::Response>(&named)) return *refusal;
  return show(call, *std::get<const Destination*>(named));
}

http::Response pause_destination(const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  auto reason = read_reason(call.request);
  if (auto* refusal = std::get_if<http::Response>(&reason)) return std::move(*refusal);
  auto& said = std::get<std::string>(reason);
  return set_state(call, call.services.clock.wall(), said.empty() ? "by hand" : std::move(said));
}

http::Response resume_destination(const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  return set_state(call, std::nullopt, {});
}

http::Response list_delivery_hosts(const Call& call) {
  QueryValues query(call.request.query, {"limit", "cursor"});
  const auto limit = query.limit();
  const auto after = query.find("cursor").value_or(std::string_view());
  if (!query.faults().empty()) return parameter_problem(query.faults());
  const auto hosts = hosts_of(call.services);
  std::string items = "[";
  std::string_view next;
  std::size_t count = 0;
  auto host = std::ranges::upper_bound(hosts, after, {}, &HostReport::origin);
  for (; host != hosts.end() && count < limit; ++host, ++count) {
    if (count > 0) items += ',';
    append_host(items, *host);
  }
  if (host != hosts.end()) next = (host - 1)->origin;
  std::string body;
  JsonObject(body).raw("items", items += ']').text_or_null("next", next).close();
  return json_response(200, std::move(body));
}

}  // namespace postback::api
