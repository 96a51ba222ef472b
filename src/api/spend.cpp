// Reads, checks and shows entries of the ledger of spend.
#include "spend.hpp"

#include "domain/object_reader.hpp"
#include "postback/base/csv.hpp"
#include "postback/base/time_text.hpp"

#include "edit_problem.hpp"
#include "json_object.hpp"
#include "problem.hpp"
#include "query_values.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>

#include <variant>
#include <vector>

namespace postback::api {
namespace {

using Entries = std::vector<SpendEntry>;

constexpr std::size_t kMostEntries = 1000;
constexpr std::size_t kLongestNote = 500;

TimeMs read_time(ObjectReader& reader, std::string_view field) {
  const std::size_t before = reader.faults().size();
  const std::string text = reader.required_text(field, "an RFC 3339 time such as \"2026-01-31T00:00:00Z\"");
  const auto time = parse_rfc3339(text);
  if (!time && reader.faults().size() == before) {
    reader.fault(field, "is not an RFC 3339 time", "a time such as \"2026-01-31T00:00:00Z\"");
  }
  return time.value_or(TimeMs{});
}

Micros read_amount(ObjectReader& reader) {
  const std::string expected = "decimal text such as \"125.00\", negative to correct an earlier entry";
  const std::size_t before = reader.faults().size();
  const std::string text = reader.required_text("amount", expected);
  const auto amount = parse_decimal(text);
  if (!amount && reader.faults().size() == before) reader.fault("amount", "is not a decimal number", expected);
  return amount.value_or(0);
}

SpendEntry read_entry(const Json& object, const std::string& path, const Catalog& catalog, Faults& faults) {
  SpendEntry entry;
  ObjectReader reader(object, path, faults);
  const std::string campaign = reader.required_text("campaign", "the ID of a campaign, such as \"summer\"");
  const auto* document = catalog.document(EntityKind::campaign, campaign);
  if (document != nullptr) entry.campaign = document->number;
  if (document == nullptr && !campaign.empty()) {
    reader.fault("campaign", "there is no campaign \"" + campaign + "\"", "the ID of a campaign");
  }
  const std::size_t before = faults.size();
  entry.from = read_time(reader, "from");
  entry.to = read_time(reader, "to");
  if (faults.size() == before && entry.from >= entry.to) {
    reader.fault("to", "is not later than from", "the end of the time, which itself is not included");
  }
  entry.amount = read_amount(reader);
  entry.currency = reader.currency("currency", catalog.currencies());
  if (entry.currency.empty() && reader.find("currency") == nullptr) {
    reader.fault("currency", "is missing", "an ISO 4217 code, such as \"USD\"");
  }
  entry.note = reader.text("note", kLongestNote);
  reader.finish();
  return entry;
}

/// The lines of a CSV as objects, so that they are checked as those are.
Result<Json> objects_of_csv(std::string_view text) {
  auto lines = read_csv(text, kMostEntries + 1);
  if (!lines) return lines.error();
  Json objects = Json::array();
  for (std::size_t line = 1; line < lines->size(); ++line) {
    const auto& names = lines->front();
    auto& cells = (*lines)[line];
    if (cells.size() != names.size()) {
      return Error{ErrorCode::invalid_argument, "entry " + std::to_string(line) + " has " +
                                                    std::to_string(cells.size()) + " cells under " +
                                                    std::to_string(names.size()) + " names"};
    }
    Json object = Json::object();
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!cells[i].empty()) object[valid_utf8(names[i])] = valid_utf8(cells[i]);
    }
    objects.push_back(std::move(object));
  }
  return Result<Json>(boost::system::in_place_value, std::move(objects));
}

bool is_csv(const http::Request& request) {
  const auto type = request.header("Content-Type").value_or(std::string_view{});
  return boost::algorithm::iequals(boost::algorithm::trim_copy(std::string(type.substr(0, type.find(';')))),
                                   "text/csv");
}

std::variant<Json, http::Response> read_body(const http::Request& request) {
  const bool csv = is_csv(request);
  if (!csv) {
    if (auto refusal = refuse_unless_json(request)) return std::move(*refusal);
  }
  auto read = csv ? objects_of_csv(request.body) : parse_strict_json(request.body);
  if (read.has_error()) {
    return document_problem(
        {{"(document)", read.error().detail, "one JSON object, an array of them, or CSV with a line of names"}});
  }
  return read->is_array() ? std::move(*read) : Json::array({std::move(*read)});
}

std::variant<Entries, Faults> read_entries(const Json& objects, const Catalog& catalog) {
  if (objects.empty() || objects.size() > kMostEntries) {
    return Faults{{"(document)", objects.empty() ? "has no entry" : "has too many entries", "1 to 1000 entries"}};
  }
  Faults faults;
  Entries entries;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const auto path = objects.size() == 1 ? std::string() : "[" + std::to_string(i) + "].";
    entries.push_back(read_entry(objects[i], path, catalog, faults));
  }
  if (!faults.empty()) return faults;
  return entries;
}

void append_entry(std::string& out, const SpendEntry& entry, const Catalog& catalog) {
  if (out.size() > 1) out += ',';
  JsonObject(out)
      .text("id", std::to_string(entry.id))
      .text("campaign", catalog.id_of(EntityKind::campaign, entry.campaign))
      .time("from", entry.from)
      .time("to", entry.to)
      .money("amount", entry.amount)
      .text("currency", entry.currency)
      .text("note", entry.note)
      .time("time", entry.time)
      .text("actor", entry.actor)
      .close();
}

std::string entries_json(const Entries& entries, const Catalog& catalog) {
  std::string items = "[";
  for (const auto& entry : entries) append_entry(items, entry, catalog);
  return items += ']';
}

}  // namespace

http::Response post_spend(const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  auto body = read_body(call.request);
  if (auto* refusal = std::get_if<http::Response>(&body)) return std::move(*refusal);
  auto read = read_entries(std::get<Json>(body), call.catalog);
  if (const auto* faults = std::get_if<Faults>(&read)) return document_problem(*faults);
  auto& entries = std::get<Entries>(read);
  const TimeMs now = call.services.clock.wall();
  for (auto& entry : entries) {
    entry.time = now;
    entry.actor = call.caller.key;
  }
  OperatorChange change;
  change.spend = entries;
  change.audit = AuditEntry{.time = now,
                            .actor = call.caller.key,
                            .peer = std::string(call.request.peer),
                            .action = "spend.add",
                            .target = "spend",
                            .detail = std::to_string(entries.size()) + (entries.size() == 1 ? " entry" : " entries")};
  if (const auto committed = call.services.writer.commit(change); !committed) return store_problem(committed.error());
  std::string answer;
  JsonObject(answer).raw("items", entries_json(entries, call.catalog)).close();
  return json_response(201, std::move(answer));
}

http::Response list_spend(const Call& call) {
  QueryValues query(call.request.query, {"limit", "cursor", "campaign", "from", "to"});
  SpendQuery wanted;
  const auto limit = query.limit();
  wanted.limit = limit + 1;
  wanted.before = query.log_cursor();
  wanted.from = query.time("from");
  wanted.to = query.time("to");
  if (const auto campaign = query.find("campaign")) {
    const auto* document = call.catalog.document(EntityKind::campaign, *campaign);
    if (document != nullptr) wanted.campaign = document->number;
    if (document == nullptr) query.fault("campaign", "is " + quoted(*campaign), "the ID of a campaign in the catalog");
  }
  if (!query.faults().empty()) return parameter_problem(query.faults());
  auto entries = call.reader.spend(wanted);
  if (entries.has_error()) return store_problem(entries.error());
  std::string next;
  if (entries->size() > limit) {
    entries->pop_back();
    next = std::to_string(entries->back().id);
  }
  std::string answer;
  JsonObject(answer).raw("items", entries_json(*entries, call.catalog)).text_or_null("next", next).close();
  return json_response(200, std::move(answer));
}

}  // namespace postback::api
