// Reads cells one after the other.
#include "postback/base/csv.hpp"

#include <algorithm>

namespace postback {

CsvReader::CsvReader(std::string_view text) : rest_(text) {
  if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
}

bool CsvReader::at_line_end() const { return rest_.empty() || rest_.front() == '\n' || rest_.starts_with("\r\n"); }

void CsvReader::skip_line_end() {
  if (rest_.empty()) return;
  rest_.remove_prefix(rest_.front() == '\n' ? 1 : 2);
  ++next_line_;
}

bool CsvReader::next(std::vector<std::string>& cells) {
  cells.clear();
  while (!rest_.empty() && at_line_end()) skip_line_end();
  if (rest_.empty() || !fault_.empty()) return false;
  const std::string_view start = rest_;
  line_ = next_line_;
  for (;;) {
    if (!read_cell(cells.emplace_back())) return false;
    if (at_line_end()) break;
    rest_.remove_prefix(1);  // the comma
  }
  row_ = start.substr(0, start.size() - rest_.size());
  skip_line_end();
  return true;
}

bool CsvReader::read_cell(std::string& cell) {
  if (rest_.starts_with('"')) return read_quoted(cell);
  const auto end = std::min(rest_.find_first_of(",\n"), rest_.size());
  const bool crlf = end < rest_.size() && rest_[end] == '\n' && end > 0 && rest_[end - 1] == '\r';
  cell = rest_.substr(0, crlf ? end - 1 : end);
  rest_.remove_prefix(crlf ? end - 1 : end);
  return true;
}

bool CsvReader::read_quoted(std::string& cell) {
  rest_.remove_prefix(1);
  for (;;) {
    const auto quote = rest_.find('"');
    if (quote == std::string_view::npos) {
      fault_ = "line " + std::to_string(line_) + " has a quoted cell without an end";
      return false;
    }
    cell += rest_.substr(0, quote);
    next_line_ += static_cast<std::size_t>(std::ranges::count(rest_.substr(0, quote), '\n'));
    rest_.remove_prefix(quote + 1);
    if (!rest_.starts_with('"')) break;
    cell += '"';
    rest_.remove_prefix(1);
  }
  if (at_line_end() || rest_.front() == ',') return true;
  fault_ = "line " + std::to_string(line_) + " has text behind a quoted cell";
  return false;
}

}  // namespace postback
