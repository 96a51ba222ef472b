// Comma-separated values as they are sent to us.
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

}  // namespace postback
