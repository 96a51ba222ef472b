// Tells what an import or a restore changed.
#include "edit_result.hpp"

#include "edit_problem.hpp"
#include "entity_difference.hpp"
#include "entity_json.hpp"
#include "json_object.hpp"
#include "problem.hpp"

namespace postback::api {

http::Response edit_result(const CatalogEditor::Outcome& outcome, bool dry_run, const Call& call) {
  if (const auto* faults = std::get_if<Faults>(&outcome)) return document_problem(*faults);
  if (const auto* error = std::get_if<Error>(&outcome)) return store_problem(*error);
  if (const auto* conflict = std::get_if<EditConflict>(&outcome)) return conflict_problem(*conflict);
  const auto& change = std::get<CatalogChange>(outcome);
  std::vector<EntityStates> states;
  states.reserve(change.entities.size());
  for (const auto& entity : change.entities) states.push_back({entity.before.get(), entity.after.get()});
  // Without a change no revision was made; a dry run tells the one that is in force.
  const auto in_force = dry_run || states.empty() ? call.services.catalog.current()->revision() : change.revision;
  std::string body;
  JsonObject(body)
      .flag("dry_run", dry_run)
      .number("revision", in_force)
      .number("changes", states.size())
      .raw("entities", differences_json(states, call.caller.role, dry_run))
      .close();
  auto response = json_response(200, std::move(body));
  response.headers.emplace_back("ETag", entity_tag(in_force));
  return response;
}

}  // namespace postback::api
