// Sending what is due, and what came of it.
#include "dispatcher_work.hpp"
#include "mixed_number.hpp"
#include "postback/base/check.hpp"
#include "postback/base/log.hpp"
#include "postback/domain/delivery_rendering.hpp"

#include <algorithm>
#include <utility>

namespace postback::delivery {
namespace {

/// Whether something that the delivery speaks of is not in the store.
bool lacks_facts(const Delivery& delivery, const DeliveryFacts& facts) {
  return (delivery.click != 0 && !facts.click) || (delivery.conversion != 0 && !facts.conversion);
}

}  // namespace

Result<void> Dispatcher::Work::send_due(const Moment& moment) {
  auto filled = lanes_.fill(parts_.reader, moment);
  while (flights_.size() + unnoted_.size() < limits_.in_flight && pace_.allows(moment.steady)) {
    Lane* const lane = lanes_.next(moment.steady);
    if (lane == nullptr) break;
    pace_.sent();
    if (auto sent = send(*lane, moment); !sent) return sent;
  }
  return filled;
}

/// Errors: those of the reader; the delivery waits on.
Result<void> Dispatcher::Work::send(Lane& lane, const Moment& moment) {
  DueDelivery due = lane.take();
  // A catalog that came since may ask for the network's request, which was not read then.
  if (!due.facts || (uses_postback(*lane.document) && !due.facts->postback)) {
    auto facts = parts_.reader.delivery_facts({.click = due.delivery.click,
                                               .conversion = due.delivery.conversion,
                                               .conversion_revision = due.delivery.conversion_revision,
                                               .cta = due.delivery.cta,
                                               .postback = uses_postback(*lane.document)});
    if (!facts) {
      lane.put_back(std::move(due));
      return facts.error();
    }
    due.facts = std::make_shared<const DeliveryFacts>(std::move(*facts));
  }
  if (lacks_facts(due.delivery, *due.facts)) {
    not_sent(lane, due.delivery, AttemptReason::no_facts, "the click or the conversion is not stored any more", moment);
    return {};
  }
  auto rendered = render_delivery(*catalog_, *lane.document, due.delivery, *due.facts, parts_.click_id_keys,
                                  moment.wall, mixed_number(seed_ + next_token_));
  if (!rendered) {
    not_sent(lane, due.delivery, AttemptReason::invalid_request, rendered.error().detail, moment);
    return {};
  }
  http::OutgoingRequest request{.method = std::move(rendered->method),
                                .url = std::move(rendered->url),
                                .headers = std::move(rendered->headers),
                                .body = std::move(rendered->body),
                                .timeout = lane.document->timeout};
  start(lane, due.delivery, std::move(request), std::move(rendered->shown), moment);
  return {};
}

void Dispatcher::Work::start(Lane& lane, const Delivery& delivery, http::OutgoingRequest request, std::string shown,
                             const Moment& moment) {
  const auto token = next_token_++;
  flights_.emplace(token, Flight{.delivery = delivery,
                                 .gate = lane.gate,
                                 .probe = lane.gate->sent(),
                                 .shown = std::move(shown),
                                 .began = moment.wall});
  parts_.client.send(std::move(request),
                     [this, token](http::OutgoingOutcome outcome) { ended(token, std::move(outcome)); });
}

void Dispatcher::Work::ended(std::uint64_t token, http::OutgoingOutcome outcome) {
  auto node = flights_.extract(token);
  check(!node.empty(), "a request ends once");
  const Flight& flight = node.mapped();
  const Moment moment = now();
  Lane& lane = lanes_.of(flight.delivery.destination);
  if (outcome.end == http::OutgoingOutcome::End::cancelled) {
    flight.gate->ended(HostHealth::unknown, flight.probe, moment.steady);
    return lane.release(flight.delivery.id, flight.delivery.due);
  }
  const Destination& document = document_of(flight.delivery.destination);
  const auto judged = judge_answer(outcome, document.expect, moment.wall);
  const bool was_open = flight.gate->paused_until(moment.steady).has_value();
  const auto wait = judged.wait.value_or(std::chrono::milliseconds{0});
  flight.gate->ended(judged.health, flight.probe, moment.steady, wait);
  if (const auto until = flight.gate->paused_until(moment.steady); until && !was_open) {
    spdlog::warn("delivery.host_paused host={} failures={} last={} for_s={} action=\"its deliveries wait\"",
                 log_value(flight.gate->origin()), flight.gate->failures(), to_string(judged.reason),
                 std::chrono::ceil<std::chrono::seconds>(*until - moment.steady).count());
  } else if (flight.probe && flight.gate->failures() == 0) {
    spdlog::info("delivery.host_back host={}", log_value(flight.gate->origin()));
  }
  // The wish of a server is often about one account of it: it stops the destination, and only slows the server down.
  if (judged.wait) lane.not_before = std::max(lane.not_before, moment.steady + wait);
  if (judged.reason == AttemptReason::gone) pause_destination(lane, moment);
  parts_.figures.durations.observe(static_cast<std::uint64_t>(outcome.duration.count()));
  keep_note({.delivery = flight.delivery,
             .destination = document,
             .request = flight.shown,
             .began = flight.began,
             .ended = moment.wall},
            judged, outcome);
}

/// It could not even be tried, and never will.
void Dispatcher::Work::not_sent(const Lane& lane, const Delivery& delivery, AttemptReason reason, std::string error,
                                const Moment& moment) {
  http::OutgoingOutcome outcome;
  outcome.error = std::move(error);
  keep_note(
      {.delivery = delivery, .destination = *lane.document, .request = {}, .began = moment.wall, .ended = moment.wall},
      {.reason = reason, .health = HostHealth::unknown, .for_good = true}, outcome);
}

void Dispatcher::Work::keep_note(const EndedAttempt& attempt, const AnswerJudgement& judged,
                                 const http::OutgoingOutcome& outcome) {
  parts_.figures.attempts[static_cast<std::size_t>(judged.reason)].add(1);
  unnoted_.emplace_back(attempt.delivery.destination, note_attempt(attempt, judged, outcome, seed_));
}

void Dispatcher::Work::pause_destination(Lane& lane, const Moment& moment) {
  if (lane.paused) return;
  lane.paused = moment.wall;
  unnoted_pauses_.emplace_back(lane.destination(), moment.wall);
  spdlog::warn("delivery.destination_paused destination={} reason=gone action=\"look at it, then let it go on\"",
               lane.document == nullptr ? std::string_view() : std::string_view(lane.document->id));
}

/// Its defaults when it is not in the catalog.
const Destination& Dispatcher::Work::document_of(EntityNumber destination) {
  static const Destination none;
  const auto* const found = catalog_->destination(destination);
  return found == nullptr ? none : *found;
}

}  // namespace postback::delivery
