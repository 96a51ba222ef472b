// What a request for a log asks: limits, time range and a filter for each column, checked.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/click_id.hpp"
#include "postback/store/log_query.hpp"

#include "log_columns.hpp"

#include <cstdint>
#include <string_view>

namespace postback::api {

enum class LogFormat : std::uint8_t { json, ndjson, csv };

struct LogRequest {
  LogQuery query;
  LogFormat format = LogFormat::json;
  Faults faults;  ///< When there are any, the rest means nothing.
};

/// Reads the query text of a request for `kind`. Parameters: limit, cursor, from, to, format, and every column's name;
/// for clicks also `click_id`, which is their `id`. An empty value asks for rows where the column is empty.
LogRequest read_log_request(LogKind kind, std::string_view query, const Catalog& catalog, const ClickIdKeys& keys);

/// Whether answering may take long: many rows, or a search that no index helps with. Decided by names alone, so a
/// faulty request may be taken for either.
bool is_long_search(LogKind kind, std::string_view query);

}  // namespace postback::api
