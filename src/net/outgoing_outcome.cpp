// The table of libcurl's results.
#include "net/outgoing_outcome.hpp"

namespace postback::net {

using End = http::OutgoingOutcome::End;

namespace {

constexpr int kTooLarge = 100;  ///< CURLE_TOO_LARGE, since 8.6.

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
    case CURLE_COULDNT_CONNECT: return End::connect_failed;
    default: return facts.https ? End::tls_failed : End::connect_failed;
  }
}

}  // namespace

End end_of(CURLcode code, const TransferFacts& facts) {
  if (facts.too_large) return End::answer_too_large;
  if (!facts.connected && code != CURLE_OK) return end_without_connection(code, facts);
  if (code == CURLE_OPERATION_TIMEDOUT) return End::timeout;
  // A line of the head that is too long for it; newer versions have a result of its own.
  if (!facts.head_complete && (code == CURLE_OUT_OF_MEMORY || code == kTooLarge)) return End::answer_too_large;
  // libcurl is content with a head that breaks off.
  return code == CURLE_OK && facts.head_complete ? End::answered : End::reset;
}

std::string words_for(End end, CURLcode code, const TransferFacts& facts, const std::string& detail) {
  const std::string why = detail.empty() ? curl_easy_strerror(code) : detail;
  switch (end) {
    case End::answered: return {};
    case End::blocked_address: return facts.refusal;
    case End::name_not_resolved: return "the name was not resolved: " + why;
    case End::invalid_request: return "the request cannot be sent: " + why;
    case End::connect_failed: return "no connection: " + why;
    case End::connect_timeout: return "no connection in time: " + why;
    case End::tls_failed: return "no TLS connection, so nothing was sent: " + why;
    case End::timeout: return "the answer was not complete in time: " + why;
    case End::answer_too_large:
      return "the answer has more than " + std::to_string(http::kAnswerHeadRead / 1024) + " KiB of head or " +
             std::to_string(http::kAnswerRead / 1024) + " KiB of body; no more was read";
    case End::cancelled: return "the server is stopping";
    case End::reset: break;
  }
  switch (code) {
    case CURLE_OK: return "the connection broke within the head of the answer";
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY: return "the answer is not HTTP: " + why;
    default: return "the connection broke before the answer was complete: " + why;
  }
}

}  // namespace postback::net
