// PostbackRows: many postbacks in one body, each as the body of one request.
//
//   application/json      an array of objects; or one object
//   application/x-ndjson  an object on each line
//   text/csv              RFC 4180, the first row being the names; an empty cell is an absent parameter
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

struct PostbackRow {
  std::string body;               ///< A JSON object as it stood; of CSV a form.
  std::string_view content_type;  ///< Of `body`, a constant of the program.
  std::string fault{};            ///< Why it is no postback, a clause for people; `body` is its text then.
};

struct PostbackRows {
  std::vector<PostbackRow> rows;
  std::vector<std::string> columns{};  ///< Of CSV.
  std::string fault{};                 ///< Why the body is not rows, a clause for people.
  bool unsupported = false;            ///< Its type is none of those above.
  bool too_many = false;               ///< More than `most`.
};

/// Divides a body into rows; objects are not parsed, only told apart. With a fault there are no rows.
PostbackRows read_postback_rows(std::string_view content_type, std::string_view body, std::size_t most);

}  // namespace postback
