// Finds the deliveries that are meant, hands them over in steps, and says which were changed.
#include "delivery_changes.hpp"

#include "postback/base/strict_json.hpp"
#include "postback/domain/delivery_rendering.hpp"
#include "postback/store/item_waiter.hpp"

#include "body_filter.hpp"
#include "edit_problem.hpp"
#include "json_object.hpp"
#include "problem.hpp"
#include "query_values.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>
#include <variant>

namespace postback::api {
namespace {

using Action = DeliveryChangeItem::Action;

constexpr std::size_t kMostIds = DeliveryChangeItem::kMost;
/// A page takes about so long; then `next` says where it goes on.
constexpr std::chrono::milliseconds kBudget{200};

std::string_view name_of(Action action) {
  switch (action) {
    case Action::retry: return "retry";
    case Action::cancel: return "cancel";
    case Action::resend: return "resend";
    case Action::list: break;  // nobody asks for it
  }
  return "unknown";
}

struct ChangeRequest {
  bool by_id = false;
  std::vector<SnowflakeId> ids{};
  LogQuery query{};  ///< By filter: oldest first, so that states reach the other side in their order.
  std::string said{};
};

/// What a page did.
struct Changed {
  std::size_t looked_at = 0;
  std::vector<SnowflakeId> changed{};
  std::vector<SnowflakeId> made{};  ///< By resend, in the order of `changed`.
  std::set<EntityNumber> to_try{};  ///< By retry: the destinations of what was changed.
  SnowflakeId next = 0;
};

/// Where a filter goes on: `<row>.<ms>`. What was made after the first page was asked for is not found by the next
/// ones: else a resend might send its own again and again.
std::string cursor_text(SnowflakeId after, TimeMs until) {
  return std::to_string(after) + "." + std::to_string(until.time_since_epoch().count());
}

class RequestReader {
 public:
  RequestReader(const Json& json, const Call& call) : json_(json), call_(call) {}

  std::variant<ChangeRequest, Faults> read() {
    constexpr std::string_view kKnown[] = {"ids", "filter", "limit", "cursor"};
    for (const auto& [name, value] : json_.items()) {
      static_cast<void>(value);
      if (std::ranges::find(kKnown, name) == std::end(kKnown))
        fault(name, "is not a member here", "ids or filter, limit, cursor");
    }
    const bool both = json_.contains("ids") && json_.contains("filter");
    if (json_.contains("ids") == json_.contains("filter"))
      fault("ids", both ? "stands beside filter" : "is missing", "either ids or filter");
    if (json_.contains("ids")) read_ids();
    if (json_.contains("filter")) read_filter();
    read_limit();
    read_cursor();
    if (!faults_.empty()) return std::move(faults_);
    return std::move(request_);
  }

 private:
  void fault(std::string field, std::string problem, std::string expected) {
    faults_.push_back({std::move(field), std::move(problem), std::move(expected)});
  }

  void read_ids() {
    request_.by_id = true;
    const auto& ids = json_["ids"];
    if (!ids.is_array() || ids.empty() || ids.size() > kMostIds)
      return fault("ids", "is no array of 1 to 1000 IDs", "an array such as [\"dlv_123\"]");
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto id = ids[i].is_string() ? parse_delivery_id(ids[i].get_ref<const std::string&>()) : std::nullopt;
      if (!id) fault("ids[" + std::to_string(i) + "]", "is not the ID of a delivery", "dlv_ and a number");
      request_.ids.push_back(id.value_or(0));
    }
    std::ranges::sort(request_.ids);
    const auto repeated = std::ranges::unique(request_.ids);
    request_.ids.erase(repeated.begin(), repeated.end());
    if (json_.contains("cursor") || json_.contains("limit"))
      fault("ids", "stands beside limit or cursor", "these only with filter");
  }

  void read_filter() {
    const auto& filter = json_["filter"];
    if (filter.is_object() && filter.empty())
      return fault("filter", "is empty", "at least one column, or from and to: what is meant must be said");
    const auto catalog = call_.services.catalog.current();
    auto read = read_body_filter(LogKind::deliveries, filter, *catalog, call_.services.click_id_keys, faults_);
    request_.said = std::move(read.said);
    request_.query = std::move(read.query);
    request_.query.before = 0;
    request_.query.oldest_first = true;
    request_.query.limit = QueryValues::kLargestLimit;
    until(call_.services.clock.wall());
  }

  void until(TimeMs time) { request_.query.to = std::min(request_.query.to.value_or(time), time); }

  void read_limit() {
    if (!json_.contains("limit")) return;
    const auto& limit = json_["limit"];
    if (limit.is_number_unsigned() && limit >= 1U && limit <= QueryValues::kLargestLimit) {
      request_.query.limit = limit.get<std::size_t>();
    } else {
      fault("limit", "is not in its range", "a whole number from 1 to 1000");
    }
  }

  void read_cursor() {
    if (!json_.contains("cursor") || json_["cursor"].is_null()) return;
    const auto text = json_["cursor"].is_string() ? json_["cursor"].get<std::string>() : std::string();
    const auto dot = std::min(text.find('.'), text.size());
    const auto after = whole_number(std::string_view(text).substr(0, dot), 1);
    const auto time = dot == text.size() ? std::nullopt : whole_number(std::string_view(text).substr(dot + 1), 1);
    if (!after || !time) return fault("cursor", "is not one", "the value of next of the page before, unchanged");
    request_.query.after = *after;
    until(TimeMs(std::chrono::milliseconds(static_cast<std::int64_t>(*time))));
  }

  const Json& json_;
  const Call& call_;
  ChangeRequest request_;
  Faults faults_;
};

std::string detail_of(const ChangeRequest& request, std::size_t count) {
  constexpr std::size_t kLongestDetail = 300;
  auto detail = std::to_string(count) + (request.by_id ? " by ID" : " by filter " + request.said);
  if (detail.size() > kLongestDetail) detail.resize(kLongestDetail);
  return detail;
}

/// Those that cannot be read are left out: they are tried when the sender comes to them.
void add_destinations(Reader& reader, const std::vector<SnowflakeId>& deliveries, std::set<EntityNumber>& out) {
  for (const SnowflakeId id : deliveries) {
    const auto delivery = reader.delivery(id);
    if (delivery && *delivery) out.insert((*delivery)->destination);
  }
}

/// One step: at most DeliveryChangeItem::kMost deliveries.
Result<void> change(const Call& call, Action action, const ChangeRequest& request, std::vector<SnowflakeId> ids,
                    Changed& done) {
  if (ids.empty()) return {};
  ItemWaiter::Counted<DeliveryChangeItem> item;
  item.action = action;
  item.now = call.services.clock.wall();
  item.audit = AuditEntry{.time = item.now,
                          .actor = call.caller.key,
                          .peer = std::string(call.request.peer),
                          .action = "deliveries." + std::string(name_of(action)),
                          .target = "deliveries",
                          .detail = detail_of(request, ids.size())};
  item.deliveries = std::move(ids);
  if (auto committed = call.services.items->commit(item); !committed) return committed;
  done.looked_at += item.deliveries.size();
  done.changed.insert(done.changed.end(), item.changed.begin(), item.changed.end());
  done.made.insert(done.made.end(), item.made.begin(), item.made.end());
  if (action == Action::retry) add_destinations(call.reader, item.changed, done.to_try);
  return {};
}

/// Error: nothing was changed. What fails after something was changed ends the page instead.
Result<Changed> change_page(const Call& call, Action action, ChangeRequest request) {
  Changed done;
  if (request.by_id) {
    if (const auto step = change(call, action, request, request.ids, done); !step) return step.error();
    return done;
  }
  const auto end = call.services.clock.steady() + kBudget;
  std::size_t left = request.query.limit;
  request.query.budget = kBudget / 2;
  do {
    request.query.limit = std::min(left, DeliveryChangeItem::kMost);
    const auto page = call.reader.deliveries(request.query);
    if (!page && done.changed.empty()) return page.error();
    if (!page) break;
    std::vector<SnowflakeId> ids;
    for (const auto& row : page->rows) ids.push_back(row.id);
    if (const auto step = change(call, action, request, std::move(ids), done); !step) {
      if (done.changed.empty()) return step.error();
      break;
    }
    left -= page->rows.size();
    done.next = request.query.after = page->next;
  } while (done.next != 0 && left > 0 && call.services.clock.steady() < end);
  return done;
}

std::string report(Action action, const Changed& done, const std::string& next) {
  std::string items = "[";
  for (std::size_t i = 0; i < done.changed.size(); ++i) {
    if (i > 0) items += ',';
    JsonObject object(items);
    object.text("id", delivery_text(done.changed[i]));
    object.text_or_null("new_id", i < done.made.size() ? delivery_text(done.made[i]) : "").close();
  }
  std::string body;
  JsonObject object(body);
  object.text("action", name_of(action)).number("looked_at", done.looked_at).number("changed", done.changed.size());
  object.number("unchanged", done.looked_at - std::min(done.looked_at, done.changed.size()));
  object.raw("items", items += ']').text_or_null("next", next).close();
  return body;
}

}  // namespace

http::Response change_deliveries(Action action, const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  if (auto refusal = refuse_unless_json(call.request)) return std::move(*refusal);
  const auto parsed = parse_strict_json(call.request.body);
  if (!parsed || !parsed->is_object())
    return document_problem({{"(document)", parsed ? "is not an object" : parsed.error().detail, "one JSON object"}});
  const auto read = RequestReader(*parsed, call).read();
  if (const auto* faults = std::get_if<Faults>(&read)) return document_problem(*faults);
  const auto& request = std::get<ChangeRequest>(read);
  const auto done = change_page(call, action, request);
  if (!done) return store_problem(done.error());
  if (!done->changed.empty() && call.services.deliveries != nullptr) call.services.deliveries->try_now(done->to_try);
  const auto until = request.query.to.value_or(TimeMs{});
  return json_response(200, report(action, *done, done->next == 0 ? "" : cursor_text(done->next, until)));
}

}  // namespace postback::api
