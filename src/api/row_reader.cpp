// From the text of an upload to one JSON object a row.
#include "row_reader.hpp"

#include "postback/base/csv.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>

#include <utility>

namespace postback::api {
namespace {

using Rows = std::variant<std::vector<UploadedRow>, Faults>;

Rows whole_fault(std::string problem, std::string expected) {
  return Faults{{"(document)", std::move(problem), std::move(expected)}};
}

Rows too_many(std::size_t most) {
  return whole_fault("has too many rows", "at most " + std::to_string(most) + " in one request");
}

Rows json_rows(std::string_view body, std::string_view member, std::size_t most) {
  const std::string expected = "{\"" + std::string(member) + "\":[...]}, or the array alone";
  auto parsed = parse_strict_json(body);
  if (!parsed) return whole_fault(parsed.error().detail, expected);
  if (parsed->is_object() && parsed->size() == 1 && parsed->contains(member)) {
    Json inner = std::move((*parsed)[std::string(member)]);
    *parsed = std::move(inner);
  }
  if (!parsed->is_array()) return whole_fault("is no array of rows", expected);
  if (parsed->size() > most) return too_many(most);
  std::vector<UploadedRow> rows;
  for (auto& each : *parsed) rows.push_back({std::move(each), {}});
  return rows;
}

Rows ndjson_rows(std::string_view body, std::size_t most) {
  std::vector<UploadedRow> rows;
  while (!body.empty()) {
    const auto line = body.substr(0, body.find('\n'));
    body.remove_prefix(std::min(line.size() + 1, body.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (rows.size() == most) return too_many(most);
    auto parsed = parse_strict_json(line);
    rows.push_back(parsed ? UploadedRow{std::move(*parsed), {}} : UploadedRow{{}, parsed.error().detail});
  }
  return rows;
}

Rows csv_rows(std::string_view body, std::size_t most) {
  const auto lines = read_csv(body, most + 1);
  if (!lines) return whole_fault(lines.error().detail, "CSV whose first line has the names of the columns");
  std::vector<UploadedRow> rows;
  for (std::size_t i = 1; i < lines->size(); ++i) {
    const auto& names = lines->front();
    const auto& cells = (*lines)[i];
    UploadedRow row{Json::object(), {}};
    if (cells.size() != names.size()) {
      row.fault = "has " + std::to_string(cells.size()) + " cells instead of " + std::to_string(names.size());
    }
    for (std::size_t cell = 0; row.fault.empty() && cell < cells.size(); ++cell) {
      if (!cells[cell].empty()) row.object[names[cell]] = cells[cell];
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::optional<UploadForm> upload_form(std::optional<std::string_view> content_type) {
  if (!content_type) return UploadForm::json;
  const auto type = boost::algorithm::trim_copy(std::string(content_type->substr(0, content_type->find(';'))));
  if (boost::algorithm::iequals(type, "application/json")) return UploadForm::json;
  if (boost::algorithm::iequals(type, "application/x-ndjson")) return UploadForm::ndjson;
  if (boost::algorithm::iequals(type, "text/csv")) return UploadForm::csv;
  return std::nullopt;
}

Rows read_rows(UploadForm form, std::string_view body, std::string_view member, std::size_t most) {
  auto rows = form == UploadForm::json     ? json_rows(body, member, most)
              : form == UploadForm::ndjson ? ndjson_rows(body, most)
                                           : csv_rows(body, most);
  if (const auto* read = std::get_if<std::vector<UploadedRow>>(&rows); read != nullptr && read->empty()) {
    return whole_fault("has no rows", "at least one");
  }
  return rows;
}

}  // namespace postback::api
