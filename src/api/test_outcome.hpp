// What became of a test delivery, in words.
#pragma once

#include "postback/domain/destination.hpp"
#include "postback/http/client.hpp"

#include <string>
#include <string_view>

namespace postback::api {

struct TestOutcome {
  std::string_view result;  ///< `delivered`, or why not, as attempts name it.
  std::string message;      ///< A sentence: what happened, and what it means for deliveries.
};

TestOutcome outcome_of(const http::OutgoingOutcome& outcome, const Destination& destination);

}  // namespace postback::api
