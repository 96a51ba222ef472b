// The two forms of a log's row.
#include "row_sink.hpp"

#include "postback/base/csv.hpp"
#include "postback/base/json_text.hpp"
#include "postback/base/time_text.hpp"

namespace postback::api {
namespace {

std::string_view flag_text(bool value) { return value ? "true" : "false"; }

}  // namespace

void JsonRow::text(std::string_view value) {
  if (!value.empty() || column_->absence == Absence::empty_text) {
    object_.text(column_->name, value);
  } else if (column_->absence == Absence::null) {
    object_.raw(column_->name, "null");
  }
}

void JsonRow::flag(std::optional<bool> value) { object_.raw(column_->name, value ? flag_text(*value) : "null"); }

void CsvRow::next(const LogColumn&) {
  if (!first_) out_ += ',';
  first_ = false;
}

void CsvRow::text(std::string_view value) { append_csv_cell(out_, value); }

void CsvRow::texts(const std::vector<std::string>& values) {
  std::string array;
  for (const auto& value : values) {
    array += array.empty() ? '[' : ',';
    append_json_string(array, value);
  }
  if (!array.empty()) array += ']';
  text(array);
}

void CsvRow::number(std::uint64_t value) { out_ += std::to_string(value); }

void CsvRow::money(std::optional<Micros> value) {
  if (value) out_ += format_decimal(*value);
}

void CsvRow::time(std::optional<TimeMs> value) {
  if (value) out_ += format_rfc3339(*value);
}

void CsvRow::flag(std::optional<bool> value) {
  if (value) out_ += flag_text(*value);
}

}  // namespace postback::api
