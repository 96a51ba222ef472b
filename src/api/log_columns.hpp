// The columns of each log: one table that rows, filters, CSV and documents follow.
#pragma once

#include "postback/domain/catalog.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace postback::api {

enum class LogKind : std::uint8_t { clicks, conversions, postbacks, audit, deliveries };
inline constexpr LogKind kLogs[] = {LogKind::clicks, LogKind::conversions, LogKind::postbacks, LogKind::audit,
                                    LogKind::deliveries};
/// As in URLs: `clicks`, ...
std::string_view to_string(LogKind kind);

/// What a column's values look like, and so what its filter takes.
enum class ColumnForm : std::uint8_t {
  row_id,          ///< Decimal text; the row's own ID.
  own_click,       ///< 26 characters; the row's own ID.
  click,           ///< 26 characters, or null.
  conversion,      ///< `<click>-<n>`, or null.
  own_delivery,    ///< `dlv_` and digits; the row's own ID.
  delivery,        ///< `dlv_` and digits, or null.
  own_time,        ///< RFC 3339; the time in the row's own ID.
  time,            ///< RFC 3339.
  entity,          ///< The ID of an object in the catalog.
  number,          ///< A whole number, not below 0.
  money,           ///< Decimal text, or null.
  text,            ///< Any text.
  texts,           ///< Several texts; the filter takes one of them.
  code,            ///< A verdict code.
  result,          ///< A verdict's result.
  status,          ///< A conversion's status, kept as a number.
  status_word,     ///< A conversion's status, kept as text, or empty.
  authentication,  ///< How a postback authenticated.
  trigger,         ///< What a destination was told of, kept as a number.
  delivery_state,  ///< Of a delivery, kept as a number.
  flag,            ///< True or false, or null.
};

/// How a JSON object shows a column that is empty. In CSV the cell is empty.
enum class Absence : std::uint8_t { empty_text, null, left_out };

struct LogColumn {
  std::string_view name;
  ColumnForm form = ColumnForm::text;
  std::string_view stored = {};  ///< The store's name of the column, where the filter is a comparison.
  Absence absence = Absence::empty_text;
  EntityKind entity = EntityKind::network;  ///< With form `entity`.
};

/// In the order of CSV. Each column's name is also the name of its filter.
const std::vector<LogColumn>& log_columns(LogKind kind);

}  // namespace postback::api
