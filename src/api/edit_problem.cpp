// Reads bodies, and words for writes that were refused.
#include "edit_problem.hpp"

#include "problem.hpp"

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

std::variant<EntityObject, Faults> read_entity_body(std::string_view body) {
  auto parsed = parse_strict_json(body);
  if (parsed.has_error()) return Faults{{"(document)", parsed.error().detail, "one JSON object"}};
  auto read = read_entity_object(std::move(*parsed));
  if (auto* fault = std::get_if<Fault>(&read)) return Faults{std::move(*fault)};
  return std::get<EntityObject>(std::move(read));
}

http::Response document_problem(const Faults& faults) {
  return problem(ProblemKind::invalid_document,
                 "Nothing was changed, since the document has faults. Mend what errors lists and send it again.",
                 faults);
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
