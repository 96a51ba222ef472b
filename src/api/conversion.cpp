// Shows a conversion and corrects it.
#include "conversion.hpp"

#include "postback/domain/conversion_hold.hpp"
#include "postback/store/conversion_items.hpp"
#include "postback/store/item_waiter.hpp"

#include "edit_problem.hpp"
#include "entity_json.hpp"
#include "json_object.hpp"
#include "log_rows.hpp"
#include "problem.hpp"
#include "query_values.hpp"

#include <limits>
#include <utility>

namespace postback::api {
namespace {

/// What `<click>-<n>` names.
struct ConversionName {
  SnowflakeId click = 0;
  std::uint32_t number = 0;
};

std::variant<ConversionName, http::Response> read_name(const Call& call) {
  const QueryValues query(call.request.query, {});
  auto faults = query.faults();
  const std::string_view text = call.path.at(0);
  const auto dash = text.rfind('-');
  const auto number = dash == std::string_view::npos ? std::nullopt : whole_number(text.substr(dash + 1), 1);
  if (!number || *number > std::numeric_limits<std::uint32_t>::max()) {
    faults.push_back({"id", "is " + quoted(text), "a conversion ID: a click ID, a dash and a number"});
    return parameter_problem(faults);
  }
  const auto click = read_click_id(text.substr(0, dash), call.services.click_id_keys, "id", faults);
  if (!faults.empty()) return parameter_problem(faults);
  return ConversionName{*click, static_cast<std::uint32_t>(*number)};
}

http::Response not_found() {
  return problem(ProblemKind::not_found, "There is no such conversion. The list is at /api/v1/conversions.");
}

void append_revision(std::string& out, const ConversionRevision& revision) {
  JsonObject object(out);
  object.number("revision", revision.revision).time("time", revision.time);
  object.text("cause", revision.cause.empty() ? "postback" : revision.cause);
  object.text_or_null("postback_id", revision.postback == 0 ? "" : std::to_string(revision.postback));
  object.text("status", to_string(revision.status)).text("original_status", revision.original_status);
  object.money("payout", revision.payout).money("amount", revision.amount).text("currency", revision.currency);
  object.text("reason", revision.reason).close();
}

http::Response show(const Call& call, const ConversionName& name) {
  const auto found = call.reader.conversion(name.click, name.number);
  if (found.has_error()) return store_problem(found.error());
  if (!found->has_value()) return not_found();
  const StoredConversion& conversion = **found;
  const auto revisions = call.reader.conversion_revisions(conversion.id);
  if (revisions.has_error()) return store_problem(revisions.error());
  std::string row;
  append_row(row, conversion, {call.catalog, call.services.click_id_keys});
  std::string list = "[";
  for (const auto& revision : *revisions) {
    if (list.size() > 1) list += ',';
    append_revision(list, revision);
  }
  list += ']';
  std::string body;
  JsonObject object(body);
  object.members_of(row).flag("held", conversion.hold_until.has_value());
  const bool timed = conversion.hold_until && *conversion.hold_until != kUntilDecided;
  if (timed) {
    object.time("held_until", *conversion.hold_until);
  } else {
    object.raw("held_until", "null");
  }
  object.raw("revisions", list).close();
  auto response = json_response(200, std::move(body));
  response.headers.emplace_back("ETag", entity_tag(conversion.revision));
  return response;
}

/// For the audit log: what was asked for.
std::string described(const ConversionCorrection& correction) {
  std::string text;
  const auto add = [&text](std::string_view name, std::string_view value) {
    text.append(text.empty() ? "" : ", ").append(name).append(" ").append(value);
  };
  if (correction.status) add("status", to_string(*correction.status));
  if (correction.payout) add("payout", format_decimal(*correction.payout));
  if (correction.amount) add("amount", format_decimal(*correction.amount));
  if (correction.reason) add("reason", *correction.reason);
  return text;
}

}  // namespace

http::Response get_conversion(const Call& call) {
  const auto name = read_name(call);
  if (const auto* refusal = std::get_if<http::Response>(&name)) return *refusal;
  return show(call, std::get<ConversionName>(name));
}

http::Response correct_conversion(const Call& call) {
  const auto name = read_name(call);
  if (const auto* refusal = std::get_if<http::Response>(&name)) return *refusal;
  if (auto refusal = refuse_unless_json(call.request)) return std::move(*refusal);
  const auto parsed = parse_strict_json(call.request.body);
  if (parsed.has_error()) return document_problem({{"(document)", parsed.error().detail, "one JSON object"}});
  const auto correction = read_correction(*parsed);
  if (const auto* faults = std::get_if<Faults>(&correction)) return document_problem(*faults);

  const auto& [click, number] = std::get<ConversionName>(name);
  ItemWaiter::Counted<CorrectionItem> item;
  item.click = click;
  item.number = number;
  item.correction = std::get<ConversionCorrection>(correction);
  const Precondition precondition = read_precondition(call.request);
  item.if_revisions = precondition.revisions;
  if (precondition.is_new) item.if_revisions.emplace();
  item.audit.time = call.services.clock.wall();
  item.audit.actor = call.caller.key;
  item.audit.peer = std::string(call.request.peer);
  item.audit.action = "conversion.correct";
  item.audit.target = "conversions/" + conversion_text(click, number, call.services.click_id_keys);
  item.audit.detail = described(item.correction);
  if (const auto committed = call.services.items->commit(item); !committed) return store_problem(committed.error());
  if (!item.before) return not_found();
  if (item.outdated) return conflict_problem(EditConflict::precondition_failed);
  return show(call, {click, number});
}

}  // namespace postback::api
