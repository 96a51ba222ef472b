// Lists, shows, creates, changes and revokes API keys.
#include "keys.hpp"

#include "edit_problem.hpp"
#include "entity_json.hpp"
#include "json_object.hpp"
#include "problem.hpp"
#include "query_values.hpp"

namespace postback::api {
namespace {

JsonObject& time_or_null(JsonObject& object, std::string_view name, std::optional<TimeMs> time) {
  return time ? object.time(name, *time) : object.raw(name, "null");
}

/// Everything but the hash. `secret`: the key itself, where it is to be shown.
void append_key(std::string& out, const StoredKey& key, std::string_view secret = {}) {
  JsonObject object(out);
  object.text("id", key.id).text("name", key.name).text("role", to_string(key.role));
  object.time("created", key.created).time("updated", key.updated);
  time_or_null(object, "expires", key.expires);
  time_or_null(object, "revoked", key.revoked).number("version", key.version);
  if (!secret.empty()) object.text("key", secret);
  object.close();
}

http::Response key_response(int status, const StoredKey& key, std::string_view secret = {}) {
  std::string body;
  append_key(body, key, secret);
  auto response = json_response(status, std::move(body));
  response.headers.emplace_back("ETag", entity_tag(key.version));
  return response;
}

http::Response not_found(std::string_view id) {
  return problem(ProblemKind::not_found, "There is no API key with the ID \"" + std::string(id.substr(0, 80)) +
                                             "\". The list is at /api/v1/keys.");
}

http::Response refused(std::string_view id, KeyConflict conflict) {
  switch (conflict) {
    case KeyConflict::precondition_failed: return conflict_problem(EditConflict::precondition_failed);
    case KeyConflict::not_found: return not_found(id);
    case KeyConflict::revoked:
      return problem(ProblemKind::archived,
                     "Nothing was changed: the key with this ID was revoked, for good, and IDs are never reused. "
                     "Create a key with another ID.");
    case KeyConflict::last_admin:
      return problem(
          ProblemKind::last_admin,
          "Nothing was changed: this is the last admin key that never expires, and without it nobody could make "
          "keys any more some day. Create another one first.");
    case KeyConflict::too_many: break;
  }
  return problem(ProblemKind::too_many_keys, "Nothing was changed: this store has " +
                                                 std::to_string(KeyEditor::kMostKeys) +
                                                 " API keys, revoked ones included, and takes no more. Change keys "
                                                 "that are there instead of making new ones.");
}

http::Response edit_response(std::string_view id, const KeyEditor::Outcome& outcome) {
  if (const auto* faults = std::get_if<Faults>(&outcome)) return document_problem(*faults);
  if (const auto* error = std::get_if<Error>(&outcome)) return store_problem(*error);
  if (const auto* conflict = std::get_if<KeyConflict>(&outcome)) return refused(id, *conflict);
  const auto& change = std::get<KeyChange>(outcome);
  if (change.secret.empty()) return key_response(200, change.key);
  auto response = key_response(201, change.key, change.secret);
  response.headers.emplace_back("Location", "/api/v1/keys/" + change.key.id);
  return response;
}

/// What put and post share; `path_id` is empty for a post, whose ID is in the body.
http::Response check_and_change(std::string_view path_id, const Call& call) {
  auto read = read_entity(call.request, path_id);
  if (auto* refusal = std::get_if<http::Response>(&read)) return std::move(*refusal);
  auto& body = std::get<EntityObject>(read);
  const auto& id = *body.id;
  if (!is_slug(id)) {
    return document_problem({{"id", "is not a slug", "1 to 64 of a-z, 0-9, _ and -, the first one a letter or digit"}});
  }
  for (const char* const own : {"created", "revoked", "version"}) body.object.erase(own);
  const auto draft = read_key_draft(body.object);
  if (const auto* faults = std::get_if<Faults>(&draft)) return document_problem(*faults);
  return edit_response(id, call.services.key_editor.put(id, std::get<KeyDraft>(draft), read_precondition(call.request),
                                                        {call.caller.key, call.request.peer}));
}

}  // namespace

http::Response list_keys(const Call& call) {
  QueryValues query(call.request.query, {"limit", "cursor", "archived"});
  const auto limit = query.limit();
  const auto after = query.slug_cursor();
  const auto wanted = query.choice("archived", {"false", "true", "all"});
  if (!query.faults().empty()) return parameter_problem(query.faults());

  const auto keys = call.services.api_keys.current();
  std::string items = "[";
  std::string_view next;
  std::string_view last;
  std::size_t count = 0;
  for (const auto& key : keys->all()) {
    if (key.id <= after) continue;
    if (wanted != "all" && key.revoked.has_value() != (wanted == "true")) continue;
    if (count++ == limit) {
      next = last;
      break;
    }
    if (items.size() > 1) items += ',';
    append_key(items, key);
    last = key.id;
  }
  items += ']';
  std::string body;
  JsonObject(body).raw("items", items).text_or_null("next", next).close();
  return json_response(200, std::move(body));
}

http::Response get_key(const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  const auto keys = call.services.api_keys.current();
  const auto* key = keys->find(call.path.at(0));
  if (key == nullptr) return not_found(call.path.at(0));
  if (is_known(call.request, key->version)) return not_modified(entity_tag(key->version));
  return key_response(200, *key);
}

http::Response put_key(const Call& call) { return check_and_change(call.path.at(0), call); }

http::Response post_key(const Call& call) { return check_and_change({}, call); }

http::Response delete_key(const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  const auto& id = call.path.at(0);
  return edit_response(
      id, call.services.key_editor.revoke(id, read_precondition(call.request), {call.caller.key, call.request.peer}));
}

}  // namespace postback::api
