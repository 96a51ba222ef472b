// Comma-separated values: reading what is sent to us, writing what others read.
#pragma once

#include "postback/base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// The lines of a CSV text (RFC 4180), each with its cells: quoted or not, line ends LF or CRLF; empty lines are left
/// out, and so is a byte order mark. Errors (invalid_argument, a clause for people with the line's number): a quote
/// that is not closed or stands within a cell without quotes, more than `most_lines` lines.
Result<std::vector<std::vector<std::string>>> read_csv(std::string_view text, std::size_t most_lines);

/// Appends `text` as one cell, in quotes where it needs them; bytes that are not UTF-8 become U+FFFD. A ' is put before
/// every place where a spreadsheet would see a formula.
void append_csv_cell(std::string& out, std::string_view text);

}  // namespace postback
