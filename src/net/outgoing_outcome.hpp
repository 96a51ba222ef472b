// What a result of libcurl means to whoever sent the request.
#pragma once

#include "postback/http/client.hpp"

#include <curl/curl.h>

#include <string>

namespace postback::net {

/// What is known of a transfer when it ends.
struct TransferFacts {
  bool https = false;
  bool connected = false;  ///< With TLS, if there is any: the request was sent, or part of it.
  bool head_complete = false;
  bool too_large = false;
  std::string refusal{};  ///< Of the last look at the address; empty: none.
};

http::OutgoingOutcome::End end_of(CURLcode code, const TransferFacts& facts);

/// In plain words; `detail` is libcurl's own text, maybe empty.
std::string words_for(http::OutgoingOutcome::End end, CURLcode code, const TransferFacts& facts,
                      const std::string& detail);

}  // namespace postback::net
