// Writing responses as bytes.
#include "postback/http/response.hpp"

#include "postback/base/check.hpp"

#include <charconv>

namespace postback::http {

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No Content";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

namespace {

void append_number(std::string& out, std::size_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

}  // namespace

ResponseWriter::ResponseWriter(std::string& out, std::string_view date, std::string_view connection, bool head,
                               int status)
    : out_(out), head_(head), status_(status) {
  out_ += "HTTP/1.1 ";
  append_number(out_, static_cast<std::size_t>(status));
  out_ += ' ';
  out_ += reason_phrase(status);
  out_ += "\r\nDate: ";
  out_ += date;
  out_ += "\r\n";
  if (!connection.empty()) header("Connection", connection);
}

ResponseWriter& ResponseWriter::header(std::string_view name, std::string_view value) {
  constexpr std::string_view kForbidden("\r\n\0", 3);
  check(value.find_first_of(kForbidden) == std::string_view::npos, "a response header value holds CR, LF or NUL");
  out_ += name;
  out_ += ": ";
  out_ += value;
  out_ += "\r\n";
  return *this;
}

void ResponseWriter::finish(std::string_view body, std::string_view content_type) {
  if (!content_type.empty()) header("Content-Type", content_type);
  if (status_ != 204) {  // RFC 9110 section 8.6: no Content-Length in a 204
    out_ += "Content-Length: ";
    append_number(out_, body.size());
    out_ += "\r\n";
  }
  out_ += "\r\n";
  if (!head_) out_ += body;
}

}  // namespace postback::http
