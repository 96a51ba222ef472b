// Request: one HTTP request as views into the connection's buffer.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace postback::http {

enum class Method : std::uint8_t { get, head, post, put, delete_, patch, options, other };
std::string_view to_string(Method method);

struct Header {
  std::string_view name;
  std::string_view value;
};

/// Well-formed by the time a handler sees it (framing, Host, characters: see docs/architecture.md). All views live
/// until the answer was written.
struct Request {
  Method method = Method::get;
  std::string_view method_text;
  std::string_view target;        ///< Origin form: path and query, as they arrived, without scheme and authority.
  std::string_view path;          ///< Part before `?`, undecoded.
  std::string_view query;         ///< Part after `?`, undecoded; empty if absent.
  std::string_view headers_text;  ///< The header block as it arrived, without request line and final empty line.
  std::vector<Header> headers;
  std::string_view body;
  bool body_too_large = false;  ///< The body exceeded the route's limit: answer 413; the connection closes afterwards.
  /// The caller's address as text, without port; behind trusted proxies that of the client they name.
  std::string_view peer;
  bool secure = false;     ///< It came by HTTPS, here or at a trusted proxy.
  bool forwarded = false;  ///< A trusted proxy sent it: `peer` and `secure` are what it says.

  /// The first header of this name (any case), or nothing.
  std::optional<std::string_view> header(std::string_view name) const;
};

}  // namespace postback::http
