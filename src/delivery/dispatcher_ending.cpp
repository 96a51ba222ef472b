// What came of a request, and what is kept to be noted.
#include "dispatcher_work.hpp"
#include "postback/base/check.hpp"
#include "postback/base/log.hpp"
#include "postback/domain/delivery_rendering.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace postback::delivery {

/// A fence for exceptions: an answer that cannot be handled is an attempt that failed.
void Dispatcher::Work::ended(std::uint64_t token, http::OutgoingOutcome outcome) {
  auto node = flights_.extract(token);
  check(!node.empty(), "a request ends once");
  Flight& flight = node.mapped();
  const Moment moment = now();
  Lane& lane = lanes_.of(flight.delivery.destination);
  if (outcome.end == http::OutgoingOutcome::End::cancelled) {
    flight.gate->ended(HostHealth::unknown, flight.probe, moment.steady);
    return lane.release(flight.delivery.id, flight.delivery.due);
  }
  try {
    answered(flight, lane, outcome, moment);
  } catch (const std::exception& fault) {
    spdlog::error("delivery.answer_lost delivery={} detail={} action=\"a bug; it is tried again by its plan\"",
                  delivery_text(flight.delivery.id), log_value(fault.what()));
    if (flight.gate != nullptr) flight.gate->ended(HostHealth::unknown, flight.probe, moment.steady);
    not_sent(lane, flight.delivery, {.reason = AttemptReason::reset},
             "its answer could not be handled, by a fault of this server: see delivery.answer_lost in its log", moment);
  }
}

void Dispatcher::Work::answered(Flight& flight, Lane& lane, const http::OutgoingOutcome& outcome,
                                const Moment& moment) {
  const Destination& document = document_of(flight.delivery.destination);
  const auto judged = judge_answer(outcome, document.expect, moment.wall);
  HostGate& gate = *std::exchange(flight.gate, nullptr);
  tell_gate(gate, flight.probe, judged, moment);
  // The wish of a server is often about one account of it: it stops the destination, unless that leads elsewhere by
  // now, and only slows the server down.
  if (judged.wait && lane.gate == &gate)
    lane.wait_until(moment.steady + *judged.wait, http::DestinationWait::kRetryAfter);
  if (judged.reason == AttemptReason::gone) pause_destination(lane, moment);
  parts_.figures.durations.observe(static_cast<std::uint64_t>(outcome.duration.count()));
  keep_note({.delivery = flight.delivery,
             .destination = document,
             .request = flight.rendered.shown,
             .secrets = flight.rendered.secrets,
             .note = flight.rendered.note,
             .began = flight.began,
             .ended = moment.wall},
            judged, outcome);
}

void Dispatcher::Work::tell_gate(HostGate& gate, bool probe, const AnswerJudgement& judged, const Moment& moment) {
  const bool was_open = gate.paused_until(moment.steady).has_value();
  gate.ended(judged.health, probe, moment.steady, judged.wait.value_or(std::chrono::milliseconds{0}));
  if (const auto until = gate.paused_until(moment.steady); until && !was_open) {
    spdlog::warn("delivery.host_paused host={} failures={} last={} for_s={} action=\"its deliveries wait\"",
                 log_value(gate.origin()), gate.failures(), to_string(judged.reason),
                 std::chrono::ceil<std::chrono::seconds>(*until - moment.steady).count());
  } else if (probe && gate.failures() == 0) {
    spdlog::info("delivery.host_back host={}", log_value(gate.origin()));
  }
}

/// It could not be tried, or nothing can be said of its answer.
void Dispatcher::Work::not_sent(const Lane& lane, const Delivery& delivery, const AnswerJudgement& judged,
                                std::string error, const Moment& moment) {
  http::OutgoingOutcome outcome;
  outcome.error = std::move(error);
  keep_note({.delivery = delivery,
             .destination = document_of(lane.destination()),
             .request = {},
             .secrets = {},
             .note = {},
             .began = moment.wall,
             .ended = moment.wall},
            judged, outcome);
}

void Dispatcher::Work::keep_note(EndedAttempt attempt, const AnswerJudgement& judged,
                                 const http::OutgoingOutcome& outcome) {
  attempt.settled = settled_.read(attempt.ended, parts_.clock.steady());
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
