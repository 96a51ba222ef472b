// Says what the end of a test means.
#include "test_outcome.hpp"

namespace postback::api {
namespace {

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

TestOutcome outcome_of(const http::OutgoingOutcome& outcome, AttemptReason reason, const ExpectedAnswer& expected) {
  return {to_string(reason), message_of(reason, outcome, expected)};
}

}  // namespace postback::api
