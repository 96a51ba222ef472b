// Finding, checking and parsing the head of a request; decoding chunked bodies.
#include "net/request_reader.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/verb.hpp>

#include <algorithm>

namespace postback::net {

namespace {

namespace beast = boost::beast;
using boost::system::error_code;

/// Which bytes may stand anywhere in a head: visible ASCII, space, tab, and obs-text (0x80 and up) in field values.
constexpr bool is_control(unsigned char byte) { return (byte < 0x20 && byte != '\t') || byte == 0x7F; }

/// Checks line ends, control bytes and folded lines of a head, or the start of one, from `from` on; in the request line
/// also non-ASCII bytes.
std::optional<Refusal> check_bytes(std::string_view head, std::size_t from) {
  bool request_line = head.substr(0, from).find('\n') == std::string_view::npos;
  for (std::size_t i = from; i < head.size(); ++i) {
    const auto byte = static_cast<unsigned char>(head[i]);
    if (byte >= 0x20 && byte < 0x7F) [[likely]]
      continue;
    if (byte == '\r') {
      if (i + 1 == head.size()) break;
      if (head[i + 1] != '\n') return Refusal{400, "A carriage return without a line feed is not allowed."};
      ++i;
      const bool more = i + 1 < head.size();
      if (more && (head[i + 1] == ' ' || head[i + 1] == '\t'))
        return Refusal{400, "Folded header lines are not allowed (RFC 9112 section 5.2)."};
      request_line = false;
    } else if (byte == '\n' && i > 0 && head[i - 1] == '\r') {
      request_line = false;  // `from` lies between the two
    } else if (is_control(byte)) {
      return Refusal{400, byte == '\n' ? "A line feed without a carriage return is not allowed."
                                       : "Control characters are not allowed in a request."};
    } else if (request_line) {
      return Refusal{400, "The request line may hold visible ASCII characters only; percent-encode everything else."};
    }
  }
  return std::nullopt;
}

/// The request line as soon as it is there: `METHOD SP target SP HTTP/x.y`.
std::optional<Refusal> check_request_line(std::string_view line) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || last == first)
    return Refusal{400, "The request line must be: method, space, target, space, HTTP version."};
  if (!line.substr(last + 1).starts_with("HTTP/"))
    return Refusal{400, "The request line must end with the HTTP version."};
  const auto version = line.substr(last + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return Refusal{505, "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
  return std::nullopt;
}

bool is_decimal_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_decimal_digit(c) || c == '.' || c == '-' || c == '_' ||
         c == '~';
}

/// `name[:port]` or `[address][:port]` (RFC 9110 section 7.2); the port may be empty.
bool is_valid_host(std::string_view host) {
  const bool bracketed = host.starts_with('[');
  const auto end = bracketed ? host.find(']') : host.find(':');
  if (bracketed && end == std::string_view::npos) return false;
  const auto name = bracketed ? host.substr(1, end - 1) : host.substr(0, end);
  auto port = host.substr(std::min(host.size(), bracketed ? end + 1 : end));
  if (name.empty() || (!port.empty() && !port.starts_with(':'))) return false;
  if (!port.empty()) port.remove_prefix(1);
  return std::all_of(port.begin(), port.end(), is_decimal_digit) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return is_name_character(c) || (bracketed && c == ':'); });
}

http::Method method_of(beast::http::verb verb) {
  switch (verb) {
    case beast::http::verb::get: return http::Method::get;
    case beast::http::verb::head: return http::Method::head;
    case beast::http::verb::post: return http::Method::post;
    case beast::http::verb::put: return http::Method::put;
    case beast::http::verb::delete_: return http::Method::delete_;
    case beast::http::verb::patch: return http::Method::patch;
    case beast::http::verb::options: return http::Method::options;
    default: return http::Method::other;
  }
}

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

/// Collects what Beast finds in a head. Views point into the head it is given, which lies in one piece.
class HeadParser final : public beast::http::basic_parser<true> {
 public:
  HeadParser(http::Request& request, const ServerLimits& limits) : request_(request), limits_(limits) {
    header_limit(static_cast<std::uint32_t>(limits.request_line_bytes + limits.header_bytes + 4));
    body_limit(boost::none);
  }

  std::optional<Refusal> refusal;
  beast::http::verb verb = beast::http::verb::unknown;
  int version = 0;  ///< 10 or 11.
  unsigned hosts = 0;
  bool has_transfer_encoding = false;
  bool has_content_length = false;
  bool expects_continue = false;

 private:
  void refuse(int status, std::string_view detail) {
    if (!refusal) refusal = Refusal{status, detail};
  }

  void on_request_impl(beast::http::verb found, beast::string_view method, beast::string_view target, int number,
                       error_code&) override {
    verb = found;
    version = number;
    request_.method = method_of(found);
    request_.method_text = view(method);
    request_.target = view(target);
  }

  void on_field_impl(beast::http::field kind, beast::string_view name, beast::string_view value, error_code&) override {
    using beast::http::field;
    if (request_.headers.size() >= limits_.header_fields) return refuse(431, "Too many header fields.");
    request_.headers.push_back({view(name), view(value)});
    if (kind == field::host) {
      ++hosts;
      if (!is_valid_host(view(value)))
        refuse(400, "The Host header must be a host name or address with an optional port.");
    } else if (kind == field::transfer_encoding) {
      if (has_transfer_encoding || !beast::iequals(value, "chunked"))
        refuse(400, "Transfer-Encoding must be exactly `chunked`, once.");
      has_transfer_encoding = true;
    } else if (kind == field::content_length) {
      // Beast takes a list of equal lengths for one.
      if (has_content_length || !std::all_of(value.begin(), value.end(), is_decimal_digit))
        refuse(400, "Content-Length must be one decimal number, once.");
      has_content_length = true;
    } else if (kind == field::expect) {
      if (!beast::iequals(value, "100-continue"))
        return refuse(417, "The only expectation known here is 100-continue.");
      expects_continue = true;
    }
  }

  void on_header_impl(error_code&) override {}
  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
  std::size_t on_body_impl(beast::string_view body, error_code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, error_code&) override { return body.size(); }
  void on_finish_impl(error_code&) override {}
  void on_response_impl(int, beast::string_view, int, error_code&) override {}

  http::Request& request_;
  const ServerLimits& limits_;
};

/// Origin, absolute or asterisk form (RFC 9112 section 3.2) to path and query.
std::optional<Refusal> split_target(http::Request& request, RequestHead& head) {
  auto target = request.target;
  if (target == "*") {
    if (request.method != http::Method::options) return Refusal{400, "The target `*` goes with OPTIONS only."};
    head.asterisk = true;
    return std::nullopt;
  }
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.size() < scheme.size() || !beast::iequals(beast::string_view(target.substr(0, scheme.size())), scheme))
      continue;
    const auto authority = target.substr(scheme.size());
    const auto end = authority.find_first_of("/?");
    if (!is_valid_host(authority.substr(0, end))) return Refusal{400, "The target's host is not valid."};
    target = end == std::string_view::npos ? std::string_view{} : authority.substr(end);
    break;
  }
  if (target.empty() && !request.target.empty()) target = "/";
  if (target.front() != '/') return Refusal{400, "The request target must be a path that starts with a slash."};
  request.target = target;
  const auto question = target.find('?');
  request.path = target.substr(0, question);
  request.query = question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
  return std::nullopt;
}

std::optional<Refusal> check_framing(const HeadParser& parser) {
  if (parser.verb == beast::http::verb::connect) return Refusal{405, "This is not a proxy: CONNECT is not allowed."};
  if (parser.verb == beast::http::verb::unknown) return Refusal{501, "This method is not known here."};
  if (parser.hosts > 1) return Refusal{400, "The Host header may be given once only."};
  if (parser.version == 11 && parser.hosts == 0) return Refusal{400, "HTTP/1.1 requires a Host header."};
  if (parser.has_transfer_encoding) {
    if (parser.version != 11) return Refusal{400, "Transfer-Encoding needs HTTP/1.1."};
    if (parser.has_content_length) return Refusal{400, "Transfer-Encoding and Content-Length exclude each other."};
  }
  return std::nullopt;
}

/// In chunk headers and trailers Beast waits for a line end that such a sender will never send.
bool has_bare_line_feed(std::string_view text) {
  for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
    if (at == 0 || text[at - 1] != '\r') return true;
  return false;
}

}  // namespace

std::size_t find_head(std::string_view bytes, const ServerLimits& limits, std::size_t& searched,
                      std::optional<Refusal>& refusal) {
  const auto from = searched > 3 ? searched - 3 : 0;
  if (const auto end = bytes.find("\r\n\r\n", from); end != std::string_view::npos) {
    const auto line_end = bytes.find("\r\n");
    if (line_end > limits.request_line_bytes) {
      refusal = Refusal{414, "The request line is too long; its limit is 8 KiB."};
    } else if (end + 4 - line_end > limits.header_bytes) {
      refusal = Refusal{431, "The header fields are too long; their limit is 16 KiB altogether."};
    }
    return refusal ? 0 : end + 4;
  }
  searched = bytes.size();
  // A line end may have been cut in two: look at its first half again.
  refusal = check_bytes(bytes, from);
  if (refusal) return 0;
  const auto line_end = bytes.find("\r\n");
  if (line_end == std::string_view::npos) {
    if (bytes.size() > limits.request_line_bytes)
      refusal = bytes.find(' ') == std::string_view::npos
                    ? Refusal{400, "The request does not start with a method."}
                    : Refusal{414, "The request line is too long; its limit is 8 KiB."};
    return 0;
  }
  if (line_end > limits.request_line_bytes) {
    refusal = Refusal{414, "The request line is too long; its limit is 8 KiB."};
  } else if (bytes.size() - line_end > limits.header_bytes) {
    refusal = Refusal{431, "The header fields are too long; their limit is 16 KiB altogether."};
  } else {
    refusal = check_request_line(bytes.substr(0, line_end));
  }
  return 0;
}

std::optional<Refusal> parse_head(std::string_view head, const ServerLimits& limits, http::Request& request,
                                  RequestHead& out) {
  if (auto refusal = check_bytes(head, 0)) return refusal;
  const auto line_end = head.find("\r\n");
  if (auto refusal = check_request_line(head.substr(0, line_end))) return refusal;
  request.headers.clear();
  request.headers_text = head.substr(line_end + 2, head.size() - line_end - 4);
  HeadParser parser(request, limits);
  error_code error;
  parser.put(boost::asio::const_buffer(head.data(), head.size()), error);
  if (parser.refusal) return parser.refusal;
  if (error == beast::http::error::bad_content_length || error == beast::http::error::bad_transfer_encoding)
    return Refusal{400, "Content-Length or Transfer-Encoding is malformed or contradictory."};
  if (error || !parser.is_header_done()) return Refusal{400, "The request is not well-formed HTTP/1.1 (RFC 9112)."};
  if (auto refusal = check_framing(parser)) return refusal;
  out = RequestHead{};
  if (auto refusal = split_target(request, out)) return refusal;
  out.length = head.size();
  out.chunked = parser.chunked();
  out.content_length = out.chunked ? 0 : static_cast<std::size_t>(parser.content_length().value_or(0));
  out.keep_alive = parser.keep_alive();
  out.version_1_0 = parser.version == 10;
  out.expects_continue = parser.expects_continue && !out.version_1_0;
  return std::nullopt;
}

/// Beast's parser once more, started behind a head of our own making so that only chunks are left to parse.
class ChunkedBody::Parser final : public beast::http::basic_parser<true> {
 public:
  explicit Parser(std::size_t limit) {
    body_limit(limit);
    constexpr std::string_view kHead = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    error_code error;
    put(boost::asio::const_buffer(kHead.data(), kHead.size()), error);
  }
  std::string* body = nullptr;
  bool started = false;

 private:
  void on_request_impl(beast::http::verb, beast::string_view, beast::string_view, int, error_code&) override {}
  void on_field_impl(beast::http::field, beast::string_view, beast::string_view, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
  std::size_t on_body_impl(beast::string_view part, error_code&) override { return part.size(); }
  void on_chunk_header_impl(std::uint64_t, beast::string_view extension, error_code& error) override {
    constexpr std::size_t kLongestExtension = 1024;
    if (extension.size() > kLongestExtension) error = beast::http::error::bad_chunk_extension;
  }
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view part, error_code&) override {
    body->append(part.data(), part.size());
    return part.size();
  }
  void on_finish_impl(error_code&) override {}
  void on_response_impl(int, beast::string_view, int, error_code&) override {}
};

ChunkedBody::ChunkedBody(std::size_t limit) : parser_(std::make_shared<Parser>(limit)) {}

ChunkedBody::State ChunkedBody::feed(std::string_view bytes, std::string& body, std::size_t& consumed) {
  consumed = 0;
  parser_->body = &body;
  while (!parser_->is_done()) {
    error_code error;
    const auto rest = bytes.substr(consumed);
    // The shortest end, `0 CR LF CR LF`, has five bytes. Beast asserts that many when it is asked again behind a first
    // chunk header of zero, so nothing is started with fewer.
    constexpr std::size_t kShortestBody = 5;
    if (rest.empty() || (!parser_->started && rest.size() < kShortestBody)) return State::more;
    parser_->started = true;
    const auto taken = parser_->put(boost::asio::const_buffer(rest.data(), rest.size()), error);
    consumed += taken;
    if (error == beast::http::error::need_more) {
      // A chunk header or trailer that grows and grows is not waited for.
      constexpr std::size_t kLongestLine = 4096;
      const auto left = bytes.substr(consumed);
      return left.size() > kLongestLine || has_bare_line_feed(left) ? State::malformed : State::more;
    }
    if (error == beast::http::error::body_limit) return State::too_large;
    if (error) return State::malformed;
  }
  return State::done;
}

}  // namespace postback::net
