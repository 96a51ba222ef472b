// Turns parameters into conditions on stored columns, by the form of each column.
#include "log_filters.hpp"

#include "postback/base/money.hpp"
#include "postback/domain/delivery.hpp"
#include "postback/domain/delivery_rendering.hpp"
#include "postback/domain/postback.hpp"
#include "postback/domain/verdict.hpp"

#include "query_values.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <vector>

namespace postback::api {
namespace {

constexpr std::array<std::string_view, 5> kCommon{"limit", "cursor", "format", "from", "to"};
/// Clicks are named `click_id` everywhere else, so their own log takes that name too.
constexpr std::string_view kClickId = "click_id";
/// The largest page that is read beside small requests.
constexpr std::size_t kSmallPage = 100;

using Words = std::vector<std::string_view>;

Words codes() {
  Words words;
  for (std::size_t i = 0; i < kVerdictCodeCount; ++i) words.push_back(to_string(static_cast<VerdictCode>(i)));
  return words;
}

Words words_of(ColumnForm form) {
  switch (form) {
    case ColumnForm::code: return codes();
    case ColumnForm::result:
      return {to_string(VerdictResult::accepted), to_string(VerdictResult::duplicate),
              to_string(VerdictResult::refused), to_string(VerdictResult::test)};
    case ColumnForm::authentication:
      return {to_string(Authentication::none),    to_string(Authentication::token),
              to_string(Authentication::open),    to_string(Authentication::signature),
              to_string(Authentication::webhook), to_string(Authentication::browser),
              to_string(Authentication::key)};
    case ColumnForm::trigger:
      return {to_string(Trigger::click), to_string(Trigger::impression), to_string(Trigger::cta),
              to_string(Trigger::conversion), to_string(Trigger::status_change)};
    case ColumnForm::delivery_state:
      return {to_string(DeliveryState::pending),   to_string(DeliveryState::delivered),
              to_string(DeliveryState::failed),    to_string(DeliveryState::withheld),
              to_string(DeliveryState::cancelled), to_string(DeliveryState::listed)};
    default:
      return {to_string(ConversionStatus::pending), to_string(ConversionStatus::approved),
              to_string(ConversionStatus::rejected)};
  }
}

std::string joined(const Words& words) {
  std::string out;
  for (const auto word : words) (out.empty() ? out : out.append(", ")).append(word);
  return out;
}

bool may_be_empty(const LogColumn& column) {
  switch (column.form) {
    case ColumnForm::click:
    case ColumnForm::flag:
    case ColumnForm::time:
    case ColumnForm::delivery:
    case ColumnForm::number:
    case ColumnForm::conversion: return column.absence == Absence::null;  // a conversion has all
    case ColumnForm::entity:
    case ColumnForm::money:
    case ColumnForm::text:
    case ColumnForm::texts:
    case ColumnForm::status_word:
    case ColumnForm::authentication: return true;
    default: return false;
  }
}

/// Fills the query from one parameter after the other.
class FilterReader {
 public:
  FilterReader(QueryValues& values, const Catalog& catalog, const ClickIdKeys& keys, LogQuery& query)
      : values_(values), catalog_(catalog), keys_(keys), query_(query) {}

  /// `name`: of the parameter, which for an alias is not the column's.
  void read(const LogColumn& column, std::string_view name) {
    const auto value = values_.find(name);
    if (!value) return;
    name_ = name;
    value_ = *value;
    if (value_.empty() && may_be_empty(column)) return add(column, std::monostate{});
    read_value(column);
  }

 private:
  void read_value(const LogColumn& column) {
    switch (column.form) {
      case ColumnForm::row_id: return read_row_id();
      case ColumnForm::own_click:
        if (const auto click = read_click(value_)) want_row(*click);
        return;
      case ColumnForm::click:
        if (const auto click = read_click(value_)) want_click(*click);
        return;
      case ColumnForm::conversion: return read_conversion(column);
      case ColumnForm::own_delivery:
        if (const auto delivery = read_delivery()) want_row(*delivery);
        return;
      case ColumnForm::delivery:
        if (const auto delivery = read_delivery()) add(column, static_cast<std::int64_t>(*delivery));
        return;
      case ColumnForm::own_time: return read_own_time();
      case ColumnForm::time:
        if (const auto time = values_.time(name_)) add(column, std::int64_t{time->time_since_epoch().count()});
        return;
      case ColumnForm::entity: return read_entity(column);
      case ColumnForm::number: return read_number(column);
      case ColumnForm::money: return read_money(column);
      case ColumnForm::text:
      case ColumnForm::texts: return add(column, std::string(value_));
      case ColumnForm::flag: return read_flag(column);
      case ColumnForm::status: return read_numbered(column, parse_conversion_status(value_));
      case ColumnForm::trigger: return read_numbered(column, parse_trigger(value_));
      case ColumnForm::delivery_state: return read_numbered(column, parse_delivery_state(value_));
      case ColumnForm::code:
      case ColumnForm::result:
      case ColumnForm::status_word:
      case ColumnForm::authentication: return read_word(column);
    }
  }

  void add(const LogColumn& column, decltype(LogFilter::value) value) {
    query_.filters.push_back({column.stored, std::move(value)});
  }
  void fault(std::string expected) { values_.fault(name_, "is " + quoted(value_), std::move(expected)); }

  /// Two different IDs: no row has both, and none has ID 0.
  void want_row(SnowflakeId row) { query_.row = query_.row.value_or(row) == row ? row : 0; }
  void want_click(SnowflakeId click) {
    if (query_.click != 0 && query_.click != click) query_.row = 0;
    query_.click = click;
  }

  std::optional<SnowflakeId> read_click(std::string_view text) { return values_.click_id(name_, text, keys_); }

  void read_row_id() {
    if (const auto id = whole_number(value_, 1)) return want_row(*id);
    fault("the id of a row: a whole number");
  }

  std::optional<SnowflakeId> read_delivery() {
    auto id = parse_delivery_id(value_);
    if (!id) fault("a delivery ID: dlv_ and a number");
    return id;
  }

  void read_conversion(const LogColumn& column) {
    const auto dash = value_.rfind('-');
    const auto number = dash == std::string_view::npos ? std::nullopt : whole_number(value_.substr(dash + 1), 1);
    if (!number) return fault("a conversion ID: a click ID, a dash and a number");
    if (const auto click = read_click(value_.substr(0, dash))) {
      want_click(*click);
      add(column, static_cast<std::int64_t>(*number));
    }
  }

  /// The time of an ID is a range of IDs.
  void read_own_time() {
    const auto time = values_.time(name_);
    if (!time) return;
    query_.from = std::max(query_.from.value_or(*time), *time);
    query_.to = std::min(query_.to.value_or(TimeMs::max()), *time + std::chrono::milliseconds{1});
  }

  void read_entity(const LogColumn& column) {
    // Also objects that are archived: their rows stay.
    const auto* document = catalog_.document(column.entity, value_);
    if (document != nullptr) return add(column, std::int64_t{document->number});
    fault("the ID of one of the " + std::string(collection_name(column.entity)) +
          " in the catalog, or nothing for rows that have none");
  }

  void read_number(const LogColumn& column) {
    if (const auto number = whole_number(value_, 0)) return add(column, static_cast<std::int64_t>(*number));
    fault(may_be_empty(column) ? "a whole number, or nothing for rows that have none" : "a whole number");
  }

  void read_money(const LogColumn& column) {
    if (const auto micros = parse_decimal(value_)) return add(column, *micros);
    fault("a sum such as 12.50, with at most 6 decimals, or nothing for rows that have none");
  }

  void read_flag(const LogColumn& column) {
    if (value_ == "true" || value_ == "false") return add(column, std::int64_t{value_ == "true"});
    fault(may_be_empty(column) ? "true, false, or nothing for rows where it is not known" : "true or false");
  }

  /// A word that the store keeps as a number.
  template <class Word>
  void read_numbered(const LogColumn& column, std::optional<Word> word) {
    if (word) return add(column, static_cast<std::int64_t>(*word));
    fault("one of " + joined(words_of(column.form)));
  }

  void read_word(const LogColumn& column) {
    const auto words = words_of(column.form);
    if (std::ranges::find(words, value_) != words.end()) return add(column, std::string(value_));
    fault("one of " + joined(words));
  }

  QueryValues& values_;
  const Catalog& catalog_;
  const ClickIdKeys& keys_;
  LogQuery& query_;
  std::string_view name_;  ///< Of the parameter being read.
  std::string_view value_;
};

std::vector<std::string_view> known_names(LogKind kind) {
  std::vector<std::string_view> names(kCommon.begin(), kCommon.end());
  if (kind == LogKind::clicks) names.push_back(kClickId);
  for (const auto& column : log_columns(kind)) names.push_back(column.name);
  return names;
}

LogFormat read_format(QueryValues& values) {
  const auto text = values.find("format");
  if (!text || *text == "json") return LogFormat::json;
  if (*text == "ndjson") return LogFormat::ndjson;
  if (*text == "csv") return LogFormat::csv;
  values.fault("format", "is " + quoted(*text), "json, ndjson or csv");
  return LogFormat::json;
}

}  // namespace

LogRequest read_log_request(LogKind kind, std::string_view query, const Catalog& catalog, const ClickIdKeys& keys) {
  LogRequest request;
  const auto known = known_names(kind);
  QueryValues values(query, known);
  LogQuery& log = request.query;
  request.format = read_format(values);
  log.limit = values.limit();
  log.before = values.log_cursor();
  log.from = values.time("from");
  log.to = values.time("to");
  if (log.from && log.to && *log.from >= *log.to) {
    values.fault("to", "is not later than from", "a time after from; to itself is not included");
  }
  FilterReader reader(values, catalog, keys, log);
  for (const auto& column : log_columns(kind)) {
    reader.read(column, column.name);
    if (column.form == ColumnForm::own_click) reader.read(column, kClickId);
  }
  request.faults = values.faults();
  return request;
}

bool is_long_search(LogKind kind, std::string_view query) {
  Parameters parameters;
  parameters.add_query(query);
  for (const auto& [name, value, raw] : parameters.all()) {
    if (name == "limit") {
      if (whole_number(value, 1).value_or(0) > kSmallPage) return true;
      continue;
    }
    const bool common = std::ranges::find(kCommon, name) != kCommon.end();
    const bool own_id = name == "id";
    const bool indexed = kind == LogKind::conversions || kind == LogKind::deliveries;
    const bool by_click = name == kClickId && (kind == LogKind::clicks || indexed);
    const bool by_conversion = name == "conversion_id" && indexed;
    if (!common && !own_id && !by_click && !by_conversion) return true;
  }
  return false;
}

}  // namespace postback::api
