// Lists, shows and changes networks, offers, sources and campaigns.
#include "collections.hpp"

#include "document_body.hpp"
#include "json_object.hpp"
#include "problem.hpp"
#include "query_values.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>

namespace postback::api {
namespace {

/// The object as the API shows it: the document between its ID and what the server knows of it.
void append_entity(std::string& out, const EntityDocument& document) {
  JsonObject(out)
      .text("id", document.id)
      .members_of(document.json)
      .number("revision", document.revision)
      .time("updated", document.updated)
      .close();
}

std::string entity_json(const EntityDocument& document) {
  std::string out;
  append_entity(out, document);
  return out;
}

/// Whether the body is declared as JSON, or not declared at all.
bool is_json(const http::Request& request) {
  const auto type = request.header("Content-Type");
  if (!type) return true;
  const std::string media_type(type->substr(0, type->find(';')));
  return boost::algorithm::iequals(boost::algorithm::trim_copy(media_type), "application/json");
}

http::Response document_problem(const Faults& faults) {
  return problem(ProblemKind::invalid_document,
                 "Nothing was changed, since the document has faults. Mend what errors lists and send it again.",
                 faults);
}

http::Response change(EntityKind kind, std::string_view id, std::string_view json, const Call& call) {
  auto outcome = call.services.editor.put(kind, id, json, call.actor);
  if (const auto* faults = std::get_if<Faults>(&outcome)) return document_problem(*faults);
  if (const auto* error = std::get_if<Error>(&outcome)) return store_problem(*error);
  const auto& put = std::get<PutOutcome>(outcome);
  auto response = json_response(put.created ? 201 : 200, entity_json(put.document));
  if (put.created) {
    response.headers.emplace_back("Location", "/api/v1/" + std::string(collection_name(kind)) + "/" + put.document.id);
  }
  return response;
}

/// Checks what put and post share; `path_id` is empty for a post, whose ID is in the body.
http::Response check_and_change(EntityKind kind, std::string_view path_id, const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  if (!is_json(call.request)) {
    return problem(ProblemKind::unsupported_media_type,
                   "Send the object as JSON, with Content-Type: application/json.");
  }
  const auto read = read_document_body(call.request.body);
  if (const auto* faults = std::get_if<Faults>(&read)) return document_problem(*faults);
  const auto& body = std::get<DocumentBody>(read);
  if (path_id.empty() && !body.id) {
    return document_problem({{"id", "is missing", "the object's ID, or a PUT to the object's own address"}});
  }
  if (!path_id.empty() && body.id && *body.id != path_id) {
    return document_problem({{"id", "is not the ID in the address", "the same, or no id in the body"}});
  }
  return change(kind, path_id.empty() ? *body.id : path_id, body.json, call);
}

}  // namespace

http::Response list_entities(EntityKind kind, const Call& call) {
  QueryValues query(call.request.query, {"limit", "cursor"});
  const auto limit = query.limit();
  const auto after = query.slug_cursor();
  if (!query.faults().empty()) return parameter_problem(query.faults());

  const auto catalog = call.services.catalog.current();
  const auto documents = catalog->documents(kind);
  auto next = documents.begin();
  while (next != documents.end() && (*next)->id <= after) ++next;
  std::string items = "[";
  std::string_view last;
  for (std::size_t count = 0; next != documents.end() && count < limit; ++next, ++count) {
    if (count > 0) items += ',';
    append_entity(items, **next);
    last = (*next)->id;
  }
  items += ']';
  std::string body;
  JsonObject(body).raw("items", items).text_or_null("next", next == documents.end() ? "" : last).close();
  return json_response(200, std::move(body));
}

http::Response get_entity(EntityKind kind, const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  const auto catalog = call.services.catalog.current();
  const auto& id = call.path.at(0);
  if (const auto* document = catalog->document(kind, id)) return json_response(200, entity_json(*document));
  return problem(ProblemKind::not_found, "There is no " + std::string(to_string(kind)) + " with the ID \"" +
                                             id.substr(0, 80) + "\". The list is at /api/v1/" +
                                             std::string(collection_name(kind)) + ".");
}

http::Response put_entity(EntityKind kind, const Call& call) { return check_and_change(kind, call.path.at(0), call); }

http::Response post_entity(EntityKind kind, const Call& call) { return check_and_change(kind, {}, call); }

}  // namespace postback::api
