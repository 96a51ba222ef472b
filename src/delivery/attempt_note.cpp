// Noting an attempt.
#include "attempt_note.hpp"

#include "mixed_number.hpp"
#include "postback/delivery/retry_plan.hpp"
#include "postback/domain/delivery_rendering.hpp"

namespace postback::delivery {
namespace {

/// The first bytes, without the destination's secrets: one that is cut by the end of what is kept is masked as well.
std::string kept_answer(std::string_view body, const EndedAttempt& attempt) {
  auto text = mask_secrets(body.substr(0, 2 * kAnswerKept), attempt.destination, attempt.secrets);
  if (text.size() > kAnswerKept) text.resize(kAnswerKept);
  return text;
}

std::string error_of(const http::OutgoingOutcome& outcome, const EndedAttempt& attempt) {
  auto text = mask_secrets(outcome.error, attempt.destination, attempt.secrets);
  if (!text.empty() && !attempt.note.empty()) text += "; ";
  return text + attempt.note;
}

void decide(AttemptItem::Noted& noted, const EndedAttempt& attempt, const AnswerJudgement& judged, std::uint64_t seed) {
  if (judged.reason == AttemptReason::delivered) {
    noted.state = DeliveryState::delivered;
    return;
  }
  if (!judged.for_good) {
    noted.due = next_attempt(attempt.destination.retry,
                             {.number = noted.attempt.number,
                              .retry_from = attempt.delivery.retry_from,
                              .now = attempt.ended,
                              .settled = attempt.settled,
                              .asked_to_wait = judged.wait},
                             seed ^ mixed_number(attempt.delivery.id));
  }
  if (!noted.due && judged.reason == AttemptReason::gone) noted.due = attempt.ended;
  if (!noted.due) noted.state = DeliveryState::failed;
}

}  // namespace

AttemptItem::Noted note_attempt(const EndedAttempt& attempt, const AnswerJudgement& judged,
                                const http::OutgoingOutcome& outcome, std::uint64_t seed) {
  AttemptItem::Noted noted;
  noted.attempt = {.delivery = attempt.delivery.id,
                   .number = attempt.delivery.attempts + 1,
                   .time = attempt.began,
                   .duration = outcome.duration,
                   .http_status = outcome.status,
                   .reason = judged.reason,
                   .error = error_of(outcome, attempt),
                   .answer = kept_answer(outcome.body, attempt),
                   .request = attempt.request,
                   .address = outcome.address};
  noted.retry_from = attempt.delivery.retry_from;
  decide(noted, attempt, judged, seed);
  return noted;
}

}  // namespace postback::delivery
