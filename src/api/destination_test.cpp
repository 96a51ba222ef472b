// Reads what a test shall say, renders it, sends it, and shows both sides.
#include "destination_test.hpp"

#include "postback/base/strict_json.hpp"
#include "postback/domain/delivery_rendering.hpp"
#include "postback/domain/destination_sample.hpp"
#include "postback/domain/feed.hpp"

#include "destination_state.hpp"
#include "edit_problem.hpp"
#include "json_object.hpp"
#include "problem.hpp"
#include "query_values.hpp"
#include "sample_values.hpp"
#include "test_outcome.hpp"

#include <algorithm>
#include <utility>

namespace postback::api {
namespace {

constexpr std::string_view kMask = "***";

struct TestRequest {
  bool dry_run = false;
  Sample sample;
};

std::variant<TestRequest, http::Response> read_request(const Call& call, const Catalog& catalog,
                                                       const Destination& destination) {
  TestRequest wanted;
  wanted.sample = sample_delivery(catalog, destination, call.services.clock.wall());
  if (call.request.body.empty()) return wanted;
  if (auto refusal = refuse_unless_json(call.request)) return std::move(*refusal);
  const auto parsed = parse_strict_json(call.request.body);
  if (!parsed || !parsed->is_object())
    return document_problem(
        {{"(document)", parsed ? "is not an object" : parsed.error().detail, "one JSON object, or no body"}});
  Faults faults;
  for (const auto& [name, value] : parsed->items()) {
    if (name == "values") {
      use_values(value, wanted.sample.facts, faults);
    } else if (name != "dry_run") {
      faults.push_back({name, "is not a member here", "dry_run, values"});
    } else if (!value.is_boolean()) {
      faults.push_back({name, "is neither true nor false", "true or false"});
    } else {
      wanted.dry_run = value.get<bool>();
    }
  }
  if (!faults.empty()) return document_problem(faults);
  tell_impression(wanted.sample);
  return wanted;
}

/// What a reader may see of a request to a destination.
class Showing {
 public:
  Showing(const Destination& destination, const RenderedRequest& request, Role reader)
      : destination_(destination), request_(request), open_(reader == Role::admin) {}

  std::string text(std::string_view said) const { return open_ ? std::string(said) : mask_secrets(said, destination_); }
  /// Of the other side, which may repeat a header.
  std::string answered(std::string_view said) const {
    return open_ ? std::string(said) : mask_secrets(said, destination_, request_.secrets);
  }
  /// Who wrote a header into the destination may have meant its value for the other side alone.
  std::string header(const std::string& name, std::string_view value) const {
    const bool own = std::ranges::find(destination_.headers, name, [](const auto& header) -> const std::string& {
                       return header.first;
                     }) != destination_.headers.end();
    return own && !open_ ? std::string(kMask) : text(value);
  }

 private:
  const Destination& destination_;
  const RenderedRequest& request_;
  const bool open_;
};

std::string request_json(const RenderedRequest& request, const Showing& showing) {
  std::string headers;
  JsonObject each(headers);
  for (const auto& [name, value] : request.headers) each.text(name, showing.header(name, value));
  each.close();
  std::string out;
  JsonObject(out)
      .text("method", request.method)
      .text("url", showing.text(request.url))
      .raw("headers", headers)
      .text("body", showing.text(request.body))
      .close();
  return out;
}

void add_note(const RenderedRequest& request, TestOutcome& judged) {
  if (!request.note.empty()) judged.message += " It was " + request.note + ".";
}

http::Response answer(const Destination& destination, bool dry_run, const std::string& request,
                      const TestOutcome& judged, const http::OutgoingOutcome& outcome, const Showing& showing) {
  std::string body;
  JsonObject object(body);
  object.text("destination", destination.id).flag("dry_run", dry_run).raw("request", request);
  object.text("result", judged.result).text("message", showing.answered(judged.message));
  object.raw("http_status", outcome.status == 0 ? "null" : std::to_string(outcome.status));
  object.number("duration_ms", static_cast<std::uint64_t>(std::max<std::int64_t>(outcome.duration.count(), 0)));
  // Masked before it is cut, so that no part of a secret stays at the end.
  auto said = showing.answered(std::string_view(outcome.body).substr(0, 2 * kAnswerKept));
  if (said.size() > kAnswerKept) said.resize(kAnswerKept);
  object.text("answer", said);
  object.text("address", outcome.address).close();
  return json_response(200, std::move(body));
}

/// The row that a feed would have; nothing is sent.
http::Response show_row(const Call& call, const Catalog& catalog, const Destination& destination, const Sample& sample,
                        bool dry_run) {
  const RenderedRequest request{.method = destination.method,
                                .url = "/feeds/" + destination.id + ".csv",
                                .headers = {},
                                .body = feed_head(destination) + feed_row(catalog, destination, sample.delivery,
                                                                          sample.facts, call.services.click_id_keys),
                                .shown = {}};
  const Showing showing(destination, request, call.caller.role);
  return answer(destination, dry_run, request_json(request, showing),
                {"not_sent", "A feed sends nothing: the other side fetches it. This is the row that it would find."},
                {}, showing);
}

Result<void> note_in_audit_log(const Call& call, const Destination& destination, std::string_view result) {
  OperatorChange change;
  change.audit = AuditEntry{.time = call.services.clock.wall(),
                            .actor = call.caller.key,
                            .peer = std::string(call.request.peer),
                            .action = "destination.test",
                            .target = "destinations/" + destination.id,
                            .detail = std::string(result)};
  return call.services.writer.commit(change);
}

http::Response send(const Call& call, const Destination& destination, const RenderedRequest& rendered) {
  const Showing showing(destination, rendered, call.caller.role);
  if (call.services.deliveries == nullptr)
    return problem(ProblemKind::overloaded, "The sender of outgoing postbacks does not run. Try a dry_run.");
  const std::unique_lock lock(*call.services.testing, std::try_to_lock);
  if (!lock) return problem(ProblemKind::overloaded, "Another test is under way. Try again when it has ended.");
  const auto outcome = call.services.deliveries->send_now({.method = rendered.method,
                                                           .url = rendered.url,
                                                           .headers = rendered.headers,
                                                           .body = rendered.body,
                                                           .timeout = destination.timeout});
  const auto reason = call.services.judge_answer(outcome, destination.expect);
  auto judged = outcome_of(outcome, reason, destination.expect);
  add_note(rendered, judged);
  if (const auto noted = note_in_audit_log(call, destination, judged.result); !noted)
    return store_problem(noted.error());
  return answer(destination, false, request_json(rendered, showing), judged, outcome, showing);
}

}  // namespace

http::Response test_destination(const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  const auto catalog = call.services.catalog.current();
  const auto named = named_destination(*catalog, call.path.at(0));
  if (const auto* refusal = std::get_if<http::Response>(&named)) return *refusal;
  const Destination& destination = *std::get<const Destination*>(named);
  auto read = read_request(call, *catalog, destination);
  if (auto* refusal = std::get_if<http::Response>(&read)) return std::move(*refusal);
  const auto& [dry_run, sample] = std::get<TestRequest>(read);
  if (destination.is_feed()) return show_row(call, *catalog, destination, sample, dry_run);
  const auto random = sample.delivery.id;  // any number will do
  const auto rendered = render_delivery(*catalog, destination, sample.delivery, sample.facts,
                                        call.services.click_id_keys, call.services.clock.wall(), random);
  if (!rendered) return document_problem({{"values", rendered.error().detail, "values that can be sent"}});
  if (!dry_run) return send(call, destination, *rendered);
  const Showing showing(destination, *rendered, call.caller.role);
  TestOutcome judged{"not_sent", "This is what would be sent."};
  add_note(*rendered, judged);
  return answer(destination, true, request_json(*rendered, showing), judged, {}, showing);
}

}  // namespace postback::api
