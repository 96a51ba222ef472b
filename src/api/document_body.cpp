// Reads the body of a put or post.
#include "document_body.hpp"

namespace postback::api {
namespace {

Faults one_fault(std::string field, std::string problem, std::string expected) {
  return {{std::move(field), std::move(problem), std::move(expected)}};
}

}  // namespace

std::variant<DocumentBody, Faults> read_document_body(std::string_view body) {
  auto parsed = parse_strict_json(body);
  if (parsed.has_error()) return one_fault("(document)", parsed.error().detail, "one JSON object");
  return read_document(std::move(*parsed));
}

std::variant<DocumentBody, Faults> read_document(Json object) {
  if (!object.is_object()) return one_fault("(document)", "is not an object", "one JSON object");
  DocumentBody result;
  if (const auto id = object.find("id"); id != object.end()) {
    if (!id->is_string() || !is_slug(id->get_ref<const std::string&>())) {
      return one_fault("id", "is not a slug", "1 to 64 of a-z, 0-9, _ and -, the first one a letter or digit");
    }
    result.id = id->get<std::string>();
  }
  for (const char* const own : {"id", "archived", "revision", "updated"}) object.erase(own);
  result.object = std::move(object);
  return result;
}

}  // namespace postback::api
