// Writes the catalog as one JSON object, and reads such an object into edits.
#include "catalog_transfer.hpp"

#include "document_body.hpp"
#include "edit_problem.hpp"
#include "edit_result.hpp"
#include "entity_json.hpp"
#include "json_object.hpp"
#include "problem.hpp"
#include "query_values.hpp"

#include <set>
#include <utility>

namespace postback::api {
namespace {

/// What an export says of itself and an import reads over.
constexpr std::string_view kFormat = "postbackd-catalog";

std::string known_fields() {
  std::string names;
  for (const auto kind : kEntityKinds) names.append(names.empty() ? "" : ", ").append(collection_name(kind));
  return names;
}

/// Collects the edits of an import.
class ImportReader {
 public:
  void read(Json& document) {
    if (!document.is_object()) return fault("(document)", "is not an object", "one JSON object with " + known_fields());
    for (auto& [name, value] : document.items()) {
      if (const auto kind = parse_collection(name)) {
        read_collection(*kind, name, value);
      } else if (name == "format") {
        if (value != kFormat) fault(name, "is not one that can be imported", "\"" + std::string(kFormat) + "\"");
      } else if (name != "revision" && name != "exported") {
        fault(name, "is not a collection of the catalog", known_fields());
      }
    }
  }

  /// Archives what the document does not have.
  void archive_the_rest(const Catalog& catalog) {
    for (const auto& document : catalog.documents()) {
      if (document->archived || seen_.contains({document->kind, document->id})) continue;
      edits.push_back({document->kind, document->id, Json{}, true});
    }
  }

  std::vector<EntityEdit> edits;
  Faults faults;

 private:
  void fault(std::string field, std::string problem, std::string expected) {
    faults.push_back({std::move(field), std::move(problem), std::move(expected)});
  }

  void read_collection(EntityKind kind, const std::string& name, Json& entities) {
    if (!entities.is_array()) return fault(name, "is not an array", "an array of objects, each with its \"id\"");
    for (std::size_t i = 0; i < entities.size(); ++i) {
      const auto path = name + "[" + std::to_string(i) + "]";
      auto read = read_document(std::move(entities[i]));
      if (const auto* wrong = std::get_if<Faults>(&read)) {
        const auto& first = wrong->front();
        fault(first.field == "id" ? path + ".id" : path, first.problem, first.expected);
        continue;
      }
      auto& body = std::get<DocumentBody>(read);
      if (!body.id) {
        fault(path + ".id", "is missing", "the object's ID");
      } else if (!seen_.insert({kind, *body.id}).second) {
        fault(path + ".id", "stands twice in this collection", "each ID once");
      } else {
        edits.push_back({kind, std::move(*body.id), std::move(body.object), false});
      }
    }
  }

  std::set<std::pair<EntityKind, std::string>> seen_;
};

}  // namespace

http::Response export_catalog(const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  const auto catalog = call.services.catalog.current();
  if (is_known(call.request, catalog->revision())) return not_modified(entity_tag(catalog->revision()));
  std::string body;
  JsonObject object(body);
  object.text("format", kFormat).number("revision", catalog->revision()).time("exported", call.services.clock.wall());
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

  ImportReader reader;
  reader.read(*parsed);
  if (!reader.faults.empty()) return document_problem(reader.faults);
  auto precondition = read_precondition(call.request);
  if (replace) {
    const auto today = call.services.catalog.current();
    reader.archive_the_rest(*today);
    if (!precondition.revisions) precondition.revisions.emplace({today->revision()});
  }
  CatalogEdit edit;
  edit.entities = std::move(reader.edits);
  edit.action = "import";
  edit.detail = replace ? "replacing what was there" : "";
  edit.dry_run = dry_run;
  return edit_result(call.services.editor.apply(edit, precondition, {call.caller.key, call.request.peer}), dry_run,
                     call);
}

}  // namespace postback::api
