// RequestReader: takes one HTTP/1.1 request from a connection's buffer, strictly.
//
// Beast's parser does the framing; what it lets through and must not is checked around it (docs/architecture.md,
// "Strict framing"): line ends, folded fields, control and non-ASCII bytes, Host, Transfer-Encoding, request target
// forms.
#pragma once

#include "postback/http/request.hpp"
#include "postback/net/server.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace postback::net {

/// Why a request is refused by the server itself: the status to answer and a sentence. The connection closes
/// afterwards.
struct Refusal {
  int status = 400;
  std::string_view detail;
};

/// What the head of a request says about how to go on.
struct RequestHead {
  std::size_t length = 0;          ///< Bytes of request line and header block with its empty line.
  std::size_t content_length = 0;  ///< 0 when chunked or without body.
  bool chunked = false;
  bool keep_alive = true;
  bool version_1_0 = false;
  bool expects_continue = false;
  bool asterisk = false;  ///< `OPTIONS *`.
};

/// Looks for a complete head in `bytes`. Returns its length, 0 when more is needed. Sets `refusal` when it can be told
/// already that no acceptable head will come. `searched` is how far an earlier call looked (kept by the caller).
std::size_t find_head(std::string_view bytes, const ServerLimits& limits, std::size_t& searched,
                      std::optional<Refusal>& refusal);

/// Parses a complete head into `request` (views into `head`). Says why when it is refused.
std::optional<Refusal> parse_head(std::string_view head, const ServerLimits& limits, http::Request& request,
                                  RequestHead& out);

/// Decodes a chunked body as it comes. Extensions are ignored, trailers dropped.
class ChunkedBody {
 public:
  enum class State { more, done, too_large, malformed };
  explicit ChunkedBody(std::size_t limit);
  /// Consumes what it can of `bytes`, appending to `body`; `consumed` says how much.
  State feed(std::string_view bytes, std::string& body, std::size_t& consumed);

 private:
  class Parser;
  std::shared_ptr<Parser> parser_;
};

}  // namespace postback::net
