// Lists, shows, changes and archives the objects of the catalog.
#include "collections.hpp"

#include "address_faults.hpp"
#include "edit_problem.hpp"
#include "entity_json.hpp"
#include "json_object.hpp"
#include "problem.hpp"
#include "query_values.hpp"

#include <algorithm>

namespace postback::api {
namespace {

http::Response entity_response(int status, const EntityDocument& document, Role reader) {
  std::string body;
  append_entity(body, document, reader);
  auto response = json_response(status, std::move(body));
  response.headers.emplace_back("ETag", entity_tag(document.revision));
  return response;
}

http::Response not_found(EntityKind kind, std::string_view id) {
  return problem(ProblemKind::not_found, "There is no " + std::string(to_string(kind)) + " with the ID \"" +
                                             std::string(id.substr(0, 80)) + "\". The list is at /api/v1/" +
                                             std::string(collection_name(kind)) + ".");
}

/// The answer to a put, post or delete that was made or refused.
http::Response edit_response(EntityKind kind, std::string_view id, const CatalogEditor::Outcome& outcome,
                             const Call& call) {
  if (const auto* faults = std::get_if<Faults>(&outcome)) return document_problem(*faults);
  if (const auto* error = std::get_if<Error>(&outcome)) return store_problem(*error);
  if (const auto* conflict = std::get_if<EditConflict>(&outcome)) {
    if (*conflict == EditConflict::not_found) return not_found(kind, id);
    return conflict_problem(*conflict);
  }
  const auto& change = std::get<CatalogChange>(outcome);
  // Nothing changed: it was archived already.
  if (change.entities.empty()) return entity_response(200, *change.next->document(kind, id), call.caller.role);
  const auto& entity = change.entities.front();
  auto response = entity_response(entity.before == nullptr ? 201 : 200, *entity.after, call.caller.role);
  if (entity.before == nullptr) {
    response.headers.emplace_back("Location", "/api/v1/" + std::string(collection_name(kind)) + "/" + entity.after->id);
  }
  return response;
}

/// Checks what put and post share; `path_id` is empty for a post, whose ID is in the body.
http::Response check_and_change(EntityKind kind, std::string_view path_id, const Call& call) {
  auto read = read_entity(call.request, path_id);
  if (auto* refusal = std::get_if<http::Response>(&read)) return std::move(*refusal);
  auto& body = std::get<EntityObject>(read);
  const auto& id = *body.id;
  if (kind == EntityKind::destination) {
    CatalogEdit edit;
    edit.file.edits.push_back({kind, id, body.object, false});
    if (const auto faults = address_faults(edit, call); !faults.empty())
      return document_problem(seen_from(faults, edit.file.edits.front()));
  }
  const auto outcome = call.services.editor.put(kind, id, std::move(body.object), read_precondition(call.request),
                                                {call.caller.key, call.request.peer});
  return edit_response(kind, id, outcome, call);
}

}  // namespace

http::Response list_entities(EntityKind kind, const Call& call) {
  QueryValues query(call.request.query, {"limit", "cursor", "archived"});
  const auto limit = query.limit();
  const auto after = query.slug_cursor();
  const auto wanted = query.choice("archived", {"false", "true", "all"});
  if (!query.faults().empty()) return parameter_problem(query.faults());

  const auto catalog = call.services.catalog.current();
  const auto documents = catalog->documents(kind);
  std::string items = "[";
  std::string_view next;
  std::string_view last;
  std::size_t count = 0;
  for (auto document = std::upper_bound(documents.begin(), documents.end(), after,
                                        [](auto id, const DocumentPointer&other) { return id < other->id; });
       document != documents.end(); ++document) {
    if (wanted != "all" && (*document)->archived != (wanted == "true")) continue;
    if (count++ == limit) {
      next = last;
      break;
    }
    if (items.size() > 1) items += ',';
    append_entity(items, **document, call.caller.role);
    last = (*document)->id;
  }
  items += ']';
  std::string body;
  JsonObject(body).raw("items", items).text_or_null("next", next).close();
  return json_response(200, std::move(body));
}

http::Response get_entity(EntityKind kind, const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  const auto catalog = call.services.catalog.current();
  const auto& id = call.path.at(0);
  const auto* document = catalog->document(kind, id);
  if (document == nullptr) return not_found(kind, id);
  if (is_known(call.request, document->revision)) return not_modified(entity_tag(document->revision));
  return entity_response(200, *document, call.caller.role);
}

http::Response put_entity(EntityKind kind, const Call& call) { return check_and_change(kind, call.path.at(0), call); }

http::Response post_entity(EntityKind kind, const Call& call) { return check_and_change(kind, {}, call); }

http::Response delete_entity(EntityKind kind, const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  const auto& id = call.path.at(0);
  const auto outcome =
      call.services.editor.archive(kind, id, read_precondition(call.request), {call.caller.key, call.request.peer});
  if (const auto* faults = std::get_if<Faults>(&outcome)) {
    return problem(ProblemKind::in_use,
                   "Nothing was changed, since others refer to this " + std::string(to_string(kind)) +
                       ". Change or archive what errors lists first.",
                   *faults);
  }
  return edit_response(kind, id, outcome, call);
}

}  // namespace postback::api
