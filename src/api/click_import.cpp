// Reads the rows, has the clicks among them stored in steps, and tells what became of each.
#include "click_import.hpp"

#include "postback/domain/foreign_click.hpp"
#include "postback/store/import_item.hpp"

#include "edit_problem.hpp"
#include "json_object.hpp"
#include "log_rows.hpp"
#include "problem.hpp"
#include "query_values.hpp"
#include "row_reader.hpp"

#include <algorithm>
#include <utility>

namespace postback::api {
namespace {

/// Clicks of one transaction, which stand beside those of visitors.
constexpr std::size_t kStep = 200;

using Outcome = ImportedClick::Outcome;

struct Row {
  std::string foreign_id{};
  std::variant<ForeignClick, Faults> read = Faults{};
  std::optional<Outcome> outcome{};
  SnowflakeId click = 0;
  const ForeignClick* valid() const { return std::get_if<ForeignClick>(&read); }
};

/// What the user agents of rows say.
class AgentReader {
 public:
  explicit AgentReader(const UserAgentParser* parser) : parser_(parser) {}
  void read(ForeignClick& click) {
    if (parser_ != nullptr) click.agent = parser_->parse(click.user_agent, scratch_);
  }

 private:
  const UserAgentParser* parser_;
  UserAgentParser::Scratch scratch_;
};

/// What the export of a click of ours has where addresses are hashed.
bool is_address_hash(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Row read_row(UploadedRow& uploaded, const Catalog& catalog, const Services& services, AgentReader& agents) {
  Row row;
  if (!uploaded.fault.empty()) {
    row.read = Faults{{"(row)", uploaded.fault, "an object such as {\"foreign_id\":\"...\",\"campaign\":\"...\"}"}};
    return row;
  }
  row.read = read_foreign_click(std::move(uploaded.object), catalog, services.click_id_keys, services.clock.wall());
  if (auto* click = std::get_if<ForeignClick>(&row.read)) {
    row.foreign_id = click->foreign_id;
    const bool recorded_before = click->own && is_address_hash(click->ip);
    if (services.recorded_address && !recorded_before) click->ip = services.recorded_address(click->ip);
    agents.read(*click);
  }
  return row;
}

/// Stores the next valid rows from `next` on, which moves behind them.
Result<void> store_step(std::vector<Row>& rows, std::size_t& next, ItemWaiter& items) {
  ItemWaiter::Counted<ImportItem> item;
  std::vector<Row*> stored;
  for (; next < rows.size() && stored.size() < kStep; ++next) {
    const auto* click = rows[next].valid();
    if (click == nullptr) continue;
    stored.push_back(&rows[next]);
    item.clicks.push_back({.foreign_id = click->foreign_id, .time = click->time, .click = click->click()});
  }
  if (stored.empty()) return {};
  if (auto committed = items.commit(item); !committed) return committed;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    stored[i]->outcome = item.clicks[i].outcome;
    stored[i]->click = item.clicks[i].id;
  }
  return {};
}

std::string_view result_of(const Row& row) {
  if (row.outcome == Outcome::imported) return "imported";
  if (row.outcome == Outcome::known) return "known";
  return row.valid() != nullptr && !row.outcome ? "valid" : "refused";
}

Faults faults_of(const Row& row) {
  if (const auto* faults = std::get_if<Faults>(&row.read)) return *faults;
  if (row.outcome != Outcome::no_room) return {};
  return {{"time", "is the time of too many clicks", "another time: a minute has some hundred million IDs"}};
}

std::size_t count(const std::vector<Row>& rows, std::string_view result) {
  return static_cast<std::size_t>(
      std::ranges::count_if(rows, [&](const Row& row) { return result_of(row) == result; }));
}

std::string report(const std::vector<Row>& rows, bool dry_run, const ClickIdKeys& keys) {
  std::string items = "[";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i > 0) items += ',';
    JsonObject object(items);
    object.number("row", i + 1).text("foreign_id", rows[i].foreign_id).text("result", result_of(rows[i]));
    object.text_or_null("click_id", click_text(rows[i].click, keys)).raw("errors", faults_json(faults_of(rows[i])));
    object.close();
  }
  items += ']';
  std::string body;
  JsonObject object(body);
  object.flag("dry_run", dry_run).number("rows", rows.size()).number("valid", count(rows, "valid"));
  object.number("imported", count(rows, "imported")).number("known", count(rows, "known"));
  object.number("refused", count(rows, "refused")).raw("items", items).close();
  return body;
}

Result<void> audit(const Call& call, const std::vector<Row>& rows) {
  OperatorChange change;
  change.audit = AuditEntry{.time = call.services.clock.wall(),
                            .actor = call.caller.key,
                            .peer = std::string(call.request.peer),
                            .action = "clicks.import",
                            .target = "clicks",
                            .detail = std::to_string(count(rows, "imported")) + " imported, " +
                                      std::to_string(count(rows, "known")) + " known, " +
                                      std::to_string(count(rows, "refused")) + " refused"};
  return call.services.writer.commit(change);
}

}  // namespace

http::Response import_clicks(const Call& call) {
  QueryValues query(call.request.query, {"dry_run"});
  const bool dry_run = query.choice("dry_run", {"false", "true"}) == "true";
  if (!query.faults().empty()) return parameter_problem(query.faults());
  const auto form = upload_form(call.request.header("Content-Type"));
  if (!form) {
    return problem(ProblemKind::unsupported_media_type,
                   "Send the clicks as application/json, application/x-ndjson or text/csv.");
  }
  auto read = read_rows(*form, call.request.body, "clicks", kMostImportedClicks);
  if (const auto* faults = std::get_if<Faults>(&read)) return document_problem(*faults);
  const auto catalog = call.services.catalog.current();
  const auto& keys = call.services.click_id_keys;
  std::vector<Row> rows;
  AgentReader agents(call.services.user_agents);
  for (auto& uploaded : std::get<std::vector<UploadedRow>>(read)) {
    rows.push_back(read_row(uploaded, *catalog, call.services, agents));
  }
  if (!dry_run) {
    for (std::size_t next = 0; next < rows.size();) {
      if (const auto stored = store_step(rows, next, *call.services.items); !stored)
        return store_problem(stored.error());
    }
    if (count(rows, "imported") > 0 && call.services.clicks_imported) call.services.clicks_imported();
    if (const auto noted = audit(call, rows); !noted) return store_problem(noted.error());
  }
  return json_response(200, report(rows, dry_run, keys));
}

}  // namespace postback::api
