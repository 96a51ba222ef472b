// Reads the rows of an upload: a JSON array, NDJSON or CSV.
#pragma once

#include "postback/base/strict_json.hpp"
#include "postback/domain/catalog.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace postback::api {

enum class UploadForm : std::uint8_t { json, ndjson, csv };

/// By its Content-Type; without one JSON. Nothing: another type.
std::optional<UploadForm> upload_form(std::optional<std::string_view> content_type);

/// A row: an object, or why it cannot be read.
struct UploadedRow {
  Json object;
  std::string fault;  ///< A clause for people; empty: `object` is one value.
};

/// JSON: an object whose only member is the array `member`, or the array itself. NDJSON: an object a line. CSV: the
/// first line names the members; a cell is a text, an empty one is absent. Faults of the whole: not JSON or CSV, more
/// than `most` rows, none.
std::variant<std::vector<UploadedRow>, Faults> read_rows(UploadForm form, std::string_view body,
                                                         std::string_view member, std::size_t most);

}  // namespace postback::api
