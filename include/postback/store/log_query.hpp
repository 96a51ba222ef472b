// LogQuery and LogPage: which rows of a log are wanted, and a page of them.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/domain/snowflake.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace postback {

/// A column must have this value. `column` is one of the stored columns' names (such as `campaign` or `time_ms`), a
/// constant of the program, never text of a request. No value: the column must be empty (no text, no number, no
/// reference).
struct LogFilter {
  std::string_view column;
  std::variant<std::monostate, std::int64_t, std::string> value;
};

/// Which rows of a log, newest first unless told otherwise. Empty members do not filter.
struct LogQuery {
  std::size_t limit = 50;          ///< 1 to 1000.
  SnowflakeId before = 0;          ///< Only rows with a smaller ID; 0: from the newest.
  bool oldest_first = false;       ///< The other way round: pages go on behind `after`.
  SnowflakeId after = 0;           ///< Only rows with a larger ID.
  std::optional<TimeMs> from;      ///< Inclusive.
  std::optional<TimeMs> to;        ///< Exclusive.
  std::optional<SnowflakeId> row;  ///< Only the row with this ID.
  SnowflakeId click = 0;           ///< All but clicks: of this one only. An index finds conversions and deliveries.
  std::vector<LogFilter> filters;
  std::chrono::milliseconds budget{200};  ///< The page ends, possibly short, when it is used up.
};

/// A page of a log. `next` (0: the end was reached) continues it, as `before` or, oldest first, as `after`. Everything
/// newer than `searched_to` was looked at: on the last page the query's `from`, else the beginning of all IDs,
/// 2025-01-01T00:00:00Z. Oldest first it is everything older, and on the last page the query's `to`, if it has one.
template <class Row>
struct LogPage {
  std::vector<Row> rows;
  SnowflakeId next = 0;
  std::optional<TimeMs> searched_to;
};

}  // namespace postback
