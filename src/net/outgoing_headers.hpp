// Methods and headers of outgoing requests: which are sent, and as the lists that libcurl takes.
#pragma once

#include "postback/base/result.hpp"
#include "postback/http/client.hpp"

#include <curl/curl.h>

#include <string>
#include <string_view>
#include <vector>

namespace postback::net {

/// Error: invalid_argument for a method that is not sent, a header that would break the request's form or is the
/// client's own, and for what is larger than is sent.
Result<void> check_outgoing_request(const http::OutgoingRequest& request);

/// A list as curl_slist_append makes it, in memory that is used again.
class OutgoingLines {
 public:
  void clear();
  void add(std::string_view line);
  /// Null when empty; valid until the next change.
  curl_slist* list();

 private:
  std::string text_;  ///< Each line with a zero behind it.
  std::vector<std::size_t> starts_;
  std::vector<curl_slist> nodes_;
};

/// Appends the request's headers, and what keeps libcurl from adding some of its own.
void add_header_lines(const http::OutgoingRequest& request, bool with_body, OutgoingLines& lines);

/// Without case, for ASCII.
bool same_header(std::string_view a, std::string_view b);

}  // namespace postback::net
