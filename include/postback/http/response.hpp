// ResponseWriter: writes one HTTP/1.1 response into a buffer; Response: one as a value, for handlers off the hot path.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postback::http {

/// The reason phrase of a status, such as `Not Found`.
std::string_view reason_phrase(int status);

struct Response {
  int status = 200;
  std::string content_type;  ///< Empty: no body type.
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  ///< Further ones.
};

/// Appends a response to `out`. Date, Content-Length and Connection are its business; other headers the caller's.
/// A header value with CR, LF or NUL is a bug and ends the process.
class ResponseWriter {
 public:
  /// `date` is the ready Date value; `connection` that header's value, empty for none; `head` leaves the body out.
  ResponseWriter(std::string& out, std::string_view date, std::string_view connection, bool head, int status);
  ResponseWriter& header(std::string_view name, std::string_view value);
  /// Ends the header block, with a body. Call once, last.
  void finish(std::string_view body = {}, std::string_view content_type = {});

 private:
  std::string& out_;
  const bool head_;
  const int status_;
};

}  // namespace postback::http
