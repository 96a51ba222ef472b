// The tables of columns: for each its name, form and place in the store, and how it is read off a row.
#include "log_rows.hpp"

#include "postback/domain/delivery_rendering.hpp"

#include <array>
#include <utility>

namespace postback::api {
namespace {

using Form = ColumnForm;

template <class Row>
struct RowColumn {
  LogColumn column;
  void (*write)(RowSink& sink, const Row& row, const RowNames& names);
};

// How plain members are written; the row's type follows from the table.
template <auto Member, class Row>
void text(RowSink& sink, const Row& row, const RowNames&) {
  sink.text(row.*Member);
}
template <auto Member, class Row>
void number(RowSink& sink, const Row& row, const RowNames&) {
  sink.number(static_cast<std::uint64_t>(row.*Member));
}
/// Of a column with Absence::null, where 0 stands for none.
template <auto Member, class Row>
void number_or_null(RowSink& sink, const Row& row, const RowNames& names) {
  if (row.*Member == 0) return sink.text({});
  number<Member>(sink, row, names);
}
template <auto Member, class Row>
void money(RowSink& sink, const Row& row, const RowNames&) {
  sink.money(row.*Member);
}
template <auto Member, class Row>
void time(RowSink& sink, const Row& row, const RowNames&) {
  sink.time(row.*Member);
}
template <auto Member, class Row>
void flag(RowSink& sink, const Row& row, const RowNames&) {
  sink.flag(row.*Member);
}
template <auto Member, class Row>
void decimal_id(RowSink& sink, const Row& row, const RowNames&) {
  sink.text(std::to_string(row.*Member));
}
template <auto Member, class Row>
void click(RowSink& sink, const Row& row, const RowNames& names) {
  sink.text(click_text(row.*Member, names.keys));
}
template <auto Number, class Row>
void conversion(RowSink& sink, const Row& row, const RowNames& names) {
  sink.text(conversion_text(row.click, row.*Number, names.keys));
}
template <auto Member, EntityKind Kind, class Row>
void entity(RowSink& sink, const Row& row, const RowNames& names) {
  sink.text(names.catalog.id_of(Kind, row.*Member));
}
template <std::size_t Index>
void sub(RowSink& sink, const StoredClick& row, const RowNames&) {
  sink.text(row.sub[Index]);
}

template <EntityKind Kind>
constexpr LogColumn entity_column(std::string_view name) {
  return {name, Form::entity, name, Absence::empty_text, Kind};
}
constexpr LogColumn text_column(std::string_view name) { return {name, Form::text, name}; }

constexpr std::array<std::string_view, kSubIdCount> kSubNames{
    "sub1",  "sub2",  "sub3",  "sub4",  "sub5",  "sub6",  "sub7",  "sub8",  "sub9",  "sub10",
    "sub11", "sub12", "sub13", "sub14", "sub15", "sub16", "sub17", "sub18", "sub19", "sub20"};

template <std::size_t... Index>
void add_subs(std::vector<RowColumn<StoredClick>>& columns, std::index_sequence<Index...>) {
  (columns.push_back({{kSubNames[Index], Form::text, kSubNames[Index], Absence::left_out}, &sub<Index>}), ...);
}

std::vector<RowColumn<StoredClick>> make_click_columns() {
  using C = StoredClick;
  std::vector<RowColumn<C>> columns{
      {{"id", Form::own_click}, &click<&C::id>},
      {{"time", Form::own_time},
       [](RowSink& sink, const C& row, const RowNames&) { sink.time(snowflake_time(row.id)); }},
      {entity_column<EntityKind::campaign>("campaign"), &entity<&C::campaign, EntityKind::campaign>},
      {{"rule", Form::number, "rule"}, &number<&C::rule>},
      {{"path", Form::number, "path"}, &number<&C::path>},
      {entity_column<EntityKind::lander>("lander"), &entity<&C::lander, EntityKind::lander>},
      {entity_column<EntityKind::offer>("offer"), &entity<&C::offer, EntityKind::offer>},
      {entity_column<EntityKind::source>("source"), &entity<&C::source, EntityKind::source>},
      {text_column("external_id"), &text<&C::external_id>},
      {text_column("external_name"), &text<&C::external_name>},
  };
  add_subs(columns, std::make_index_sequence<kSubIdCount>());
  const RowColumn<C> rest[] = {
      {text_column("extra"), &text<&C::extra>},
      {{"cost", Form::money, "cost", Absence::null}, &money<&C::cost>},
      {text_column("cost_currency"), &text<&C::cost_currency>},
      {text_column("ip"), &text<&C::ip>},
      {text_column("user_agent"), &text<&C::user_agent>},
      {text_column("referrer"), &text<&C::referrer>},
      {text_column("language"), &text<&C::language>},
      {text_column("country"), &text<&C::country>},
      {text_column("region"), &text<&C::region>},
      {text_column("city"), &text<&C::city>},
      {text_column("device"), &text<&C::device>},
      {text_column("os"), &text<&C::os>},
      {text_column("browser"), &text<&C::browser>},
      {{"bot", Form::flag, "bot"}, &flag<&C::bot>},
      {{"unique", Form::flag, "is_unique", Absence::null}, &flag<&C::unique>},
      {{"revision", Form::number, "revision"}, &number<&C::revision>},
  };
  columns.insert(columns.end(), std::begin(rest), std::end(rest));
  return columns;
}

std::vector<RowColumn<StoredConversion>> make_conversion_columns() {
  using C = StoredConversion;
  return {
      {{"conversion_id", Form::conversion, "number"}, &conversion<&C::number>},
      {{"id", Form::row_id}, &decimal_id<&C::id>},
      {{"click_id", Form::click, "click"}, &click<&C::click>},
      {entity_column<EntityKind::campaign>("campaign"), &entity<&C::campaign, EntityKind::campaign>},
      {entity_column<EntityKind::offer>("offer"), &entity<&C::offer, EntityKind::offer>},
      {text_column("network"), &text<&C::network>},
      {text_column("event"), &text<&C::event>},
      {text_column("txid"), &text<&C::txid>},
      {{"status", Form::status, "status"},
       [](RowSink& sink, const C& row, const RowNames&) { sink.text(to_string(row.status)); }},
      {text_column("original_status"), &text<&C::original_status>},
      {{"payout", Form::money, "payout", Absence::null}, &money<&C::payout>},
      {{"amount", Form::money, "amount", Absence::null}, &money<&C::amount>},
      {text_column("currency"), &text<&C::currency>},
      {text_column("reason"), &text<&C::reason>},
      {{"time", Form::time, "time_ms"}, &time<&C::time>},
      {{"updated", Form::time, "updated_ms"}, &time<&C::updated>},
      {{"revision", Form::number, "revision"}, &number<&C::revision>},
  };
}

std::vector<RowColumn<StoredPostback>> make_postback_columns() {
  using P = StoredPostback;
  return {
      {{"id", Form::row_id}, &decimal_id<&P::id>},
      {{"time", Form::time, "time_ms"}, &time<&P::time>},
      {text_column("network"), &text<&P::network>},
      {text_column("method"), &text<&P::method>},
      {text_column("target"), &text<&P::target>},
      {text_column("peer"), &text<&P::peer>},
      {{"auth", Form::authentication, "authentication"}, &text<&P::authentication>},
      {{"http_status", Form::number, "http_status"}, &number<&P::http_status>},
      {{"result", Form::result, "result"}, &text<&P::result>},
      {{"code", Form::code, "code"}, &text<&P::code>},
      {text_column("message"), &text<&P::message>},
      {text_column("fix"), &text<&P::fix>},
      {text_column("evidence"), &text<&P::evidence>},
      {{"warnings", Form::texts, "warnings"},
       [](RowSink& sink, const P& row, const RowNames&) { sink.texts(row.warnings); }},
      {{"click_id", Form::click, "click", Absence::null}, &click<&P::click>},
      {{"conversion_id", Form::conversion, "conversion_number", Absence::null}, &conversion<&P::conversion_number>},
      {text_column("event"), &text<&P::event>},
      {text_column("txid"), &text<&P::txid>},
      {{"payout", Form::money, "payout", Absence::null}, &money<&P::payout>},
      {{"amount", Form::money, "amount", Absence::null}, &money<&P::amount>},
      {text_column("currency"), &text<&P::currency>},
      {{"status", Form::status_word, "status"}, &text<&P::status>},
      {text_column("original_status"), &text<&P::original_status>},
      {{"revision", Form::number, "revision"}, &number<&P::revision>},
      {text_column("headers"), &text<&P::headers>},
      {text_column("body"), &text<&P::body>},
      {text_column("shape"), &text<&P::shape>},
      {text_column("first_code"), &text<&P::first_code>},
      {{"judged", Form::time, "judged_ms", Absence::null},
       [](RowSink& sink, const P& row, const RowNames&) { sink.time(row.judged); }},
      {{"repeats", Form::number, "repeats"}, &number<&P::repeats>},
  };
}

std::vector<RowColumn<AuditEntry>> make_audit_columns() {
  using A = AuditEntry;
  return {
      {{"id", Form::row_id}, &decimal_id<&A::id>},
      {{"time", Form::time, "time_ms"}, &time<&A::time>},
      {text_column("actor"), &text<&A::actor>},
      {text_column("peer"), &text<&A::peer>},
      {text_column("action"), &text<&A::action>},
      {text_column("target"), &text<&A::target>},
      {{"revision", Form::number, "revision"}, &number<&A::revision>},
      {text_column("detail"), &text<&A::detail>},
  };
}

std::string shown_delivery(SnowflakeId id) { return id == 0 ? std::string() : delivery_text(id); }

std::vector<RowColumn<Delivery>> make_delivery_columns() {
  using D = Delivery;
  return {
      {{"id", Form::own_delivery},
       [](RowSink& sink, const D& row, const RowNames&) { sink.text(shown_delivery(row.id)); }},
      {{"time", Form::time, "created_ms"}, &time<&D::created>},
      {entity_column<EntityKind::destination>("destination"), &entity<&D::destination, EntityKind::destination>},
      {{"trigger", Form::trigger, "trigger"},
       [](RowSink& sink, const D& row, const RowNames&) { sink.text(to_string(row.trigger)); }},
      {{"status", Form::delivery_state, "state"},
       [](RowSink& sink, const D& row, const RowNames&) { sink.text(to_string(row.state)); }},
      {text_column("reason"), &text<&D::reason>},
      {{"http_status", Form::number, "http_status", Absence::null}, &number_or_null<&D::http_status>},
      {{"attempt_count", Form::number, "attempts"}, &number<&D::attempts>},
      {{"due", Form::time, "due_ms", Absence::null},
       [](RowSink& sink, const D& row, const RowNames&) { sink.time(row.due); }},
      {{"finished", Form::time, "finished_ms", Absence::null},
       [](RowSink& sink, const D& row, const RowNames&) { sink.time(row.finished); }},
      {entity_column<EntityKind::campaign>("campaign"), &entity<&D::campaign, EntityKind::campaign>},
      {{"click_id", Form::click, "click", Absence::null}, &click<&D::click>},
      {{"conversion_id", Form::conversion, "conversion_number", Absence::null}, &conversion<&D::conversion_number>},
      {{"conversion_revision", Form::number, "conversion_revision", Absence::null},
       &number_or_null<&D::conversion_revision>},
      {{"cta", Form::number, "cta", Absence::null}, &number_or_null<&D::cta>},
      {{"resend_of", Form::delivery, "resend_of", Absence::null},
       [](RowSink& sink, const D& row, const RowNames&) { sink.text(shown_delivery(row.resend_of)); }},
  };
}

// Each made once, at its first use.
const std::vector<RowColumn<StoredClick>>& click_columns() {
  static const auto columns = make_click_columns();
  return columns;
}
const std::vector<RowColumn<StoredConversion>>& conversion_columns() {
  static const auto columns = make_conversion_columns();
  return columns;
}
const std::vector<RowColumn<StoredPostback>>& postback_columns() {
  static const auto columns = make_postback_columns();
  return columns;
}
const std::vector<RowColumn<AuditEntry>>& audit_columns() {
  static const auto columns = make_audit_columns();
  return columns;
}

const std::vector<RowColumn<Delivery>>& delivery_columns() {
  static const auto columns = make_delivery_columns();
  return columns;
}

template <class Row>
std::vector<LogColumn> without_rows(const std::vector<RowColumn<Row>>& table) {
  std::vector<LogColumn> columns;
  for (const auto& entry : table) columns.push_back(entry.column);
  return columns;
}

template <class Row>
void write_columns(const std::vector<RowColumn<Row>>& columns, RowSink& sink, const Row& row, const RowNames& names) {
  for (const auto& entry : columns) {
    sink.next(entry.column);
    entry.write(sink, row, names);
  }
}

}  // namespace

std::string_view to_string(LogKind kind) {
  switch (kind) {
    case LogKind::clicks: return "clicks";
    case LogKind::conversions: return "conversions";
    case LogKind::postbacks: return "postbacks";
    case LogKind::audit: return "audit";
    case LogKind::deliveries: return "deliveries";
  }
  return "unknown";
}

const std::vector<LogColumn>& log_columns(LogKind kind) {
  static const auto clicks = without_rows(click_columns());
  static const auto conversions = without_rows(conversion_columns());
  static const auto postbacks = without_rows(postback_columns());
  static const auto audit = without_rows(audit_columns());
  static const auto deliveries = without_rows(delivery_columns());
  switch (kind) {
    case LogKind::clicks: return clicks;
    case LogKind::conversions: return conversions;
    case LogKind::audit: return audit;
    case LogKind::deliveries: return deliveries;
    case LogKind::postbacks: break;
  }
  return postbacks;
}

std::string click_text(SnowflakeId click, const ClickIdKeys& keys) {
  return click == 0 ? std::string() : to_string(keys.sign(click));
}

std::string conversion_text(SnowflakeId click, std::uint32_t number, const ClickIdKeys& keys) {
  return click == 0 || number == 0 ? std::string() : click_text(click, keys) + "-" + std::to_string(number);
}

void write_row(RowSink& sink, const StoredClick& row, const RowNames& names) {
  write_columns(click_columns(), sink, row, names);
}
void write_row(RowSink& sink, const StoredConversion& row, const RowNames& names) {
  write_columns(conversion_columns(), sink, row, names);
}
void write_row(RowSink& sink, const StoredPostback& row, const RowNames& names) {
  write_columns(postback_columns(), sink, row, names);
}
void write_row(RowSink& sink, const AuditEntry& row, const RowNames& names) {
  write_columns(audit_columns(), sink, row, names);
}
void write_row(RowSink& sink, const Delivery& row, const RowNames& names) {
  write_columns(delivery_columns(), sink, row, names);
}

}  // namespace postback::api
