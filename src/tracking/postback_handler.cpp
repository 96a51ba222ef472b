// From a request to a Reading, by way of reader and recorder to a Verdict, and to its JSON.
#include "tracking/postback_handler.hpp"

#include "postback/base/json_text.hpp"
#include "postback/base/log.hpp"
#include "postback/store/click_lookup.hpp"
#include "postback/store/foreign_lookup.hpp"

namespace postback {

namespace {

void append_field(std::string& json, std::string_view name, std::string_view value) {
  json += json.empty() ? "{\"" : ",\"";
  json += name;
  json += "\":";
  append_json_string(json, value);
}

/// What the caller gets to see; evidence and fix are for operators.
std::string verdict_json(const Verdict& verdict, SnowflakeId postback, std::string_view conversion) {
  std::string json;
  json.reserve(320);
  append_field(json, "result", to_string(verdict.result));
  append_field(json, "code", to_string(verdict.code));
  append_field(json, "message", verdict.message);
  if (postback != 0) append_field(json, "postback_id", std::to_string(postback));
  if (!conversion.empty()) append_field(json, "conversion_id", conversion);
  json += ",\"warnings\":[";
  for (std::size_t i = 0; i < verdict.warnings.size(); ++i) {
    if (i > 0) json += ',';
    append_json_string(json, verdict.warnings[i]);
  }
  json += "]}\n";
  return json;
}

void answer_unavailable(http::Exchange& exchange) {
  Verdict verdict;
  verdict.code = VerdictCode::store_unavailable;
  verdict.message =
      "The postback could not be stored just now and has had no effect that counts; please send it again.";
  exchange.respond(503)
      .header("Retry-After", "5")
      .header("Cache-Control", "no-store")
      .finish(verdict_json(verdict, 0, {}), "application/json");
  exchange.finish();
}

}  // namespace

void PostbackHandler::handle(http::Exchange& exchange, std::string_view path) {
  const auto& request = exchange.request;
  auto& state = exchange.state<PostbackExchange>();
  state.exchange = &exchange;
  state.services = &services_;
  state.sink = &exchange.sink();
  read_postback_path(path, state.network, state.event);
  state.click.reset();
  state.judgement = {};
  state.postback_id = 0;
  state.conversion_click = 0;
  state.postback = Postback{.method = request.method_text,
                            .target = request.target,
                            .query = request.query,
                            .network = state.network,
                            .event = state.event,
                            .content_type = request.header("content-type").value_or(std::string_view{}),
                            .headers = request.headers_text,
                            .body = request.body,
                            .body_too_large = request.body_too_large,
                            .peer = request.peer,
                            .arrival = services_.clock.wall()};
  state.reading = postback::read(state.postback, catalog_.get(), services_.keys);
  if (state.reading.refusal && state.reading.foreign_id.empty()) return state.submit_or_refuse();
  look_up_later(state);
}

/// Postbacks that arrive in the same turn of the loop share one lock and one wake-up of a reader.
void PostbackHandler::look_up_later(PostbackExchange& state) {
  ReadJob& job = state;
  job.next_job = nullptr;
  (first_ == nullptr ? first_ : last_->next_job) = &job;
  last_ = &job;
  if (++waiting_ > 1) return;
  next_task = nullptr;
  state.sink->post(this);
}

void PostbackHandler::run() noexcept {
  ReadJob* job = first_;
  const bool taken = services_.lookups.submit(*first_, *last_, waiting_);
  first_ = last_ = nullptr;
  waiting_ = 0;
  while (!taken && job != nullptr) {
    auto& state = static_cast<PostbackExchange&>(*job);
    job = job->next_job;  // answering may reuse the state
    answer_unavailable(*state.exchange);
  }
}

void PostbackExchange::read(Reader& reader) noexcept {
  if (const auto resolved = resolve_foreign_click(reader, services->keys, postback, reading); !resolved) {
    spdlog::warn("postback.foreign_lookup_failed detail={}", log_value(resolved.error().detail));
  }
  if (reading.refusal) return submit_or_refuse();
  const auto found = look_up_click(reader, reading);
  if (found) {
    click = *found;
  } else {
    // The recorder looks again; if the store is in trouble, it says so.
    spdlog::warn("postback.lookup_failed detail={}", log_value(found.error().detail));
  }
  submit_or_refuse();
}

void PostbackExchange::submit_or_refuse() {
  if (services->recorder.submit(*this) == SubmitResult::queued) return;
  outcome = ItemOutcome::unavailable;
  next_task = nullptr;
  sink->post(this);
}

void PostbackExchange::run() noexcept {
  http::Exchange& answered = *exchange;
  if (outcome != ItemOutcome::committed) return answer_unavailable(answered);
  std::string conversion;
  if (judgement.conversion_number != 0) {
    conversion = to_string(services->keys.sign(conversion_click));
    conversion += '-';
    conversion += std::to_string(judgement.conversion_number);
  }
  const auto& verdict = judgement.verdict;
  answered.respond(verdict.http())
      .header("Cache-Control", "no-store")
      .finish(verdict_json(verdict, postback_id, conversion), "application/json");
  // An idle connection keeps neither texts nor the catalog they were read with.
  reading = {};
  judgement = {};
  answered.finish();
}

}  // namespace postback
