// The table of libcurl's results.
#include "net/outgoing_outcome.hpp"

namespace postback::net {

using End = http::OutgoingOutcome::End;

namespace {

/// Before a connection is complete.
End end_without_connection(CURLcode code, const TransferFacts& facts) {
  if (!facts.refusal.empty()) return End::blocked_address;
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_ABORTED_BY_CALLBACK: return End::name_not_resolved;
    case CURLE_OPERATION_TIMEDOUT: return End::connect_timeout;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_FUNCTION_ARGUMENT: return End::invalid_request;
    default: return facts.https && facts.reached ? End::tls_failed : End::connect_failed;
  }
}

}  // namespace

End end_of(CURLcode code, const TransferFacts& facts) {
  if (facts.too_large) return End::answer_too_large;
  if (code == CURLE_OK) return End::answered;
  if (!facts.connected) return end_without_connection(code, facts);
  if (code == CURLE_OPERATION_TIMEDOUT) return End::timeout;
  return End::reset;
}

std::string words_for(End end, CURLcode code, const TransferFacts& facts, const std::string& detail) {
  const std::string why = detail.empty() ? curl_easy_strerror(code) : detail;
  switch (end) {
    case End::answered: return {};
    case End::blocked_address: return facts.refusal;
    case End::name_not_resolved: return "the name was not resolved: " + why;
    case End::invalid_request: return "the request cannot be sent: " + why;
    case End::connect_failed: return "no connection: " + why;
    case End::connect_timeout:
      return (facts.reached && facts.https ? "the TLS handshake was not over in time: " : "no connection in time: ") +
             why;
    case End::tls_failed: return "no TLS connection, so nothing was sent: " + why;
    case End::timeout: return "the answer was not complete in time: " + why;
    case End::answer_too_large:
      return "the answer has more than " + std::to_string(http::kAnswerHeadRead / 1024) + " KiB of head or " +
             std::to_string(http::kAnswerRead / 1024) + " KiB of body; no more was read";
    case End::cancelled: return "the server is stopping";
    case End::reset: break;
  }
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY: return "the answer is not HTTP: " + why;
    default: return "the connection broke before the answer was complete: " + why;
  }
}

}  // namespace postback::net
