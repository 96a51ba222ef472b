// Builds the statements of searches out of constant texts; values are always bound.
#include "store/sqlite/log_search.hpp"

#include "postback/domain/delivery.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace postback::sqlite {
namespace {

enum class Kind : std::uint8_t {
  text,       ///< Empty: NULL or ''.
  number,     ///< Empty: NULL.
  reference,  ///< Empty: NULL or 0.
  list,       ///< A JSON array, one of whose texts is looked for. Empty: NULL or ''.
};

struct SearchColumn {
  std::string_view name;
  Kind kind;
  std::string_view sql = {};  ///< Where it is not just the column.
};

/// User agents are looked up row by row: to look for all equal ones first would take longer than a page
/// may, since that table has no index.
constexpr SearchColumn kClickColumns[] = {
    {"campaign", Kind::reference},
    {"offer", Kind::reference},
    {"source", Kind::reference},
    {"rule", Kind::number, "coalesce(rule, 0)"},
    {"path", Kind::number},
    {"lander", Kind::reference},
    {"revision", Kind::number},
    {"cost", Kind::number},
    {"cost_currency", Kind::text},
    {"external_id", Kind::text},
    {"external_name", Kind::text},
    {"sub1", Kind::text},
    {"sub2", Kind::text},
    {"sub3", Kind::text},
    {"sub4", Kind::text},
    {"sub5", Kind::text},
    {"sub6", Kind::text},
    {"sub7", Kind::text},
    {"sub8", Kind::text},
    {"sub9", Kind::text},
    {"sub10", Kind::text},
    {"sub11", Kind::text},
    {"sub12", Kind::text},
    {"sub13", Kind::text},
    {"sub14", Kind::text},
    {"sub15", Kind::text},
    {"sub16", Kind::text},
    {"sub17", Kind::text},
    {"sub18", Kind::text},
    {"sub19", Kind::text},
    {"sub20", Kind::text},
    {"extra", Kind::text},
    {"ip", Kind::text},
    {"user_agent", Kind::text, "(SELECT text FROM user_agent WHERE user_agent.id = click.user_agent)"},
    {"referrer", Kind::text},
    {"language", Kind::text},
    {"country", Kind::text},
    {"region", Kind::text},
    {"city", Kind::text},
    {"device", Kind::text, "(SELECT device FROM user_agent WHERE user_agent.id = click.user_agent)"},
    {"os", Kind::text, "(SELECT os FROM user_agent WHERE user_agent.id = click.user_agent)"},
    {"browser", Kind::text, "(SELECT browser FROM user_agent WHERE user_agent.id = click.user_agent)"},
    {"bot", Kind::number, "coalesce((SELECT bot FROM user_agent WHERE user_agent.id = click.user_agent), 0)"},
    {"is_unique", Kind::number},
};
constexpr SearchColumn kConversionColumns[] = {
    {"campaign", Kind::reference, kCampaignOfConversion},
    {"offer", Kind::reference, kOfferOfConversion},
    {"network", Kind::text, kNetworkOfConversion},
    {"number", Kind::number},
    {"event", Kind::text},
    {"txid", Kind::text},
    {"status", Kind::number},
    {"payout", Kind::number},
    {"amount", Kind::number},
    {"currency", Kind::text},
    {"original_status", Kind::text},
    {"reason", Kind::text},
    {"time_ms", Kind::number},
    {"updated_ms", Kind::number},
    {"revision", Kind::number},
};
constexpr SearchColumn kPostbackColumns[] = {
    {"click", Kind::reference},    {"conversion_number", Kind::reference},
    {"time_ms", Kind::number},     {"network", Kind::text},
    {"method", Kind::text},        {"target", Kind::text},
    {"peer", Kind::text},          {"authentication", Kind::text},
    {"http_status", Kind::number}, {"result", Kind::text},
    {"code", Kind::text},          {"message", Kind::text},
    {"fix", Kind::text},           {"evidence", Kind::text},
    {"warnings", Kind::list},      {"event", Kind::text},
    {"txid", Kind::text},          {"payout", Kind::number},
    {"amount", Kind::number},      {"currency", Kind::text},
    {"status", Kind::text},        {"original_status", Kind::text},
    {"revision", Kind::number},    {"headers", Kind::text},
    {"body", Kind::text},          {"shape", Kind::text},
    {"first_code", Kind::text},    {"judged_ms", Kind::number},
    {"repeats", Kind::number},
};

constexpr SearchColumn kAuditColumns[] = {
    {"time_ms", Kind::number}, {"actor", Kind::text},  {"peer", Kind::text},
    {"action", Kind::text},    {"target", Kind::text}, {"revision", Kind::reference, "coalesce(audit.revision, 0)"},
    {"detail", Kind::text},
};

constexpr SearchColumn kDeliveryColumns[] = {
    {"destination", Kind::reference},
    {"trigger", Kind::number},
    {"state", Kind::number},
    {"click", Kind::reference},
    {"conversion", Kind::reference},
    {"conversion_number", Kind::reference},
    {"conversion_revision", Kind::reference, "coalesce(conversion_revision, 0)"},
    {"cta", Kind::reference, "coalesce(cta, 0)"},
    {"campaign", Kind::reference},
    {"attempts", Kind::number},
    {"created_ms", Kind::number},
    {"retry_from_ms", Kind::number},
    {"due_ms", Kind::number},
    {"finished_ms", Kind::number},
    {"http_status", Kind::reference, "coalesce(http_status, 0)"},
    {"reason", Kind::text},
    {"resend_of", Kind::reference},
    {"detail", Kind::text},
};

struct Table {
  std::string_view name;
  std::span<const SearchColumn> columns;
  std::string_view by_click = {};  ///< The index that begins with the click, where there is one.
};

Table table_of(SearchTable table) {
  switch (table) {
    case SearchTable::click: return {"click", kClickColumns};
    case SearchTable::conversion: return {"conversion", kConversionColumns, "conversion_identity"};
    case SearchTable::delivery: return {"delivery", kDeliveryColumns, "delivery_subject"};
    case SearchTable::audit: return {"audit", kAuditColumns};
    case SearchTable::postback: break;
  }
  return {"postback", kPostbackColumns};
}

// The parameters of every search; the values of filters follow.
constexpr int kLow = 1;
constexpr int kHigh = 2;
constexpr int kClick = 3;
constexpr int kFirstFilter = 4;

void append_condition(std::string& sql, const SearchColumn& column, bool empty, int parameter) {
  const std::string value(column.sql.empty() ? column.name : column.sql);
  const std::string place = "?" + std::to_string(parameter);
  sql += " AND ";
  if (!empty && column.kind == Kind::list) {
    // Text that is not JSON would end the whole search with an error.
    sql += "CASE WHEN json_valid(" + value + ") THEN EXISTS (SELECT 1 FROM json_each(" + value +
           ") WHERE value = " + place + ") ELSE 0 END";
  } else if (!empty) {
    sql += value + " = " + place;
  } else if (column.kind == Kind::number) {
    sql += value + " IS NULL";
  } else {
    sql += "coalesce(" + value + (column.kind == Kind::reference ? ", 0) = 0" : ", '') = ''");
  }
}

/// The parameter that holds the destination where rows of one feed are sought, which an index finds.
std::optional<int> feed_parameter(SearchTable which, const LogQuery& query) {
  static_assert(static_cast<int>(DeliveryState::listed) == 5, "the statement names the state by its number");
  if (which != SearchTable::delivery) return std::nullopt;
  std::optional<int> destination;
  bool listed = false;
  for (std::size_t i = 0; i < query.filters.size(); ++i) {
    const auto& [column, value] = query.filters[i];
    const auto* const number = std::get_if<std::int64_t>(&value);
    if (number != nullptr && column == "destination") destination = kFirstFilter + static_cast<int>(i);
    listed = listed || (number != nullptr && column == "state" && *number == static_cast<int>(DeliveryState::listed));
  }
  return listed ? destination : std::nullopt;
}

Result<std::string> search_sql(SearchTable which, const LogQuery& query) {
  const Table table = table_of(which);
  const bool by_index = !table.by_click.empty() && query.click != 0;
  const auto feed = by_index ? std::nullopt : feed_parameter(which, query);
  std::string sql = "SELECT id, 1";
  if (query.click != 0 && !by_index) sql += " AND click = ?3";
  for (std::size_t i = 0; i < query.filters.size(); ++i) {
    const auto& filter = query.filters[i];
    const auto column = std::ranges::find(table.columns, filter.column, &SearchColumn::name);
    if (column == table.columns.end()) {
      return Error{ErrorCode::invalid_argument,
                   std::string(table.name) + " has no column " + std::string(filter.column) + " to filter on"};
    }
    append_condition(sql, *column, filter.value.index() == 0, kFirstFilter + static_cast<int>(i));
  }
  sql.append(" FROM ").append(table.name);
  if (by_index) sql.append(" INDEXED BY ").append(table.by_click);
  if (feed) sql += " INDEXED BY delivery_listed";
  sql += " WHERE";
  if (by_index) sql += " click = ?3 AND";
  if (feed) sql += " destination = ?" + std::to_string(*feed) + " AND state = 5 AND";
  return sql + " id >= ?1 AND id < ?2 ORDER BY id " + (query.oldest_first ? "ASC" : "DESC");
}

/// The smallest ID of a time, within what IDs can express.
std::uint64_t first_id_of(TimeMs time) {
  constexpr std::int64_t kLastMs = (std::int64_t{1} << 41) - 1;
  const std::int64_t since = time.time_since_epoch().count() - kSnowflakeEpochMs;
  if (since > kLastMs) return std::numeric_limits<std::int64_t>::max();
  return make_snowflake(TimeMs{std::chrono::milliseconds{std::max<std::int64_t>(since, 0) + kSnowflakeEpochMs}}, 0, 0);
}

void bind_bounds(Statement& statement, const LogQuery& query) {
  SnowflakeId low = query.from ? first_id_of(*query.from) : 0;
  SnowflakeId high = query.to ? first_id_of(*query.to) : std::numeric_limits<std::int64_t>::max();
  if (query.before != 0) high = std::min(high, query.before);
  if (query.after != 0) low = std::max(low, query.after + 1);
  if (query.row) {
    low = std::max(low, *query.row);
    high = std::min(high, *query.row + 1);
  }
  statement.id(kLow, low);
  statement.id(kHigh, high);
}

}  // namespace

Result<Statement> prepare_search(Database& database, SearchTable table, const LogQuery& query) {
  const auto sql = search_sql(table, query);
  if (!sql) return sql.error();
  auto prepared = database.prepare_once(*sql);
  if (!prepared) return prepared.error();
  Statement statement = std::move(*prepared);
  bind_bounds(statement, query);
  if (query.click != 0) statement.id(kClick, query.click);
  for (std::size_t i = 0; i < query.filters.size(); ++i) {
    const auto& value = query.filters[i].value;
    const int parameter = kFirstFilter + static_cast<int>(i);
    if (const auto* number = std::get_if<std::int64_t>(&value)) statement.integer(parameter, *number);
    if (const auto* text = std::get_if<std::string>(&value)) statement.empty_or_text(parameter, *text);
  }
  return statement;
}

}  // namespace postback::sqlite
