// Applies the counts of requests to a reading.
#include "tracking/request_limits.hpp"

#include "postback/base/json_text.hpp"

#include <string>
#include <utility>

namespace postback {
namespace {

void refuse(Reading& reading, std::string message, std::string evidence, std::string fix) {
  const auto result = reading.test ? VerdictResult::test : VerdictResult::refused;
  Verdict verdict{result, VerdictCode::rate_limited, std::move(message), std::move(evidence), std::move(fix), {}};
  if (reading.refusal)
    verdict.evidence += " It would have been refused as " + std::string(to_string(reading.refusal->code)) + ": " +
                        reading.refusal->evidence;
  reading.refusal = std::move(verdict);
}

LimitedRequest limit_network(const Network& network, RequestCounts& counts, std::chrono::milliseconds now,
                             Reading& reading) {
  const auto most = network.security.requests_per_minute;
  if (!most) return {};
  const auto wait = counts.note_authenticated(network.number, *most, now);
  if (wait.count() == 0) return {};
  refuse(reading, "This network sent more requests within a minute than it may.",
         "Network `" + network.id + "` may send " + std::to_string(*most) + " requests a minute.",
         "If the traffic is right, raise `requests_per_minute` in the security of network `" + network.id +
             "`. The network repeats the postback, or replay it.");
  return {wait, true};
}

LimitedRequest limit_refused(const Postback& postback, RequestCounts& counts, std::chrono::milliseconds now,
                             Reading& reading) {
  const auto noted = counts.note_refused(postback.peer, now);
  if (noted.limit == RequestCounts::Limit::none) return {{}, noted.logged};
  const bool of_peer = noted.limit == RequestCounts::Limit::peer;
  const auto most = of_peer ? counts.limits().unauthenticated_per_peer : counts.limits().unauthenticated_in_all;
  refuse(reading, "Too many refused requests came within a minute.",
         "More than " + std::to_string(most) + " requests that did not authenticate came within a minute from " +
             (of_peer ? "`" + std::string(postback.peer) + "`." : std::string("all addresses together.")),
         "A request with the right token or signature is not held up. Mend what the rows before this one say; if they "
         "are expected, raise `" +
             std::string(of_peer ? "postbacks.unauthenticated_per_peer" : "postbacks.unauthenticated_in_all") +
             "` in the configuration.");
  return {noted.wait, noted.logged};
}

}  // namespace

LimitedRequest apply_request_limits(const Postback& postback, RequestCounts& counts, std::chrono::milliseconds now,
                                    Reading& reading) {
  const bool proved = reading.authentication != Authentication::none && reading.authentication != Authentication::open;
  const bool refused = reading.refusal && reading.refusal->result != VerdictResult::accepted;
  if (!proved && refused) return limit_refused(postback, counts, now, reading);
  if (reading.network == nullptr) return {};
  return limit_network(*reading.network, counts, now, reading);
}

}  // namespace postback
