// The status of answers.
#include "postback/domain/network_answer.hpp"

namespace postback {

int answered_status(const Verdict& verdict, const Network* network) {
  const bool again = verdict.code == VerdictCode::rate_limited || verdict.code == VerdictCode::store_unavailable;
  return network != nullptr && network->answer.always_200 && !again ? 200 : verdict.http();
}

}  // namespace postback
