// Sockets with a deadline on everything, and a reader of HTTP answers.
#include "support/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace postback::testing {

namespace {

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("raw client: " + what); }
[[noreturn]] void fail_with_errno(const std::string& what) { fail(what + ": " + std::strerror(errno)); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

/// Calls `visit(name, value)` for each header line of a head.
template <class Visit>
void for_each_header(std::string_view head, Visit visit) {
  auto start = head.find("\r\n");
  while (start != std::string_view::npos && start + 2 < head.size()) {
    start += 2;
    const auto end = head.find("\r\n", start);
    const auto line = head.substr(start, end == std::string_view::npos ? end : end - start);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) fail("a header line without colon: " + std::string(line));
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    visit(line.substr(0, colon), value);
    start = end;
  }
}

/// The answer at the start of `bytes` and its length; 0 while it is incomplete.
std::size_t parse_response(std::string_view bytes, Asked asked, RawResponse& response) {
  const auto head_end = bytes.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return 0;
  response.head = std::string(bytes.substr(0, head_end + 2));
  if (!response.head.starts_with("HTTP/1.1 ") || response.head.size() < 12) fail("not an answer: " + response.head);
  response.status = std::stoi(response.head.substr(9, 3));
  std::size_t length = 0;
  const bool bodiless = asked == Asked::head || response.status == 204 || response.status / 100 == 1;
  if (!bodiless) {
    const auto declared = response.header("Content-Length");
    if (!declared) fail("an answer without Content-Length: " + response.head);
    length = std::stoul(*declared);
  }
  if (bytes.size() < head_end + 4 + length) return 0;
  response.body = std::string(bytes.substr(head_end + 4, length));
  return head_end + 4 + length;
}

}  // namespace

std::optional<std::string> RawResponse::header(std::string_view name) const {
  std::optional<std::string> found;
  for_each_header(head, [&](std::string_view each, std::string_view value) {
    if (!found && same_name(each, name)) found = std::string(value);
  });
  return found;
}

std::size_t RawResponse::count(std::string_view name) const {
  std::size_t found = 0;
  for_each_header(head, [&](std::string_view each, std::string_view) { found += same_name(each, name) ? 1U : 0U; });
  return found;
}

RawClient::RawClient(std::uint16_t port, std::chrono::milliseconds patience) : patience_(patience) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) fail_with_errno("socket");
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // each send is a segment of its own
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return;
  int error = errno;
  if (error == EINPROGRESS) {
    wait_for(POLLOUT);
    socklen_t length = sizeof error;
    ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &length);
  }
  if (error == 0) return;
  ::close(std::exchange(socket_, -1));
  errno = error;
  fail_with_errno("connect to port " + std::to_string(port));
}

RawClient::~RawClient() {
  if (socket_ >= 0) ::close(socket_);
}

RawClient::RawClient(RawClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), patience_(other.patience_), received_(std::move(other.received_)) {}

RawClient& RawClient::operator=(RawClient&& other) noexcept {
  std::swap(socket_, other.socket_);
  std::swap(patience_, other.patience_);
  std::swap(received_, other.received_);
  return *this;
}

void RawClient::wait_for(short events) const {
  pollfd descriptor{socket_, events, 0};
  const int ready = ::poll(&descriptor, 1, static_cast<int>(patience_.count()));
  if (ready < 0 && errno != EINTR) fail_with_errno("poll");
  if (ready == 0)
    fail("the peer did nothing for " + std::to_string(patience_.count()) + " ms; received so far: " + received_);
}

void RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      wait_for(POLLOUT);
    } else if (errno == EPIPE || errno == ECONNRESET) {
      return;
    } else if (errno != EINTR) {
      fail_with_errno("send");
    }
  }
}

void RawClient::send_split(std::string_view bytes, const std::vector<std::size_t>& cuts,
                           const std::function<void()>& between) {
  std::size_t start = 0;
  for (const auto cut : cuts) {
    send(bytes.substr(start, cut - start));
    if (between) between();
    start = cut;
  }
  send(bytes.substr(start));
}

std::size_t RawClient::send_some(std::string_view bytes) {
  std::size_t total = 0;
  while (total < bytes.size()) {
    const auto sent = ::send(socket_, bytes.data() + total, bytes.size() - total, MSG_NOSIGNAL);
    if (sent <= 0) break;
    total += static_cast<std::size_t>(sent);
  }
  return total;
}

void RawClient::end_sending() { ::shutdown(socket_, SHUT_WR); }

void RawClient::reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(socket_, -1));
}

void RawClient::limit_receive_buffer(int bytes) { ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes); }

/// Reads what there is, waiting for it. False at the peer's end.
bool RawClient::fill() {
  for (;;) {
    char part[16 * 1024];
    const auto got = ::recv(socket_, part, sizeof part, 0);
    if (got > 0) {
      received_.append(part, static_cast<std::size_t>(got));
      return true;
    }
    if (got == 0 || errno == ECONNRESET) return false;
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) fail_with_errno("recv");
    wait_for(POLLIN);
  }
}

RawResponse RawClient::read_response(Asked asked) {
  for (;;) {
    RawResponse response;
    if (const auto length = parse_response(received_, asked, response); length > 0) {
      received_.erase(0, length);
      return response;
    }
    if (!fill()) fail("the peer closed before a whole answer; received: " + received_);
  }
}

std::string RawClient::read_to_close() {
  while (fill()) continue;
  return std::exchange(received_, {});
}

bool RawClient::is_closed() { return received_.empty() && !fill(); }

bool RawClient::has_input() const {
  pollfd descriptor{socket_, POLLIN, 0};
  return !received_.empty() || ::poll(&descriptor, 1, 0) > 0;
}

std::vector<RawResponse> split_responses(std::string_view bytes) {
  std::vector<RawResponse> responses;
  while (!bytes.empty()) {
    RawResponse response;
    const auto length = parse_response(bytes, Asked::get, response);
    if (length == 0) fail("an answer was cut off: " + std::string(bytes));
    bytes.remove_prefix(length);
    responses.push_back(std::move(response));
  }
  return responses;
}

}  // namespace postback::testing
