// What is written down of an attempt, and what follows for its delivery.
#pragma once

#include "answer_judgement.hpp"
#include "postback/domain/delivery.hpp"
#include "postback/domain/destination.hpp"
#include "postback/http/client.hpp"
#include "postback/store/delivery_items.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace postback::delivery {

/// An attempt that ended.
struct EndedAttempt {
  const Delivery& delivery;        ///< As it was before.
  const Destination& destination;  ///< Its document as it is now.
  std::string request;             ///< As it may be shown; empty: nothing was rendered.
  /// What is to be masked beside the destination's secrets.
  std::vector<std::string> secrets;
  std::string note;  ///< What an operator should know of the request; may be empty.
  TimeMs began{};
  TimeMs ended{};
  TimeMs settled{};  ///< The same, without a jump of the clock that may not last.
};

/// A pure function: the delivery is delivered, given up, or due again, by the destination's retry plan. One whose
/// destination is gone stays pending, whatever its age: it waits for an operator.
AttemptItem::Noted note_attempt(const EndedAttempt& attempt, const AnswerJudgement& judged,
                                const http::OutgoingOutcome& outcome, std::uint64_t seed);

}  // namespace postback::delivery
