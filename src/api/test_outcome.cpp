// Judges the answer to a test delivery as that to any delivery is judged.
#include "test_outcome.hpp"

#include "postback/domain/delivery.hpp"

#include <algorithm>
#include <array>

namespace postback::api {
namespace {

using End = http::OutgoingOutcome::End;

constexpr int kGone = 410;
/// Too many requests; and what stands in front of a server says when that has no room.
constexpr std::array kSlowDown{429, 502, 503, 504};

bool is_expected(const ExpectedAnswer& expected, int status) {
  return std::ranges::any_of(expected.statuses,
                             [status](const auto& range) { return range.first <= status && status <= range.second; });
}

AttemptReason reason_of_answer(const http::OutgoingOutcome& outcome, const ExpectedAnswer& expected) {
  if (is_expected(expected, outcome.status)) {
    const bool body_fits = expected.body.empty() || outcome.body.find(expected.body) != std::string::npos;
    return body_fits ? AttemptReason::delivered : AttemptReason::wrong_body;
  }
  if (outcome.status == kGone) return AttemptReason::gone;
  if (std::ranges::find(kSlowDown, outcome.status) != kSlowDown.end()) return AttemptReason::rate_limited;
  if (outcome.status >= 300 && outcome.status < 400) return AttemptReason::redirect_not_followed;
  return AttemptReason::wrong_status;
}

AttemptReason reason_of(const http::OutgoingOutcome& outcome, const ExpectedAnswer& expected) {
  switch (outcome.end) {
    case End::answered: return reason_of_answer(outcome, expected);
    case End::name_not_resolved: return AttemptReason::name_not_resolved;
    case End::blocked_address: return AttemptReason::blocked_address;
    case End::invalid_request: return AttemptReason::invalid_request;
    case End::connect_failed: return AttemptReason::connect_failed;
    case End::connect_timeout: return AttemptReason::connect_timeout;
    case End::tls_failed: return AttemptReason::tls_failed;
    case End::timeout: return AttemptReason::timeout;
    case End::reset: return AttemptReason::reset;
    case End::answer_too_large:
      return !outcome.body.empty() && reason_of_answer(outcome, expected) == AttemptReason::delivered
                 ? AttemptReason::delivered
                 : AttemptReason::answer_too_large;
    case End::cancelled: break;
  }
  return AttemptReason::reset;
}

std::string message_of(AttemptReason reason, const http::OutgoingOutcome& outcome, const ExpectedAnswer& expected) {
  const auto answered = "The other side answered " + std::to_string(outcome.status);
  switch (reason) {
    case AttemptReason::delivered: return answered + ", as expected: a delivery like this one counts as delivered.";
    case AttemptReason::wrong_status: return answered + ", which `expect.status` does not have.";
    case AttemptReason::wrong_body:
      return answered + ", but \"" + expected.body + "\" (`expect.body`) does not stand in what it said.";
    case AttemptReason::redirect_not_followed:
      return answered + ", a redirect, and those are not followed: put the address that it leads to into `url`.";
    case AttemptReason::gone: return answered + " (gone): a real delivery would pause the destination.";
    case AttemptReason::rate_limited: return answered + ": it asks to be called less often; a delivery is tried again.";
    default: break;
  }
  if (outcome.error.empty()) return "It was not delivered: " + std::string(to_string(reason)) + ".";
  return outcome.error;
}

}  // namespace

TestOutcome outcome_of(const http::OutgoingOutcome& outcome, const Destination& destination) {
  const auto reason = reason_of(outcome, destination.expect);
  return {to_string(reason), message_of(reason, outcome, destination.expect)};
}

}  // namespace postback::api
