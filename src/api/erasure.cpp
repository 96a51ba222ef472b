// Searches the logs for a person, postbacks and deliveries before clicks: by the clicks it is known whom they are
// about.
#include "erasure.hpp"

#include "postback/store/forget_item.hpp"

#include "edit_problem.hpp"
#include "json_object.hpp"
#include "log_rows.hpp"
#include "problem.hpp"
#include "query_values.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <utility>

namespace postback::api {
namespace {

/// A page takes about so long.
constexpr std::chrono::milliseconds kBudget{200};

/// How far a search has come; done when the table is not set.
struct Position {
  std::optional<ForgetTable> table = ForgetTable::postback;
  SnowflakeId before = 0;
};

/// In the order in which they are searched.
constexpr std::array kTables{ForgetTable::postback, ForgetTable::delivery, ForgetTable::click};

std::string_view name_of(ForgetTable table) {
  constexpr std::array<std::string_view, kForgetTableCount> kNames{"clicks", "postbacks", "deliveries"};
  return kNames.at(static_cast<std::size_t>(table));
}

std::optional<ForgetTable> after(ForgetTable table) {
  const auto next = std::next(std::ranges::find(kTables, table));
  return next == kTables.end() ? std::nullopt : std::optional(*next);
}

std::string cursor_text(const Position& position) {
  if (!position.table) return {};
  return std::string(name_of(*position.table)) + ":" + std::to_string(position.before);
}

std::optional<Position> parse_cursor(std::string_view text) {
  for (const auto table : kTables) {
    const auto name = name_of(table);
    if (!text.starts_with(name) || text.substr(name.size(), 1) != ":") continue;
    if (const auto before = whole_number(text.substr(name.size() + 1), 0)) return Position{table, *before};
  }
  return std::nullopt;
}

struct Erasure {
  Person person{};
  std::string shown{};  ///< Whom, as the audit log may know it.
  Position from{};
  bool dry_run = false;
};

/// Enough to recognise the request by, not to recognise the person.
std::string masked(std::string_view value) {
  const auto kept = std::min<std::size_t>(value.size() / 3, 4);
  return std::string(value.substr(0, kept)) + "\u2026 (" + std::to_string(value.size()) + " characters)";
}

std::variant<Erasure, Faults> read_request(const Json& json, const Services& services) {
  const ClickIdKeys& keys = services.click_id_keys;
  Faults faults;
  Erasure erasure;
  std::size_t given = 0;
  const auto fault = [&](std::string_view field, std::string problem, std::string expected) {
    faults.push_back({std::string(field), std::move(problem), std::move(expected)});
  };
  for (const auto& [name, value] : json.items()) {
    if (name == "dry_run") {
      if (value.is_boolean())
        erasure.dry_run = value.get<bool>();
      else
        fault(name, "is neither true nor false", "true or false");
      continue;
    }
    if (name == "cursor" && value.is_null()) continue;
    const bool known = name == "click_id" || name == "ip" || name == "external_id" || name == "cursor";
    if (!known || !value.is_string() || value.get_ref<const std::string&>().empty()) {
      fault(name, known ? "is not a text, or empty" : "is not a member here",
            "click_id, ip or external_id, and dry_run, cursor");
      continue;
    }
    const auto& text = value.get_ref<const std::string&>();
    if (name == "cursor") {
      const auto position = parse_cursor(text);
      if (!position)
        fault(name, "is " + quoted(std::string_view(text)), "the value of next of the page before, unchanged");
      erasure.from = position.value_or(Position{});
      continue;
    }
    ++given;
    erasure.shown = name + " " + (name == "click_id" ? text.substr(0, kClickIdLength) : masked(text));
    if (name == "ip") erasure.person.ip = text;
    if (name == "external_id") erasure.person.external_id = text;
    if (name == "click_id") erasure.person.click = read_click_id(text, keys, name, faults).value_or(0);
  }
  Person& person = erasure.person;
  if (person.click != 0) person.click_id = to_string(keys.sign(person.click));
  if (!person.ip.empty() && services.recorded_addresses) person.recorded_ip = services.recorded_addresses(person.ip);
  if (faults.empty() && given != 1)
    fault("(document)", given == 0 ? "names nobody" : "names several", "one of click_id, ip and external_id");
  if (!faults.empty()) return faults;
  return erasure;
}

struct Erased {
  std::array<std::size_t, kForgetTableCount> rows{};  ///< By table.
  Position at{};
  std::size_t of(ForgetTable table) const { return rows.at(static_cast<std::size_t>(table)); }
};

Result<void> forget(const Call& call, ForgetTable table, std::vector<SnowflakeId> rows) {
  ItemWaiter::Counted<ForgetItem> item;
  item.table = table;
  item.rows = std::move(rows);
  return call.services.items->commit(item);
}

Result<Erased> erase_page(const Call& call, const Erasure& erasure) {
  const auto end = call.services.clock.steady() + kBudget;
  Erased erased{.at = erasure.from};
  while (erased.at.table) {
    const auto table = *erased.at.table;
    // A click ID is a row of its own: no need to search.
    const bool one = table == ForgetTable::click && erasure.person.click != 0;
    const auto found = one ? Result<FoundRows>(FoundRows{{erasure.person.click}, 0})
                           : call.reader.rows_about(erasure.person, table, erased.at.before, kBudget / 2);
    if (!found) return found.error();
    if (!erasure.dry_run && !found->rows.empty()) {
      if (const auto forgotten = forget(call, table, found->rows); !forgotten) return forgotten.error();
    }
    erased.rows.at(static_cast<std::size_t>(table)) += found->rows.size();
    erased.at.before = found->next;
    if (found->next == 0) erased.at.table = after(table);
    if (call.services.clock.steady() >= end) break;
  }
  return erased;
}

Result<void> audit(const Call& call, const Erasure& erasure, const Erased& erased) {
  OperatorChange change;
  change.audit = AuditEntry{.time = call.services.clock.wall(),
                            .actor = call.caller.key,
                            .peer = std::string(call.request.peer),
                            .action = "erasure",
                            .target = "clicks, postbacks, deliveries",
                            .detail = erasure.shown + ": " + std::to_string(erased.of(ForgetTable::click)) +
                                      " clicks, " + std::to_string(erased.of(ForgetTable::postback)) + " postbacks, " +
                                      std::to_string(erased.of(ForgetTable::delivery)) + " deliveries" +
                                      (erased.at.table ? ", to be continued" : "")};
  return call.services.writer.commit(change);
}

}  // namespace

http::Response erase_person(const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  if (auto refusal = refuse_unless_json(call.request)) return std::move(*refusal);
  const auto parsed = parse_strict_json(call.request.body);
  if (!parsed || !parsed->is_object()) {
    return document_problem({{"(document)", parsed ? "is not an object" : parsed.error().detail, "one JSON object"}});
  }
  const auto read = read_request(*parsed, call.services);
  if (const auto* faults = std::get_if<Faults>(&read)) return document_problem(*faults);
  const auto& erasure = std::get<Erasure>(read);
  const auto erased = erase_page(call, erasure);
  if (!erased) return store_problem(erased.error());
  const bool worth_noting = erased->rows != decltype(erased->rows){} || !erased->at.table;
  if (!erasure.dry_run && worth_noting) {
    if (const auto noted = audit(call, erasure, *erased); !noted) return store_problem(noted.error());
  }
  std::string body;
  JsonObject object(body);
  object.flag("dry_run", erasure.dry_run).number("clicks", erased->of(ForgetTable::click));
  object.number("postbacks", erased->of(ForgetTable::postback));
  object.number("deliveries", erased->of(ForgetTable::delivery));
  object.text_or_null("next", cursor_text(erased->at)).close();
  return json_response(200, std::move(body));
}

}  // namespace postback::api
