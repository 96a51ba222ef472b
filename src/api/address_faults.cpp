// Finds the servers that are new in an edit, and asks for each.
#include "address_faults.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace postback::api {
namespace {

constexpr std::chrono::milliseconds kPatience{10'000};

/// What is known of a name that there was no time for.
constexpr std::string_view kNotLookedUp =
    "its name was not looked up, since those before it took 10 s; try again, or with fewer destinations at a time";

/// Whether nothing was sent to this server for this destination so far.
bool is_new_server(const EntityChange& change, const Destination& after, const Catalog& today) {
  if (change.after->archived || after.is_feed()) return false;
  if (change.before == nullptr || change.before->archived) return true;
  const Destination* before = today.destination(std::string_view(change.before->id));
  return before == nullptr || before->origin() != after.origin();
}

}  // namespace

Faults address_faults(const CatalogEdit& edit, const Call& call) {
  const auto is_about_one = [](const EntityEdit& each) {
    return each.kind == EntityKind::destination && !each.archived;
  };
  if (call.services.addresses == nullptr || std::ranges::none_of(edit.file.edits, is_about_one)) return {};
  CatalogEdit trial = edit;
  trial.dry_run = true;
  const auto outcome = call.services.editor.apply(trial, {}, {call.caller.key, call.request.peer});
  const auto* change = std::get_if<CatalogChange>(&outcome);
  if (change == nullptr) return {};

  const auto today = call.services.catalog.current();
  const auto end = call.services.clock.steady() + kPatience;
  std::map<std::string, std::optional<std::string>, std::less<>> refusals;
  Faults faults;
  for (const auto& entity : change->entities) {
    if (entity.after->kind != EntityKind::destination) continue;
    const Destination* after = change->next->destination(std::string_view(entity.after->id));
    if (after == nullptr || !is_new_server(entity, *after, *today)) continue;
    const std::string origin(after->origin());
    auto found = refusals.find(origin);
    if (found == refusals.end()) {
      const bool late = call.services.clock.steady() >= end && call.services.addresses->looks_up(origin + "/");
      auto refusal = late ? std::optional<std::string>(kNotLookedUp) : call.services.addresses->refusal(origin + "/");
      found = refusals.emplace(origin, std::move(refusal)).first;
    }
    if (!found->second) continue;
    faults.push_back({"destinations/" + after->id + ": url", "leads to " + origin + ": " + *found->second,
                      "a public address, or one that the configuration allows"});
  }
  return faults;
}

}  // namespace postback::api
