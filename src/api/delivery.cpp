// Shows a delivery.
#include "delivery.hpp"

#include "postback/domain/delivery_rendering.hpp"

#include "json_object.hpp"
#include "log_rows.hpp"
#include "problem.hpp"
#include "query_values.hpp"

namespace postback::api {
namespace {

void append_attempt(std::string& out, const DeliveryAttempt& attempt) {
  JsonObject object(out);
  object.number("number", attempt.number).time("time", attempt.time);
  object.number("duration_ms", static_cast<std::uint64_t>(attempt.duration.count()));
  object.raw("http_status", attempt.http_status == 0 ? "null" : std::to_string(attempt.http_status));
  object.text("reason", to_string(attempt.reason)).text("error", attempt.error).text("answer", attempt.answer);
  object.text("request", attempt.request).text("address", attempt.address).close();
}

}  // namespace

http::Response get_delivery(const Call& call) {
  const QueryValues query(call.request.query, {});
  auto faults = query.faults();
  const std::string_view text = call.path.at(0);
  const auto id = parse_delivery_id(text);
  if (!id) faults.push_back({"id", "is " + quoted(text), "a delivery ID: dlv_ and a number"});
  if (!faults.empty()) return parameter_problem(faults);
  const auto delivery = call.reader.delivery(*id);
  if (delivery.has_error()) return store_problem(delivery.error());
  if (!delivery->has_value())
    return problem(ProblemKind::not_found, "There is no such delivery. The list is at /api/v1/deliveries.");
  const auto attempts = call.reader.delivery_attempts(*id);
  if (attempts.has_error()) return store_problem(attempts.error());
  std::string row;
  append_row(row, **delivery, {call.catalog, call.services.click_id_keys});
  std::string list = "[";
  for (const auto& attempt : *attempts) {
    if (list.size() > 1) list += ',';
    append_attempt(list, attempt);
  }
  std::string body;
  JsonObject(body).members_of(row).raw("attempts", list += ']').close();
  return json_response(200, std::move(body));
}

}  // namespace postback::api
