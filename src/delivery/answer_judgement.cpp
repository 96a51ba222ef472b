// The table of ends and statuses.
#include "answer_judgement.hpp"

#include "postback/delivery/retry_after.hpp"

#include <algorithm>

namespace postback::delivery {
namespace {

using End = http::OutgoingOutcome::End;

bool is_expected(int status, const ExpectedAnswer& expected) {
  return std::ranges::any_of(expected.statuses,
                             [status](const auto& range) { return status >= range.first && status <= range.second; });
}

AnswerJudgement judge_status(const http::OutgoingOutcome& outcome, const ExpectedAnswer& expected) {
  constexpr int kGone = 410;
  const int status = outcome.status;
  if (is_expected(status, expected)) {
    if (outcome.body.find(expected.body) != std::string::npos) return {};
    return {.reason = AttemptReason::wrong_body};
  }
  if (status >= 300 && status < 400) return {.reason = AttemptReason::redirect_not_followed};
  switch (status) {
    case kGone: return {.reason = AttemptReason::gone};
    case 429: return {.reason = AttemptReason::rate_limited, .health = HostHealth::slow_down};
    case 502:
    case 503:
    case 504: return {.reason = AttemptReason::rate_limited, .health = HostHealth::overloaded};
    default: break;
  }
  // What the client is told to have done wrong is between it and one destination; the server itself works.
  return {.reason = AttemptReason::wrong_status, .health = status >= 500 ? HostHealth::failing : HostHealth::well};
}

AnswerJudgement without_answer(AttemptReason reason) { return {.reason = reason, .health = HostHealth::failing}; }

/// We stopped reading: what was read of a page decides. A head that is too long confirms nothing.
AnswerJudgement judge_beginning(const http::OutgoingOutcome& outcome, const ExpectedAnswer& expected) {
  const bool taken = !outcome.body.empty() && is_expected(outcome.status, expected) &&
                     outcome.body.find(expected.body) != std::string::npos;
  return {.reason = taken ? AttemptReason::delivered : AttemptReason::answer_too_large};
}

AnswerJudgement for_good(AttemptReason reason) {
  return {.reason = reason, .health = HostHealth::unknown, .for_good = true};
}

}  // namespace

AnswerJudgement judge_answer(const http::OutgoingOutcome& outcome, const ExpectedAnswer& expected, TimeMs now) {
  switch (outcome.end) {
    case End::answered: break;
    case End::name_not_resolved: return without_answer(AttemptReason::name_not_resolved);
    case End::blocked_address: return for_good(AttemptReason::blocked_address);
    case End::invalid_request: return for_good(AttemptReason::invalid_request);
    case End::connect_failed: return without_answer(AttemptReason::connect_failed);
    case End::connect_timeout: return without_answer(AttemptReason::connect_timeout);
    case End::tls_failed: return without_answer(AttemptReason::tls_failed);
    case End::timeout: return without_answer(AttemptReason::timeout);
    case End::reset:
    case End::cancelled: return without_answer(AttemptReason::reset);
    case End::answer_too_large: return judge_beginning(outcome, expected);
  }
  auto judged = judge_status(outcome, expected);
  // With any other answer it says nothing that a server may ask of a client.
  if (outcome.retry_after && judged.reason == AttemptReason::rate_limited)
    judged.wait = parse_retry_after(*outcome.retry_after, now);
  return judged;
}

}  // namespace postback::delivery
