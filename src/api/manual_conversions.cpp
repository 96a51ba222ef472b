// Reads the rows, has them judged and recorded, and shows their verdicts.
#include "manual_conversions.hpp"

#include "domain/postback_json.hpp"
#include "postback/domain/matcher.hpp"
#include "postback/domain/parameters.hpp"
#include "postback/domain/postback_rows.hpp"
#include "postback/store/click_lookup.hpp"
#include "postback/store/item_waiter.hpp"

#include "edit_problem.hpp"
#include "json_object.hpp"
#include "log_rows.hpp"
#include "problem.hpp"
#include "query_values.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <utility>

namespace postback::api {
namespace {

constexpr std::string_view kTarget = "/api/v1/conversions";
constexpr std::array<std::string_view, 10> kNames{"click_id", "payout", "amount", "currency", "txid",
                                                  "event",    "status", "reason", "time",     "test"};

/// One conversion to be; owns what its postback views.
struct ManualRow {
  ItemWaiter::Counted<PostbackItem> item;
  PostbackRow sent;
  std::string headers;
  Parameters parameters;
};

/// Reads the parameters of a row to look at them beforehand; what cannot be read the matcher explains.
void read_parameters(const PostbackRow& sent, Parameters& parameters) {
  if (!sent.fault.empty()) return;
  if (sent.content_type == "application/json") {
    static_cast<void>(add_json(sent.body, parameters));
  } else {
    parameters.add_query(sent.body);
  }
}

void check_names(const ManualRow& row, std::size_t number, Faults& faults) {
  for (const auto& parameter : row.parameters.all()) {
    if (std::ranges::find(kNames, parameter.name) != kNames.end()) continue;
    faults.push_back({"row " + std::to_string(number) + ": " + std::string(parameter.name.substr(0, 80)),
                      "is not a member here",
                      "click_id, payout, amount, currency, txid, event, status, reason, time or test"});
    return;
  }
}

Verdict refused(VerdictCode code, std::string message, std::string fix) {
  Verdict verdict;
  verdict.code = code;
  verdict.message = std::move(message);
  verdict.fix = std::move(fix);
  return verdict;
}

/// Whose conversion it is: the network of the click's offer; else why nobody knows.
const Network* network_of(const Call& call, const Catalog& catalog, ManualRow& row, Verdict& why) {
  const auto text = row.parameters.find("click_id").value_or(std::string_view());
  auto id = parse_click_id(text);
  if (!text.empty() && (!id || !call.services.click_id_keys.verify(*id))) {
    // Perhaps one of another tracker whose clicks were imported.
    const auto imported = call.reader.foreign_click(text);
    if (imported && *imported != 0) id = row.item.postback.foreign_click = call.services.click_id_keys.sign(*imported);
  }
  if (text.empty()) {
    why =
        refused(VerdictCode::click_id_missing, "The row has no click_id.", "Give the ID of the click that converted.");
  } else if (!id) {
    why = refused(VerdictCode::click_id_malformed, "The click_id is not 26 letters and digits.",
                  "Copy it from the log of clicks.");
  } else if (!call.services.click_id_keys.verify(*id)) {
    why = refused(VerdictCode::click_id_forged, "The click_id is damaged or not ours.",
                  "Copy it from the log of clicks.");
  } else {
    const auto click = call.reader.click_facts(id->high);
    if (click) row.item.click = *click;
    const Offer* offer = row.item.click ? catalog.offer(row.item.click->offer) : nullptr;
    if (offer != nullptr) return offer->network;
    row.item.reading.click_id = *id;
    why = row.item.click
              ? refused(VerdictCode::network_unknown, "The click has no offer in the catalog, so it is of no network.",
                        "Create the offer again, or correct the click's conversions elsewhere.")
              : refused(VerdictCode::click_unknown, "The click_id is valid, but its click is not recorded here.",
                        "Import the click, or look whether it belongs to another installation.");
  }
  return nullptr;
}

/// Without a network there is nothing that the matcher could read.
void refuse(ManualRow& row, const std::shared_ptr<const Catalog>& catalog, Verdict why) {
  Reading& reading = row.item.reading;
  reading.catalog = catalog;
  reading.arrival = row.item.postback.arrival;
  reading.authentication = Authentication::key;
  reading.logged_target = kTarget;
  reading.logged_headers = row.headers;
  reading.logged_body = valid_utf8(row.sent.body);
  why.evidence = "The row arrived as " + std::string(utf8_prefix(reading.logged_body, 200));
  reading.refusal = std::move(why);
}

void read_row(const Call& call, const std::shared_ptr<const Catalog>& catalog, ManualRow& row) {
  Postback& postback = row.item.postback;
  row.headers = "Content-Type: " + std::string(row.sent.content_type) + "\r\n";
  postback.method = "POST";
  postback.target = kTarget;
  postback.content_type = row.sent.content_type;
  postback.headers = row.headers;
  postback.body = row.sent.body;
  postback.peer = call.request.peer;
  postback.arrival = call.services.clock.wall();
  postback.shape = PostbackShape::manual;
  postback.authenticated = Authentication::key;
  if (!row.sent.fault.empty()) {
    return refuse(row, catalog,
                  refused(VerdictCode::unparseable, "The row cannot be read: " + row.sent.fault + ".",
                          "Give each row as many cells as the first row has names."));
  }
  Verdict why;
  const Network* network = network_of(call, *catalog, row, why);
  if (network == nullptr) return refuse(row, catalog, std::move(why));
  postback.network = network->id;
  row.item.reading = read(postback, catalog, call.services.click_id_keys);
  if (!row.item.reading.refusal) {
    if (const auto fetched = fetch_click_row(call.reader, row.item.reading, *row.item.click); !fetched)
      row.item.click.reset();  // the recorder looks again
  }
}

void append_row_verdict(std::string& out, const ManualRow& row, std::size_t number, const Call& call) {
  const bool stored = row.item.outcome == ItemOutcome::committed;
  const Verdict verdict =
      stored ? row.item.judgement.verdict
             : refused(VerdictCode::store_unavailable, "The row could not be stored just now; send it again.", {});
  JsonObject object(out);
  object.number("row", number).number("http_status", static_cast<std::uint64_t>(verdict.http()));
  object.text("result", to_string(verdict.result)).text("code", to_string(verdict.code));
  object.text("message", verdict.message).text("evidence", verdict.evidence).text("fix", verdict.fix);
  object.texts("warnings", verdict.warnings);
  object.text_or_null("postback_id", stored ? std::to_string(row.item.postback_id) : "");
  object.text_or_null("conversion_id",
                      stored ? conversion_text(row.item.conversion_click, row.item.judgement.conversion_number,
                                               call.services.click_id_keys)
                             : "");
  object.close();
}

/// Has all rows recorded, one after the other. Whether all were.
bool record(const Call& call, std::deque<ManualRow>& rows) {
  ItemWaiter::Count open;
  for (auto& row : rows) {
    if (!call.services.items->submit(row.item, open)) row.item.outcome = ItemOutcome::unavailable;
  }
  call.services.items->wait(open);
  return std::ranges::all_of(rows, [](const auto& row) { return row.item.outcome == ItemOutcome::committed; });
}

void note_in_audit_log(const Call& call, std::size_t rows) {
  OperatorChange change;
  change.audit = AuditEntry{.time = call.services.clock.wall(),
                            .actor = call.caller.key,
                            .peer = std::string(call.request.peer),
                            .action = "conversion.create",
                            .target = "conversions",
                            .detail = std::to_string(rows) + " rows"};
  // The rows are logged as postbacks already, whatever comes of this.
  static_cast<void>(call.services.writer.commit(change));
}

http::Response body_problem(const PostbackRows& found, std::size_t most) {
  if (found.unsupported) {
    return problem(ProblemKind::unsupported_media_type,
                   "Send one JSON object or an array of them (application/json), one object a line "
                   "(application/x-ndjson), or CSV (text/csv).");
  }
  if (found.too_many) {
    return problem(ProblemKind::body_too_large,
                   "There are more than " + std::to_string(most) + " rows; nothing was recorded. Divide them.");
  }
  return document_problem({{"(document)", found.fault, "a JSON object, an array of them, NDJSON or CSV"}});
}

}  // namespace

http::Response post_conversions(const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  const std::size_t most = call.services.conversion_rows;
  auto found =
      read_postback_rows(call.request.header("Content-Type").value_or("application/json"), call.request.body, most);
  if (found.unsupported || found.too_many || !found.fault.empty()) return body_problem(found, most);
  if (found.rows.empty()) return document_problem({{"(document)", "has no row", "at least one conversion"}});
  std::deque<ManualRow> rows;
  Faults faults;
  for (auto& sent : found.rows) {
    auto& row = rows.emplace_back();
    row.sent = std::move(sent);
    read_parameters(row.sent, row.parameters);
    check_names(row, rows.size(), faults);
  }
  if (!faults.empty()) return document_problem(faults);
  const auto catalog = call.services.catalog.current();
  for (auto& row : rows) read_row(call, catalog, row);
  const bool all = record(call, rows);
  note_in_audit_log(call, rows.size());
  std::string items = "[";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i > 0) items += ',';
    append_row_verdict(items, rows[i], i + 1, call);
  }
  std::string body;
  JsonObject(body).raw("items", items + "]").close();
  auto response = json_response(all ? 200 : 503, std::move(body));
  if (!all) response.headers.emplace_back("Retry-After", "5");
  return response;
}

}  // namespace postback::api
