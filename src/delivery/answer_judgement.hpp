// Judgement of an exchange: what its end means for the delivery, for its destination and for the server.
#pragma once

#include "host_gate.hpp"
#include "postback/base/clock.hpp"
#include "postback/domain/delivery.hpp"
#include "postback/http/client.hpp"

#include <chrono>
#include <optional>

namespace postback::delivery {

struct AnswerJudgement {
  AttemptReason reason = AttemptReason::delivered;
  HostHealth health = HostHealth::well;
  bool for_good = false;  ///< Another attempt would end the same way.
  /// How long the server asked to be left alone; with `rate_limited` only.
  std::optional<std::chrono::milliseconds> wait{};
};

/// A pure function. An answer as expected is a delivery, whatever its status. An answer that broke off is none, even
/// behind a status of success: what was not received in full confirms nothing, and the idempotency key makes a repeat
/// harmless. Of one that is longer than is read, status and beginning decide. `outcome` was not cancelled.
/// Statuses: RFC 9110, section 15.
AnswerJudgement judge_answer(const http::OutgoingOutcome& outcome, const ExpectedAnswer& expected, TimeMs now);

}  // namespace postback::delivery
