// Reads bodies, and words for writes that were refused.
#include "edit_problem.hpp"

#include "problem.hpp"
#include "query_values.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>

namespace postback::api {

std::optional<http::Response> refuse_unless_json(const http::Request& request) {
  const auto type = request.header("Content-Type");
  if (!type) return std::nullopt;
  const std::string media_type(type->substr(0, type->find(';')));
  if (boost::algorithm::iequals(boost::algorithm::trim_copy(media_type), "application/json")) return std::nullopt;
  return problem(ProblemKind::unsupported_media_type, "Send the object as JSON, with Content-Type: application/json.");
}

http::Response document_problem(const Faults& faults) {
  return problem(ProblemKind::invalid_document,
                 "Nothing was changed, since the document has faults. Mend what errors lists and send it again.",
                 faults);
}

std::variant<EntityObject, http::Response> read_entity(const http::Request& request, std::string_view path_id) {
  const QueryValues query(request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  if (auto refusal = refuse_unless_json(request)) return std::move(*refusal);
  auto parsed = parse_strict_json(request.body);
  if (parsed.has_error()) return document_problem({{"(document)", parsed.error().detail, "one JSON object"}});
  auto read = read_entity_object(std::move(*parsed));
  if (auto* fault = std::get_if<Fault>(&read)) return document_problem({std::move(*fault)});
  auto entity = std::get<EntityObject>(std::move(read));
  if (path_id.empty() && !entity.id) {
    return document_problem({{"id", "is missing", "the object's ID, or a PUT to the object's own address"}});
  }
  if (!path_id.empty() && entity.id && *entity.id != path_id) {
    return document_problem({{"id", "is not the ID in the address", "the same, or no id in the body"}});
  }
  if (!entity.id) entity.id = path_id;
  return entity;
}

http::Response conflict_problem(EditConflict conflict) {
  if (conflict == EditConflict::archived) {
    return problem(ProblemKind::archived,
                   "Nothing was changed: this ID belongs to an object that was deleted, and IDs are never reused. "
                   "Choose another ID, or bring the old object back by restoring a revision in which it was still "
                   "there (POST /api/v1/revisions/{number}/restore).");
  }
  return problem(ProblemKind::precondition_failed,
                 "Nothing was changed: the object is not in the state that If-Match or If-None-Match asks for. Read it "
                 "again, apply your change to what it says now, and send that with its new ETag.");
}

http::Response not_modified(std::string tag) {
  http::Response response;
  response.status = 304;
  response.headers = {{"Cache-Control", "no-store"}, {"ETag", std::move(tag)}};
  return response;
}

}  // namespace postback::api
