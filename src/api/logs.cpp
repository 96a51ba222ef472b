// Pages through the logs.
#include "logs.hpp"

#include "postback/base/percent.hpp"
#include "postback/base/time_text.hpp"

#include "click_route.hpp"
#include "json_object.hpp"
#include "log_filters.hpp"
#include "log_rows.hpp"
#include "problem.hpp"
#include "query_values.hpp"

namespace postback::api {
namespace {

/// The address of the next page: the same with another cursor. What could end the header's `<...>` is encoded.
std::string next_link(const http::Request& request, SnowflakeId next) {
  std::string link = "<";
  link.append(request.path).append("?");
  for (std::string_view rest = request.query; !rest.empty();) {
    const auto end = rest.find('&');
    const auto part = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (part.empty() || part.starts_with("cursor=")) continue;
    for (const char character : part) {
      if (character > ' ' && character <= '~' && character != '<' && character != '>' && character != '"') {
        link += character;
      } else {
        append_percent_encoded(link, std::string_view(&character, 1));
      }
    }
    link += '&';
  }
  return link + "cursor=" + std::to_string(next) + ">; rel=\"next\"";
}

template <class Row>
std::string json_page(const LogPage<Row>& page, const RowNames& names) {
  std::string items = "[";
  for (const auto& row : page.rows) {
    if (items.size() > 1) items += ',';
    append_row(items, row, names);
  }
  items += ']';
  std::string body;
  JsonObject object(body);
  object.raw("items", items).text_or_null("next", page.next == 0 ? "" : std::to_string(page.next));
  object.text_or_null("searched_to", page.searched_to ? format_rfc3339(*page.searched_to) : "").close();
  return body;
}

template <class Row>
std::string ndjson_page(const LogPage<Row>& page, const RowNames& names) {
  std::string body;
  for (const auto& row : page.rows) {
    append_row(body, row, names);
    body += '\n';
  }
  return body;
}

template <class Row>
std::string csv_page(LogKind kind, const LogPage<Row>& page, const RowNames& names) {
  std::string body;
  CsvRow header(body);
  for (const auto& column : log_columns(kind)) {
    header.next(column);
    header.text(column.name);
  }
  header.close();
  for (const auto& row : page.rows) {
    CsvRow line(body);
    write_row(line, row, names);
    line.close();
  }
  return body;
}

template <class Row>
http::Response page_response(LogKind kind, LogFormat format, const Result<LogPage<Row>>& page, const Call& call) {
  if (page.has_error()) return store_problem(page.error());
  const RowNames names{call.catalog, call.services.click_id_keys};
  http::Response response;
  if (format == LogFormat::json) {
    response = json_response(200, json_page(*page, names));
  } else if (format == LogFormat::ndjson) {
    response = json_response(200, ndjson_page(*page, names));
    response.content_type = "application/x-ndjson";
  } else {
    response = json_response(200, csv_page(kind, *page, names));
    response.content_type = "text/csv; charset=utf-8; header=present";
    response.headers.emplace_back("Content-Disposition",
                                  "attachment; filename=\"" + std::string(to_string(kind)) + ".csv\"");
  }
  if (format != LogFormat::json) {
    if (page->next != 0) response.headers.emplace_back("Postbackd-Next", std::to_string(page->next));
    if (page->searched_to) response.headers.emplace_back("Postbackd-Searched-To", format_rfc3339(*page->searched_to));
  }
  if (page->next != 0) response.headers.emplace_back("Link", next_link(call.request, page->next));
  return response;
}

/// `read`: of the reader, the page of this log.
template <class Row>
http::Response list(LogKind kind, const Call& call, Result<LogPage<Row>> (Reader::*read)(const LogQuery&)) {
  const auto asked = read_log_request(kind, call.request.query, call.catalog, call.services.click_id_keys);
  if (!asked.faults.empty()) return parameter_problem(asked.faults);
  return page_response(kind, asked.format, (call.reader.*read)(asked.query), call);
}

/// The newest CTAs of a click that are shown.
constexpr std::size_t kMostCtas = 100;

std::string ctas_json(const std::vector<StoredCta>& ctas, const Catalog& catalog) {
  std::string out = "[";
  for (const auto& cta : ctas) {
    if (out.size() > 1) out += ',';
    JsonObject(out)
        .number("number", cta.number)
        .time("time", cta.time)
        .text("offer", catalog.id_of(EntityKind::offer, cta.offer))
        .close();
  }
  return out += ']';
}

}  // namespace

http::Response list_clicks(const Call& call) { return list(LogKind::clicks, call, &Reader::clicks); }

http::Response list_conversions(const Call& call) { return list(LogKind::conversions, call, &Reader::conversions); }

http::Response list_postbacks(const Call& call) { return list(LogKind::postbacks, call, &Reader::postbacks); }

http::Response list_deliveries(const Call& call) { return list(LogKind::deliveries, call, &Reader::deliveries); }

http::Response list_audit(const Call& call) { return list(LogKind::audit, call, &Reader::audit); }

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
  const auto ctas = call.reader.ctas(*id, kMostCtas);
  if (ctas.has_error()) return store_problem(ctas.error());
  std::string row;
  append_row(row, **click, {call.catalog, call.services.click_id_keys});
  std::string body;
  JsonObject(body)
      .members_of(row)
      .raw("route", route_json(**click, call))
      .raw("ctas", ctas_json(*ctas, call.catalog))
      .close();
  return json_response(200, std::move(body));
}

}  // namespace postback::api
