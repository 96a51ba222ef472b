// CsvReader: reads comma-separated values row by row.
//
//   file  = row *(line-end row)          line-end = CRLF | LF
//   row   = cell *("," cell)
//   cell  = *any-but-quote-comma-line-end | '"' *(any-but-quote | '""') '"'        (RFC 4180)
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// Views the text it was given. A byte order mark at its start and empty lines are left out.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text);
  /// The next row's cells; false at the end, or at a fault.
  bool next(std::vector<std::string>& cells);
  /// What is wrong, a clause for people; empty if nothing is. It ends the reading.
  const std::string& fault() const { return fault_; }
  /// Of the row read last, counted from 1, and its text as it stands.
  std::size_t line() const { return line_; }
  std::string_view row_text() const { return row_; }

 private:
  bool read_cell(std::string& cell);
  bool read_quoted(std::string& cell);
  bool at_line_end() const;
  void skip_line_end();

  std::string_view rest_;
  std::string_view row_;
  std::size_t line_ = 0;
  std::size_t next_line_ = 1;
  std::string fault_;
};

}  // namespace postback
