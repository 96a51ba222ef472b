// Finds the rows of a replay, hands them over in steps, and sums up what became of them.
#include "replay.hpp"

#include "postback/store/replayer.hpp"

#include "body_filter.hpp"
#include "edit_problem.hpp"
#include "json_object.hpp"
#include "log_rows.hpp"
#include "problem.hpp"
#include "query_values.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

namespace postback::api {
namespace {

constexpr std::size_t kMostIds = 1'000;
/// A page takes about so long; then `next` says where it goes on.
constexpr std::chrono::milliseconds kBudget{200};

struct ReplayRequest {
  std::vector<SnowflakeId> ids{};
  LogQuery query{};
  bool dry_run = false;
  bool fire = false;
  bool by_id = false;
  std::string said{};  ///< The filter, for the audit log.
};

struct Replayed {
  std::vector<ReplayedRow> rows{};
  SnowflakeId next = 0;
};

class RequestReader {
 public:
  RequestReader(const Json& json, const Call& call) : json_(json), call_(call) {}

  std::variant<ReplayRequest, Faults> read() {
    constexpr std::string_view kKnown[] = {"ids", "filter", "dry_run", "fire", "limit", "cursor"};
    for (const auto& [name, value] : json_.items()) {
      static_cast<void>(value);
      if (std::ranges::find(kKnown, name) == std::end(kKnown))
        fault(name, "is not a member here", "ids or filter, dry_run, fire, limit, cursor");
    }
    if (json_.contains("ids") == json_.contains("filter"))
      fault("ids", json_.contains("ids") ? "stands beside filter" : "is missing", "either ids or filter");
    read_flag("dry_run", request_.dry_run);
    read_flag("fire", request_.fire);
    request_.query.oldest_first = true;
    request_.query.limit = QueryValues::kLargestLimit;
    read_limit();
    if (json_.contains("cursor") && !json_["cursor"].is_null()) request_.query.after = id("cursor", json_["cursor"]);
    if (json_.contains("ids")) read_ids();
    if (json_.contains("filter")) read_filter();
    if (!faults_.empty()) return std::move(faults_);
    return std::move(request_);
  }

 private:
  void fault(std::string_view field, std::string problem, std::string_view expected) {
    faults_.push_back({std::string(field), std::move(problem), std::string(expected)});
  }

  SnowflakeId id(std::string_view field, const Json& value) {
    const auto read = value.is_string() ? whole_number(value.get_ref<const std::string&>(), 1) : std::nullopt;
    if (!read) fault(field, "is not the ID of a row", "a text with a whole number, as the log shows it");
    return read.value_or(0);
  }

  void read_flag(const char* name, bool& flag) {
    if (!json_.contains(name)) return;
    if (!json_[name].is_boolean()) return fault(name, "is neither true nor false", "true or false");
    flag = json_[name].get<bool>();
  }

  void read_limit() {
    if (!json_.contains("limit")) return;
    const auto& limit = json_["limit"];
    if (limit.is_number_unsigned() && limit >= 1 && limit <= QueryValues::kLargestLimit) {
      request_.query.limit = limit.get<std::size_t>();
    } else {
      fault("limit", "is not in its range", "a whole number from 1 to 1000");
    }
  }

  void read_ids() {
    request_.by_id = true;
    const auto& ids = json_["ids"];
    if (!ids.is_array() || ids.empty() || ids.size() > kMostIds)
      return fault("ids", "is no array of 1 to 1000 IDs", "an array such as [\"123\"]");
    for (std::size_t i = 0; i < ids.size(); ++i) {
      request_.ids.push_back(id("ids[" + std::to_string(i) + "]", ids[i]));
    }
    std::ranges::sort(request_.ids);
    const auto repeated = std::ranges::unique(request_.ids);
    request_.ids.erase(repeated.begin(), repeated.end());
  }

  void read_filter() {
    const auto catalog = call_.services.catalog.current();
    auto read = read_body_filter(LogKind::postbacks, json_["filter"], *catalog, call_.services.click_id_keys, faults_);
    request_.said = std::move(read.said);
    request_.query.from = read.query.from;
    request_.query.to = read.query.to;
    request_.query.row = read.query.row;
    request_.query.click = read.query.click;
    request_.query.filters = std::move(read.query.filters);
  }

  const Json& json_;
  const Call& call_;
  ReplayRequest request_;
  Faults faults_;
};

/// The next rows to be judged; `next` as of a log.
Result<LogPage<StoredPostback>> find_rows(ReplayRequest& request, std::size_t most, Reader& reader) {
  if (!request.by_id) {
    request.query.limit = most;
    return reader.postbacks(request.query);
  }
  LogPage<StoredPostback> page;
  for (const auto id : request.ids) {
    if (id <= request.query.after) continue;
    if (page.rows.size() == most) {
      page.next = page.rows.back().id;
      break;
    }
    LogQuery one;
    one.row = id;
    auto found = reader.postbacks(one);
    if (!found) return found;
    for (auto& row : found->rows) page.rows.push_back(std::move(row));
  }
  return page;
}

Result<Replayed> replay_page(const Call& call, ReplayRequest request) {
  const auto end = call.services.clock.steady() + kBudget;
  const Replayer::Wish wish{
      .dry_run = request.dry_run, .vouched = request.by_id && call.caller.role >= Role::admin, .fires = request.fire};
  std::size_t left = request.query.limit;
  request.query.budget = kBudget / 2;
  Replayed replayed;
  do {
    auto page = find_rows(request, std::min(left, Replayer::kMostRows), call.reader);
    if (!page) return page.error();
    left -= page->rows.size();
    replayed.next = request.query.after = page->next;
    auto rows = call.services.replayer->replay(call.reader, std::move(page->rows), wish);
    if (!rows) return rows.error();
    for (auto& row : *rows) replayed.rows.push_back(std::move(row));
  } while (replayed.next != 0 && left > 0 && call.services.clock.steady() < end);
  return replayed;
}

std::size_t count(const Replayed& replayed, ReplayedRow::Outcome outcome) {
  return static_cast<std::size_t>(std::ranges::count(replayed.rows, outcome, &ReplayedRow::outcome));
}

std::string report(const Replayed& replayed, bool dry_run, const ClickIdKeys& keys) {
  using Outcome = ReplayedRow::Outcome;
  std::map<std::string, std::uint64_t> codes;
  std::string items = "[";
  for (const auto& row : replayed.rows) {
    if (row.outcome == Outcome::unchanged) continue;
    if (row.outcome == Outcome::changed) ++codes[row.code];
    if (items.size() > 1) items += ',';
    JsonObject object(items);
    object.text("id", std::to_string(row.id)).text("result", row.outcome == Outcome::changed ? "changed" : "refused");
    object.text("code_before", row.code_before).text("code", row.code).text("message", row.message);
    object.text_or_null("conversion_id", conversion_text(row.click, row.conversion_number, keys)).close();
  }
  items += ']';
  std::string by_code;
  JsonObject code_counts(by_code);
  for (const auto& [code, rows] : codes) code_counts.number(code, rows);
  code_counts.close();
  std::string body;
  JsonObject object(body);
  object.flag("dry_run", dry_run).number("looked_at", replayed.rows.size());
  object.number("changed", count(replayed, Outcome::changed)).number("unchanged", count(replayed, Outcome::unchanged));
  object.number("refused", count(replayed, Outcome::refused)).raw("codes", by_code).raw("items", items);
  object.text_or_null("next", replayed.next == 0 ? "" : std::to_string(replayed.next)).close();
  return body;
}

Result<void> audit(const Call& call, const ReplayRequest& request, const Replayed& replayed) {
  constexpr std::size_t kLongestDetail = 300;
  std::string detail = std::to_string(count(replayed, ReplayedRow::Outcome::changed)) + " changed; " +
                       (request.fire ? "fired; " : "") +
                       (request.by_id ? std::to_string(request.ids.size()) + " by ID" : "filter " + request.said);
  if (detail.size() > kLongestDetail) detail.resize(kLongestDetail);
  OperatorChange change;
  change.audit = AuditEntry{.time = call.services.clock.wall(),
                            .actor = call.caller.key,
                            .peer = std::string(call.request.peer),
                            .action = "postbacks.replay",
                            .target = "postbacks",
                            .detail = std::move(detail)};
  return call.services.writer.commit(change);
}

}  // namespace

http::Response replay_postbacks(const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  if (auto refusal = refuse_unless_json(call.request)) return std::move(*refusal);
  const auto parsed = parse_strict_json(call.request.body);
  if (!parsed || !parsed->is_object()) {
    return document_problem({{"(document)", parsed ? "is not an object" : parsed.error().detail, "one JSON object"}});
  }
  const auto read = RequestReader(*parsed, call).read();
  if (const auto* faults = std::get_if<Faults>(&read)) return document_problem(*faults);
  const auto& request = std::get<ReplayRequest>(read);
  const auto replayed = replay_page(call, request);
  if (!replayed) return store_problem(replayed.error());
  if (!request.dry_run && count(*replayed, ReplayedRow::Outcome::changed) > 0) {
    if (const auto noted = audit(call, request, *replayed); !noted) return store_problem(noted.error());
  }
  return json_response(200, report(*replayed, request.dry_run, call.services.click_id_keys));
}

}  // namespace postback::api
