// Compares two states of an entity by their flattened JSON.
#include "entity_difference.hpp"

#include "entity_json.hpp"
#include "json_object.hpp"

namespace postback::api {
namespace {

/// All fields by their JSON pointer; none for an entity that does not exist.
Json flat_fields(const EntityDocument* document, Role reader) {
  if (document == nullptr) return Json::object();
  const Json object = Json::parse(shown_json(*document, reader));
  return object.empty() ? Json::object() : object.flatten();
}

std::string value_text(const Json& fields, const std::string& pointer) {
  const auto found = fields.find(pointer);
  std::string text;
  if (found == fields.end()) return "null";
  if (found->is_string()) {
    append_json_string(text, found->get_ref<const std::string&>());
    return text;
  }
  return found->dump();
}

void append_field(std::string& out, const std::string& pointer, const Json& before, const Json& after) {
  if (out.size() > 1) out += ',';
  JsonObject(out)
      .text("field", pointer)
      .raw("before", value_text(before, pointer))
      .raw("after", value_text(after, pointer))
      .close();
}

/// The fields that differ, in order of their pointers.
std::string fields_json(const Json& before, const Json& after) {
  std::string out = "[";
  for (const auto& [pointer, value] : before.items()) {
    const auto same = after.find(pointer);
    if (same == after.end() || *same != value) append_field(out, pointer, before, after);
  }
  for (const auto& [pointer, value] : after.items()) {
    if (!before.contains(pointer)) append_field(out, pointer, before, after);
  }
  return out += ']';
}

}  // namespace

std::string_view change_name(const EntityStates& states) {
  if (states.before == nullptr) return "created";
  if (states.after == nullptr) return "removed";
  if (states.before->archived == states.after->archived) return "changed";
  return states.after->archived ? "archived" : "restored";
}

void append_difference(std::string& out, const EntityStates& states, Role reader, bool fields) {
  const auto& known = states.after != nullptr ? *states.after : *states.before;
  JsonObject object(out);
  object.text("collection", collection_name(known.kind)).text("id", known.id).text("change", change_name(states));
  if (fields) {
    object.raw("differences", fields_json(flat_fields(states.before, reader), flat_fields(states.after, reader)));
  }
  object.close();
}

std::string differences_json(std::span<const EntityStates> all, Role reader, bool fields) {
  std::string out = "[";
  for (const auto& states : all) {
    if (out.size() > 1) out += ',';
    append_difference(out, states, reader, fields);
  }
  return out += ']';
}

}  // namespace postback::api
