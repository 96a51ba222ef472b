// Checks requests and builds libcurl's header lists.
#include "net/outgoing_headers.hpp"

#include <algorithm>
#include <array>

namespace postback::net {
namespace {

constexpr std::array<std::string_view, 6> kMethods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
/// They frame the request, or say what the client can read.
constexpr std::array<std::string_view, 12> kOwnHeaders{
    "host",       "content-length",   "transfer-encoding", "connection",
    "keep-alive", "proxy-connection", "upgrade",           "te",
    "trailer",    "expect",           "user-agent",        "accept-encoding"};
constexpr std::size_t kMostHeaders = 100;
constexpr std::size_t kMostHeaderBytes = 32 * 1024;
constexpr std::size_t kMostBodyBytes = 1024 * 1024;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

/// RFC 9110 section 5.6.2.
bool is_token_character(char c) {
  const bool alphanumeric = (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
  return alphanumeric || (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

bool is_value_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return c == '\t' || (byte >= ' ' && byte != 0x7f);
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Error wrong(std::string why) { return {ErrorCode::invalid_argument, std::move(why)}; }

Result<void> check_header(const std::string& name, const std::string& value) {
  if (name.empty() || !std::ranges::all_of(name, is_token_character)) return wrong("a header's name is not valid");
  if (!std::ranges::all_of(value, is_value_character))
    return wrong("the header " + name + " has a line end or another control character");
  for (const auto own : kOwnHeaders)
    if (same_header(name, own)) return wrong("the header " + name + " cannot be set; the server writes it itself");
  return {};
}

}  // namespace

bool same_header(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

Result<void> check_outgoing_request(const http::OutgoingRequest& request) {
  if (std::ranges::find(kMethods, request.method) == kMethods.end())
    return wrong("the method is none of GET, HEAD, POST, PUT, PATCH and DELETE");
  if (request.headers.size() > kMostHeaders) return wrong("more than 100 headers");
  std::size_t bytes = 0;
  for (const auto& [name, value] : request.headers) {
    if (auto checked = check_header(name, value); !checked) return checked;
    bytes += name.size() + value.size();
  }
  if (bytes > kMostHeaderBytes) return wrong("the headers are larger than 32 KiB");
  if (request.body.size() > kMostBodyBytes) return wrong("the body is larger than 1 MiB");
  return {};
}

void OutgoingLines::clear() {
  text_.clear();
  starts_.clear();
}

void OutgoingLines::add(std::string_view line) {
  starts_.push_back(text_.size());
  text_.append(line);
  text_.push_back('\0');
}

curl_slist* OutgoingLines::list() {
  nodes_.resize(starts_.size());
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    nodes_[i] = {text_.data() + starts_[i], i + 1 < nodes_.size() ? &nodes_[i + 1] : nullptr};
  return nodes_.empty() ? nullptr : nodes_.data();
}

void add_header_lines(const http::OutgoingRequest& request, bool with_body, OutgoingLines& lines) {
  bool typed = false;
  std::string line;
  for (const auto& [name, value] : request.headers) {
    typed = typed || same_header(name, "Content-Type");
    const auto content = trimmed(value);
    // libcurl takes `Name:` for "leave it out" and `Name;` for an empty value.
    line.assign(name).append(content.empty() ? ";" : ": ").append(content);
    lines.add(line);
  }
  if (!with_body) return;
  lines.add("Expect:");  // no waiting for leave to send a large body
  if (!typed) lines.add("Content-Type:");
}

}  // namespace postback::net
