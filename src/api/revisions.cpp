// Lists, compares and restores revisions.
#include "revisions.hpp"

#include "address_faults.hpp"
#include "edit_problem.hpp"
#include "edit_result.hpp"
#include "entity_difference.hpp"
#include "entity_json.hpp"
#include "entity_secrets.hpp"
#include "json_object.hpp"
#include "problem.hpp"
#include "query_values.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <tuple>

namespace postback::api {
namespace {

using Documents = std::vector<EntityDocument>;

JsonObject& append_revision(JsonObject& object, const Revision& revision) {
  return object.text("id", std::to_string(revision.number))
      .number("revision", revision.number)
      .time("time", revision.time)
      .text("actor", revision.actor)
      .text("action", revision.action)
      .number("changes", revision.changes);
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  // What a store can keep.
  constexpr std::uint64_t kLargest = 1ULL << 62;
  if (error != std::errc{} || stopped != text.data() + text.size() || number > kLargest) return std::nullopt;
  return number;
}

http::Response no_revision(std::string_view text) {
  return problem(ProblemKind::not_found,
                 "There is no revision \"" + std::string(text.substr(0, 80)) + "\". The list is at /api/v1/revisions.");
}

/// The states of every entity that differs between two catalogs, each ordered by kind and ID.
std::vector<EntityStates> differing(const Documents& before, const Documents& after) {
  std::vector<EntityStates> all;
  const auto key = [](const EntityDocument& document) { return std::tie(document.kind, document.id); };
  auto left = before.begin();
  auto right = after.begin();
  while (left != before.end() || right != after.end()) {
    if (right == after.end() || (left != before.end() && key(*left) < key(*right))) {
      all.push_back({&*left++, nullptr});
    } else if (left == before.end() || key(*right) < key(*left)) {
      all.push_back({nullptr, &*right++});
    } else {
      if (left->json != right->json || left->archived != right->archived) all.push_back({&*left, &*right});
      ++left;
      ++right;
    }
  }
  return all;
}

/// Names of entities to be restored, such as `campaigns/summer`; nothing: all of them.
using Selection = std::optional<std::set<std::string>>;

std::variant<Selection, Faults> read_selection(std::string_view body) {
  if (body.empty()) return Selection{};
  auto parsed = parse_strict_json(body);
  if (!parsed) return Faults{{"(document)", parsed.error().detail, "one JSON object, or no body"}};
  constexpr const char* kExpected = "an array such as [\"campaigns/summer\"], or leave it out to restore everything";
  Faults faults;
  Selection selection;
  if (!parsed->is_object()) return Faults{{"(document)", "is not an object", "one JSON object, or no body"}};
  for (const auto& [name, value] : parsed->items()) {
    if (name != "entities") {
      faults.push_back({name, "is not a known field", "\"entities\""});
    } else if (!value.is_array() ||
               std::any_of(value.begin(), value.end(), [](auto& one) { return !one.is_string(); })) {
      faults.push_back({name, "is not an array of texts", kExpected});
    } else {
      selection = value.get<std::set<std::string>>();
    }
  }
  if (!faults.empty()) return faults;
  return selection;
}

std::string name_of(const EntityDocument& document) {
  return std::string(collection_name(document.kind)) + "/" + document.id;
}

/// What leads from the catalog of today back to `then`.
std::vector<EntityEdit> edits_back_to(const Documents& then, const Catalog& today, Selection& selection) {
  std::vector<EntityEdit> edits;
  std::set<std::string> existed;
  const bool by_name = selection.has_value();
  const auto selected = [&](const std::string& name) { return !selection || selection->erase(name) > 0; };
  for (const auto& document : then) {
    const auto name = name_of(document);
    existed.insert(name);
    if (!selected(name)) continue;
    auto& edit = edits.emplace_back(document.kind, document.id, Json::parse(document.json), document.archived, true);
    // Old secrets come back only when their entity is asked for by name.
    const auto* now = today.document(document.kind, document.id);
    if (!by_name && now != nullptr) keep_secrets_of_today(document.kind, Json::parse(now->json), edit.object);
  }
  for (const auto& document : today.documents()) {
    const auto name = name_of(*document);
    if (!existed.contains(name) && selected(name)) edits.push_back({document->kind, document->id, Json{}, true});
  }
  return edits;
}

}  // namespace

http::Response list_revisions(const Call& call) {
  QueryValues query(call.request.query, {"limit", "cursor"});
  const auto limit = query.limit();
  const auto before = query.log_cursor();
  if (!query.faults().empty()) return parameter_problem(query.faults());
  auto revisions = call.reader.revisions(before, limit + 1);
  if (!revisions) return store_problem(revisions.error());
  std::uint64_t next = 0;
  if (revisions->size() > limit) {
    revisions->pop_back();
    next = revisions->back().number;
  }
  std::string items = "[";
  for (const auto& revision : *revisions) {
    if (items.size() > 1) items += ',';
    JsonObject object(items);
    append_revision(object, revision).close();
  }
  items += ']';
  std::string body;
  JsonObject(body).raw("items", items).text_or_null("next", next == 0 ? "" : std::to_string(next)).close();
  return json_response(200, std::move(body));
}

http::Response get_revision(const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  const auto number = parse_number(call.path.at(0));
  if (!number) return no_revision(call.path.at(0));
  const auto revision = call.reader.revision(*number);
  if (!revision) return store_problem(revision.error());
  if (!*revision) return no_revision(call.path.at(0));
  const auto changed = call.reader.changed_in(*number);
  if (!changed) return store_problem(changed.error());
  const auto before = call.reader.catalog_at(*number - 1);
  if (!before) return store_problem(before.error());

  std::vector<EntityStates> states;
  for (const auto& document : *changed) {
    // Both are ordered by kind and ID.
    const auto key = [](const auto& other) { return std::tie(other.kind, other.id); };
    const auto found = std::ranges::lower_bound(*before, key(document), {}, key);
    const bool existed = found != before->end() && key(*found) == key(document);
    states.push_back({existed ? &*found : nullptr, &document});
  }
  std::string body;
  JsonObject object(body);
  append_revision(object, **revision).raw("entities", differences_json(states, call.caller.role, false)).close();
  return json_response(200, std::move(body));
}

http::Response compare_revisions(const Call& call) {
  QueryValues query(call.request.query, {"with"});
  const auto number = parse_number(call.path.at(0));
  if (!number || *number == 0) return no_revision(call.path.at(0));
  const auto other = query.whole_number("with", *number - 1);
  if (!query.faults().empty()) return parameter_problem(query.faults());
  for (const auto wanted : {*number, other}) {
    if (wanted == 0) continue;  // the empty catalog at the beginning
    const auto revision = call.reader.revision(wanted);
    if (!revision) return store_problem(revision.error());
    if (!*revision) return no_revision(std::to_string(wanted));
  }
  const auto before = call.reader.catalog_at(other);
  if (!before) return store_problem(before.error());
  const auto after = call.reader.catalog_at(*number);
  if (!after) return store_problem(after.error());
  std::string body;
  JsonObject(body)
      .number("from", other)
      .number("to", *number)
      .raw("entities", differences_json(differing(*before, *after), call.caller.role, true))
      .close();
  return json_response(200, std::move(body));
}

http::Response restore_revision(const Call& call) {
  QueryValues query(call.request.query, {"dry_run"});
  const bool dry_run = query.choice("dry_run", {"false", "true"}) == "true";
  if (!query.faults().empty()) return parameter_problem(query.faults());
  if (auto refusal = refuse_unless_json(call.request)) return std::move(*refusal);
  const auto number = parse_number(call.path.at(0));
  if (!number) return no_revision(call.path.at(0));
  auto read = read_selection(call.request.body);
  if (const auto* faults = std::get_if<Faults>(&read)) return document_problem(*faults);
  auto& selection = std::get<Selection>(read);
  const auto revision = call.reader.revision(*number);
  if (!revision) return store_problem(revision.error());
  if (!*revision) return no_revision(call.path.at(0));
  const auto then = call.reader.catalog_at(*number);
  if (!then) return store_problem(then.error());

  const auto today = call.services.catalog.current();
  CatalogEdit edit;
  edit.file.edits = edits_back_to(*then, *today, selection);
  if (selection && !selection->empty()) {
    return document_problem({{"entities",
                              "has \"" + selection->begin()->substr(0, 80) + "\", which exists neither in revision " +
                                  std::to_string(*number) + " nor now",
                              "names such as \"campaigns/summer\""}});
  }
  edit.action = "restore";
  edit.detail = "revision " + std::to_string(*number);
  edit.revives = true;
  edit.dry_run = dry_run;
  if (const auto faults = address_faults(edit, call); !faults.empty()) return document_problem(faults);
  // What was read is what is changed: another change in between is a conflict.
  auto precondition = read_precondition(call.request);
  if (!precondition.revisions) precondition.revisions.emplace({today->revision()});
  return edit_result(call.services.editor.apply(edit, precondition, {call.caller.key, call.request.peer}), dry_run,
                     call);
}

}  // namespace postback::api
