// What became of a test delivery, in words.
#pragma once

#include "postback/domain/delivery.hpp"
#include "postback/domain/destination.hpp"
#include "postback/http/client.hpp"

#include <string>
#include <string_view>

namespace postback::api {

struct TestOutcome {
  std::string_view result;  ///< `delivered`, or why not, as attempts name it.
  std::string message;      ///< A sentence: what happened, and what it means for deliveries.
};

/// `reason`: what a delivery's attempt with this end would be noted as.
TestOutcome outcome_of(const http::OutgoingOutcome& outcome, AttemptReason reason, const ExpectedAnswer& expected);

}  // namespace postback::api
