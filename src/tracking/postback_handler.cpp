// From a request to a Reading, by way of reader and recorder to a Verdict and its answer.
#include "tracking/postback_handler.hpp"

#include "postback/base/log.hpp"
#include "postback/store/click_lookup.hpp"
#include "postback/store/foreign_lookup.hpp"
#include "postback/store/network_lookup.hpp"
#include "tracking/postback_answer.hpp"
#include "tracking/request_limits.hpp"

namespace postback {

void PostbackHandler::handle(http::Exchange& exchange) {
  auto& state = exchange.state<PostbackExchange>();
  state.begin(exchange, services_);
  state.catalog_ = catalog_.get();
  state.take_request();
  // Which network it is of may stand in the store.
  if (leaves_network_to_click(state.postback.shape)) return look_up_later(state);
  state.reading = postback::read(state.postback, state.catalog_, services_.keys);
  if (state.reading.refusal && state.reading.foreign_id.empty()) return state.submit();
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

void PostbackExchange::begin(http::Exchange& started, TrackingServices& used) {
  exchange = &started;
  services = &used;
  sink = &started.sink();
  click.reset();
  judgement = {};
  postback_id = 0;
  conversion_click = 0;
  wait_ = {};
}

void PostbackExchange::take_request() {
  const auto& request = exchange->request;
  postback = Postback{.method = request.method_text,
                      .target = request.target,
                      .query = request.query,
                      .network = {},
                      .event = {},
                      .content_type = request.header("content-type").value_or(std::string_view{}),
                      .headers = request.headers_text,
                      .body = request.body,
                      .body_too_large = request.body_too_large,
                      .peer = request.peer,
                      .arrival = services->clock.wall(),
                      .secure = request.secure};
  if (!request.forwarded) postback.forwarded_for = request.header("x-forwarded-for").value_or(std::string_view{});
  url_ = read_postback_url(postback).value_or(PostbackUrl{});
  postback.shape = url_.shape;
  postback.network = url_.network;
  postback.event = url_.event;
  postback.path_key = url_.key;
}

void PostbackExchange::read(Reader& reader) noexcept {
  const auto& keys = services->keys;
  if (leaves_network_to_click(postback.shape)) {
    if (const auto found = find_network(reader, *catalog_, keys, postback); !found) {
      // Without the click nobody knows whose postback this is.
      spdlog::warn("postback.lookup_failed detail={}", log_value(found.error().detail));
      return answer_later(ItemOutcome::unavailable);
    }
    reading = postback::read(postback, catalog_, keys);
  } else if (const auto resolved = resolve_foreign_click(reader, keys, postback, reading); !resolved) {
    spdlog::warn("postback.foreign_lookup_failed detail={}", log_value(resolved.error().detail));
  }
  if (!reading.refusal) look_up(reader);
  submit();
}

void PostbackExchange::look_up(Reader& reader) {
  const auto found = look_up_click(reader, reading);
  if (found) {
    click = *found;
  } else {
    // The recorder looks again; if the store is in trouble, it says so.
    spdlog::warn("postback.lookup_failed detail={}", log_value(found.error().detail));
  }
}

/// Counts it against the limits of requests, then has it recorded, unless it is one of a flood.
void PostbackExchange::submit() {
  const auto limited = apply_request_limits(postback, services->counts, services->clock.steady(), reading);
  wait_ = limited.wait;
  if (limited.logged) return submit_or_refuse();
  services->figures.refusals_unlogged.fetch_add(1, std::memory_order_relaxed);
  services->refusals.count(*this);
  judgement.verdict = *reading.refusal;
  answer_later(ItemOutcome::committed);
}

void PostbackExchange::submit_or_refuse() {
  if (services->recorder.submit(*this) != SubmitResult::queued) answer_later(ItemOutcome::unavailable);
}

void PostbackExchange::answer_later(ItemOutcome result) {
  outcome = result;
  next_task = nullptr;
  sink->post(this);
}

void PostbackExchange::run() noexcept {
  http::Exchange& answered = *exchange;
  if (outcome != ItemOutcome::committed) return answer_unavailable(answered);
  PostbackAnswer answer{.verdict = judgement.verdict,
                        .network = reading.network,
                        .postback = postback_id,
                        .wanted = wanted_answer(postback),
                        .wait = wait_};
  if (judgement.conversion_number != 0) {
    answer.conversion =
        to_string(services->keys.sign(conversion_click)) + "-" + std::to_string(judgement.conversion_number);
  }
  write_answer(answered, answer);
  // An idle connection keeps neither texts nor the catalog they were read with.
  reading = {};
  judgement = {};
  catalog_.reset();
  answered.finish();
}

}  // namespace postback
