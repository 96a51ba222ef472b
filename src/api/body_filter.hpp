// The filter of a log as a member of a JSON body: names and values mean the same as in the log's address.
#pragma once

#include "postback/base/strict_json.hpp"

#include "log_filters.hpp"

#include <string>

namespace postback::api {

struct BodyFilter {
  LogQuery query;    ///< Time range, row, click and filters; limit and cursor are not the filter's.
  std::string said;  ///< As query text, for the audit log.
};

/// Reads `{"status":"failed","from":"2026-01-31T00:00:00Z", ...}`. Adds to `faults` what is wrong, below `filter.`.
BodyFilter read_body_filter(LogKind kind, const Json& filter, const Catalog& catalog, const ClickIdKeys& keys,
                            Faults& faults);

}  // namespace postback::api
