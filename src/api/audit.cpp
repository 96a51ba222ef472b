// Pages through the audit log.
#include "audit.hpp"

#include "json_object.hpp"
#include "problem.hpp"
#include "query_values.hpp"

namespace postback::api {
namespace {

void append_entry(std::string& out, const AuditEntry& entry) {
  JsonObject object(out);
  object.text("id", std::to_string(entry.id)).time("time", entry.time).text("actor", entry.actor);
  object.text("peer", entry.peer).text("action", entry.action).text("target", entry.target);
  object.number("revision", entry.revision).text("detail", entry.detail).close();
}

}  // namespace

http::Response list_audit(const Call& call) {
  QueryValues query(call.request.query, {"limit", "cursor", "from", "to"});
  LogQuery log;
  log.limit = query.limit();
  log.before = query.log_cursor();
  log.from = query.time("from");
  log.to = query.time("to");
  if (log.from && log.to && *log.from >= *log.to) {
    query.fault("to", "is not later than from", "a time after from; to itself is not included");
  }
  if (!query.faults().empty()) return parameter_problem(query.faults());
  const auto page = call.reader.audit(log);
  if (page.has_error()) return store_problem(page.error());
  std::string items = "[";
  for (const auto& entry : page->rows) {
    if (items.size() > 1) items += ',';
    append_entry(items, entry);
  }
  items += ']';
  std::string body;
  JsonObject object(body);
  object.raw("items", items).text_or_null("next", page->next == 0 ? "" : std::to_string(page->next));
  object.text_or_null("searched_to", page->searched_to ? format_rfc3339(*page->searched_to) : "").close();
  return json_response(200, std::move(body));
}

}  // namespace postback::api
