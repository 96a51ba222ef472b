// Tells rows apart: elements of a JSON array, lines, records of CSV.
#include "postback/domain/postback_rows.hpp"

#include "domain/ascii_text.hpp"
#include "postback/base/csv.hpp"
#include "postback/base/percent.hpp"

#include <utility>

namespace postback {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr std::string_view kCsv = "text/csv";
constexpr std::string_view kBlank = " \t\r\n";

/// The length of the JSON value at the start of `text`, up to a comma or bracket of what surrounds it.
std::size_t value_length(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']' || c == ',') && depth == 0) {
      return i;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return text.size();
}

bool add_row(PostbackRows& found, std::string_view body, std::size_t most) {
  found.too_many = found.rows.size() == most;
  if (!found.too_many) found.rows.push_back({std::string(trim(body, kBlank)), kJson});
  return !found.too_many;
}

void read_array(std::string_view text, std::size_t most, PostbackRows& found) {
  text.remove_prefix(1);
  if (trim(text, kBlank) == "]") return;
  for (;;) {
    const auto length = value_length(text);
    if (length == text.size() || text[length] == '}') {
      found.fault = "the JSON array has no end";
      return;
    }
    if (trim(text.substr(0, length), kBlank).empty()) {
      found.fault = "the JSON array has a comma too many";
      return;
    }
    if (!add_row(found, text.substr(0, length), most)) return;
    const bool last = text[length] == ']';
    text.remove_prefix(length + 1);
    if (!last) continue;
    if (!trim(text, kBlank).empty()) found.fault = "something stands behind the JSON array";
    return;
  }
}

void read_lines(std::string_view text, std::size_t most, PostbackRows& found) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = trim(text.substr(0, end), kBlank);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (!line.empty() && !add_row(found, line, most)) return;
  }
}

std::string form_of(const std::vector<std::string>& names, const std::vector<std::string>& cells) {
  std::string form;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (cells[i].empty()) continue;
    if (!form.empty()) form += '&';
    append_percent_encoded(form, names[i]);
    form += '=';
    append_percent_encoded(form, cells[i]);
  }
  return form;
}

std::string joined(const std::vector<std::string>& cells) {
  std::string text;
  for (const auto& cell : cells) text.append(text.empty() ? "" : ",").append(cell);
  return text;
}

void read_table(std::string_view text, std::size_t most, PostbackRows& found) {
  auto table = read_csv(text, text.size());
  if (!table) {
    found.fault = table.error().detail;
    return;
  }
  if (table->empty()) return;
  found.columns = std::move(table->front());
  for (auto& name : found.columns) name = std::string(trim(name));
  found.too_many = table->size() - 1 > most;
  for (std::size_t row = 1; row < table->size() && !found.too_many; ++row) {
    const auto& cells = (*table)[row];
    if (cells.size() == found.columns.size()) {
      found.rows.push_back({form_of(found.columns, cells), kForm});
      continue;
    }
    found.rows.push_back({joined(cells), kCsv,
                          "it has " + std::to_string(cells.size()) + " cells, but the first row names " +
                              std::to_string(found.columns.size())});
  }
}

}  // namespace

PostbackRows read_postback_rows(std::string_view content_type, std::string_view body, std::size_t most) {
  PostbackRows found;
  const auto type = to_ascii_lower(trim(content_type.substr(0, content_type.find(';'))));
  const auto text = trim(body, kBlank);
  if (type == kCsv) {
    read_table(body, most, found);
  } else if (type == "application/x-ndjson" || type == "application/ndjson" || type == "application/jsonl") {
    read_lines(text, most, found);
  } else if (type == kJson && text.starts_with('[')) {
    read_array(text, most, found);
  } else if (type == kJson && !text.empty()) {
    add_row(found, text, most);
  } else if (type != kJson) {
    found.unsupported = true;
  }
  if (!found.fault.empty() || found.too_many) found.rows.clear();
  return found;
}

}  // namespace postback
