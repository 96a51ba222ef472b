// Pages through the logs of clicks, conversions and postbacks.
#include "logs.hpp"

#include "json_object.hpp"
#include "log_rows.hpp"
#include "problem.hpp"
#include "query_values.hpp"

namespace postback::api {
namespace {

/// Fills `log` from the parameters that all logs know.
void read_log_query(QueryValues& query, const ClickIdKeys& keys, LogQuery& log) {
  log.limit = query.limit();
  log.before = query.log_cursor();
  log.click = query.click(keys);
  log.from = query.time("from");
  log.to = query.time("to");
  if (log.from && log.to && *log.from >= *log.to) {
    query.fault("to", "is not later than from", "a time after from; to itself is not included");
  }
}

template <class Row>
http::Response page_response(const Result<LogPage<Row>>& page, const Call& call) {
  if (page.has_error()) return store_problem(page.error());
  const auto catalog = call.services.catalog.current();
  const RowNames names{*catalog, call.services.click_id_keys};
  std::string items = "[";
  for (const auto& row : page->rows) {
    if (items.size() > 1) items += ',';
    append_row(items, row, names);
  }
  items += ']';
  std::string body;
  JsonObject object(body);
  object.raw("items", items).text_or_null("next", page->next == 0 ? "" : std::to_string(page->next));
  object.text_or_null("searched_to", page->searched_to ? format_rfc3339(*page->searched_to) : "").close();
  return json_response(200, std::move(body));
}

}  // namespace

http::Response list_clicks(const Call& call) {
  QueryValues query(call.request.query, {"limit", "cursor", "click_id", "from", "to"});
  LogQuery log;
  read_log_query(query, call.services.click_id_keys, log);
  if (!query.faults().empty()) return parameter_problem(query.faults());
  return page_response(call.reader.clicks(log), call);
}

http::Response list_conversions(const Call& call) {
  QueryValues query(call.request.query, {"limit", "cursor", "click_id", "from", "to"});
  LogQuery log;
  read_log_query(query, call.services.click_id_keys, log);
  if (!query.faults().empty()) return parameter_problem(query.faults());
  return page_response(call.reader.conversions(log), call);
}

http::Response list_postbacks(const Call& call) {
  QueryValues query(call.request.query, {"limit", "cursor", "code", "click_id", "from", "to"});
  LogQuery log;
  read_log_query(query, call.services.click_id_keys, log);
  log.code = query.code();
  if (!query.faults().empty()) return parameter_problem(query.faults());
  return page_response(call.reader.postbacks(log), call);
}

http::Response get_click(const Call& call) {
  const QueryValues query(call.request.query, {});
  auto faults = query.faults();
  const auto id = read_click_id(call.path.at(0), call.services.click_id_keys, "id", faults);
  if (!faults.empty()) return parameter_problem(faults);
  const auto click = call.reader.click(*id);
  if (click.has_error()) return store_problem(click.error());
  if (!click->has_value()) {
    return problem(
        ProblemKind::not_found,
        "This click ID is one of ours, but its click is not stored: it may still wait for the store, or it was "
        "never recorded.");
  }
  const auto catalog = call.services.catalog.current();
  std::string body;
  append_row(body, **click, {*catalog, call.services.click_id_keys});
  return json_response(200, std::move(body));
}

}  // namespace postback::api
