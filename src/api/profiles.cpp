// Lists and shows profiles, each with its sources and how far it can be trusted.
#include "profiles.hpp"

#include "postback/domain/profiles.hpp"

#include "json_object.hpp"
#include "problem.hpp"
#include "query_values.hpp"

#include <algorithm>

namespace postback::api {
namespace {

struct Entry {
  std::string_view id;
  std::string_view json;
};

/// Those of the kind, of both where it is `all`; ordered by ID.
std::vector<Entry> entries(std::string_view kind) {
  const Profiles& profiles = built_in_profiles();
  std::vector<Entry> all;
  if (kind != "source") {
    for (const auto& profile : profiles.networks()) all.push_back({profile.id, profile.json});
  }
  if (kind != "network") {
    for (const auto& profile : profiles.sources()) all.push_back({profile.id, profile.json});
  }
  std::sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) { return a.id < b.id; });
  return all;
}

}  // namespace

http::Response list_profiles(const Call& call) {
  QueryValues query(call.request.query, {"limit", "cursor", "kind"});
  const auto limit = query.limit();
  const auto after = query.slug_cursor();
  const auto kind = query.choice("kind", {"all", "network", "source"});
  if (!query.faults().empty()) return parameter_problem(query.faults());

  const auto all = entries(kind);
  std::string items = "[";
  std::string_view next;
  std::size_t count = 0;
  auto entry = std::upper_bound(all.begin(), all.end(), after,
                                [](std::string_view id, const Entry& other) { return id < other.id; });
  for (; entry != all.end() && count < limit; ++entry, ++count) {
    if (count > 0) items += ',';
    items += entry->json;
  }
  if (entry != all.end()) next = (entry - 1)->id;
  items += ']';
  std::string body;
  JsonObject(body).raw("items", items).text_or_null("next", next).close();
  return json_response(200, std::move(body));
}

http::Response get_profile(const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  const std::string& id = call.path.at(0);
  const Profiles& profiles = built_in_profiles();
  if (const auto* network = profiles.network(id)) return json_response(200, network->json);
  if (const auto* source = profiles.source(id)) return json_response(200, source->json);
  return problem(ProblemKind::not_found, "There is no profile with the ID \"" + id.substr(0, 80) +
                                             "\". The list is at /api/v1/profiles; \"generic\" stands for none.");
}

}  // namespace postback::api
