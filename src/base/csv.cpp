// Reading CSV, one character after the other.
#include "postback/base/csv.hpp"

#include <algorithm>
#include <utility>

namespace postback {
namespace {

class CsvReader {
 public:
  CsvReader(std::string_view text, std::size_t most_lines) : rest_(text), most_lines_(most_lines) {}

  Result<std::vector<std::vector<std::string>>> run() {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
    while (!rest_.empty()) {
      if (auto read = read_cell(); !read) return read.error();
      if (take(',')) {
        if (rest_.empty()) cells_.emplace_back();
        continue;
      }
      take('\r');
      if (!rest_.empty() && !take('\n')) return fault("has text behind a closing quote");
      if (auto ended = end_line(); !ended) return ended.error();
    }
    if (!cells_.empty()) {
      if (auto ended = end_line(); !ended) return ended.error();
    }
    return std::move(lines_);
  }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  Result<void> read_cell() {
    std::string cell;
    if (take('"')) {
      for (;;) {
        const auto quote = rest_.find('"');
        if (quote == std::string_view::npos) return fault("has a quote that is not closed");
        cell += rest_.substr(0, quote);
        rest_.remove_prefix(quote + 1);
        if (!take('"')) break;
        cell += '"';
      }
    } else {
      const auto end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
      cell = rest_.substr(0, end);
      rest_.remove_prefix(end);
      if (cell.find('"') != std::string::npos) return fault("has a quote within a cell; put the whole cell in quotes");
    }
    cells_.push_back(std::move(cell));
    return {};
  }

  Result<void> end_line() {
    if (cells_.size() > 1 || !cells_.front().empty()) lines_.push_back(std::move(cells_));
    cells_.clear();
    if (lines_.size() > most_lines_)
      return fault("is one too many; at most " + std::to_string(most_lines_) + " are taken");
    ++line_;
    return {};
  }

  Error fault(const std::string& problem) const {
    return {ErrorCode::invalid_argument, "line " + std::to_string(line_) + " " + problem};
  }

  std::string_view rest_;
  const std::size_t most_lines_;
  std::size_t line_ = 1;
  std::vector<std::string> cells_;
  std::vector<std::vector<std::string>> lines_;
};

}  // namespace

Result<std::vector<std::vector<std::string>>> read_csv(std::string_view text, std::size_t most_lines) {
  return CsvReader(text, most_lines).run();
}

}  // namespace postback
