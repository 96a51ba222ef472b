// Lists and shows profiles, each with its sources and how far it can be trusted.
#include "profiles.hpp"

#include "postback/domain/destination_profiles.hpp"
#include "postback/domain/profiles.hpp"

#include "json_object.hpp"
#include "problem.hpp"
#include "query_values.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

namespace postback::api {
namespace {

/// A source may have the same ID as the ready-made destination that tells it of conversions.
struct Entry {
  std::string_view id;
  bool destination = false;
  std::string_view json;
  auto position() const { return std::tie(id, destination); }
};

constexpr std::string_view kDestination = ":destination";

/// Those of the kind, of all where it is `all`; ordered by ID, a destination behind the source of its name.
std::vector<Entry> entries(std::string_view kind) {
  const Profiles& profiles = built_in_profiles();
  const auto wanted = [kind](std::string_view one) { return kind == "all" || kind == one; };
  std::vector<Entry> all;
  if (wanted("network")) {
    for (const auto& profile : profiles.networks()) all.push_back({profile.id, false, profile.json});
  }
  if (wanted("source")) {
    for (const auto& profile : profiles.sources()) all.push_back({profile.id, false, profile.json});
  }
  if (wanted("destination")) {
    for (const auto& profile : built_in_destination_profiles().all()) all.push_back({profile.id, true, profile.json});
  }
  std::ranges::sort(all, {}, &Entry::position);
  return all;
}

std::string cursor_of(const Entry& entry) {
  return std::string(entry.id).append(entry.destination ? kDestination : "");
}

/// Where a page goes on: behind this one. Notes a fault for what is none.
Entry read_cursor(QueryValues& query) {
  auto text = query.find("cursor").value_or(std::string_view());
  const bool destination = text.ends_with(kDestination);
  const auto id = destination ? text.substr(0, text.size() - kDestination.size()) : text;
  if (!text.empty() && !is_slug(id))
    query.fault("cursor", "is " + quoted(text), "the value of next of the page before, unchanged");
  return {id, destination, {}};
}

}  // namespace

http::Response list_profiles(const Call& call) {
  QueryValues query(call.request.query, {"limit", "cursor", "kind"});
  const auto limit = query.limit();
  const auto after = read_cursor(query);
  const auto kind = query.choice("kind", {"all", "network", "source", "destination"});
  if (!query.faults().empty()) return parameter_problem(query.faults());

  const auto all = entries(kind);
  std::string items = "[";
  std::string next;
  std::size_t count = 0;
  auto entry = std::ranges::upper_bound(all, after.position(), {}, &Entry::position);
  for (; entry != all.end() && count < limit; ++entry, ++count) {
    if (count > 0) items += ',';
    items += entry->json;
  }
  if (entry != all.end()) next = cursor_of(*(entry - 1));
  items += ']';
  std::string body;
  JsonObject(body).raw("items", items).text_or_null("next", next).close();
  return json_response(200, std::move(body));
}

http::Response get_profile(const Call& call) {
  QueryValues query(call.request.query, {"kind"});
  const auto kind = query.choice("kind", {"all", "network", "source", "destination"});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  const std::string& id = call.path.at(0);
  const auto all = entries(kind);
  const auto found = std::ranges::find(all, std::string_view(id), &Entry::id);
  if (found != all.end()) return json_response(200, std::string(found->json));
  return problem(ProblemKind::not_found, "There is no profile with the ID \"" + id.substr(0, 80) +
                                             "\". The list is at /api/v1/profiles; \"generic\" stands for none.");
}

}  // namespace postback::api
