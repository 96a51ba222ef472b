// Writes the catalog as one JSON object, and reads such an object into edits.
#include "catalog_transfer.hpp"

#include "address_faults.hpp"
#include "edit_problem.hpp"
#include "edit_result.hpp"
#include "entity_json.hpp"
#include "json_object.hpp"
#include "problem.hpp"
#include "query_values.hpp"

#include <utility>

namespace postback::api {

http::Response export_catalog(const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  const auto catalog = call.services.catalog.current();
  if (is_known(call.request, catalog->revision())) return not_modified(entity_tag(catalog->revision()));
  std::string body;
  JsonObject object(body);
  object.text("format", kCatalogFormat)
      .number("revision", catalog->revision())
      .time("exported", call.services.clock.wall());
  for (const auto kind : kEntityKinds) {
    std::string entities = "[";
    for (const auto& document : catalog->documents(kind)) {
      if (document->archived) continue;
      entities += entities.size() > 1 ? ",\n" : "\n";
      JsonObject(entities).text("id", document->id).members_of(document->json).close();
    }
    object.raw(collection_name(kind), entities += ']');
  }
  object.close();
  auto response = json_response(200, body += '\n');
  response.headers.emplace_back("ETag", entity_tag(catalog->revision()));
  return response;
}

http::Response import_catalog(const Call& call) {
  QueryValues query(call.request.query, {"dry_run", "replace"});
  const bool dry_run = query.choice("dry_run", {"false", "true"}) == "true";
  const bool replace = query.choice("replace", {"false", "true"}) == "true";
  if (!query.faults().empty()) return parameter_problem(query.faults());
  if (auto refusal = refuse_unless_json(call.request)) return std::move(*refusal);
  auto parsed = parse_strict_json(call.request.body);
  if (!parsed) return document_problem({{"(document)", parsed.error().detail, "the JSON of a catalog export"}});

  CatalogEdit edit;
  edit.file = read_catalog_file(std::move(*parsed));
  auto precondition = read_precondition(call.request);
  if (replace) {
    const auto today = call.services.catalog.current();
    archive_the_rest(edit.file, *today);
    if (!precondition.revisions) precondition.revisions.emplace({today->revision()});
  }
  edit.action = "import";
  edit.detail = replace ? "replacing what was there" : "";
  edit.dry_run = dry_run;
  if (const auto faults = address_faults(edit, call); !faults.empty()) return document_problem(faults);
  return edit_result(call.services.editor.apply(edit, precondition, {call.caller.key, call.request.peer}), dry_run,
                     call);
}

}  // namespace postback::api
