// What is the same for all requests: options of the handle, and what libcurl calls.
#include "net/outgoing_transfer.hpp"
#include "net/socket_address.hpp"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace postback::net {
namespace {

/// Most answers fit. libcurl reads up to a hundred times as much before anybody is asked again, if it comes so fast.
constexpr long kReadAtOnce = 4 * 1024;
/// What a complete answer may have beyond its head and body: marks of chunks, TLS records.
constexpr std::size_t kFramingRead = 32 * 1024;
constexpr int kSocketBuffer = 32 * 1024;
constexpr std::size_t kLongestRetryAfter = 256;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

template <class T>
void set(CURL* handle, CURLoption option, T value) {
  curl_easy_setopt(handle, option, value);
}

}  // namespace

void OutgoingTransfer::set_options() {
  set_basics();
  set_security();
  set_callbacks();
}

void OutgoingTransfer::set_basics() {
  CURL* const handle = handle_.get();
  set(handle, CURLOPT_PRIVATE, this);
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_USERAGENT, settings_.user_agent.c_str());
  set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(handle, CURLOPT_BUFFERSIZE, kReadAtOnce);
  set(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings_.connect_timeout.count()));
  set(handle, CURLOPT_TCP_NODELAY, 1L);
  set(handle, CURLOPT_PATH_AS_IS, 1L);
  set(handle, CURLOPT_ERRORBUFFER, words_.data());
  set(handle, CURLOPT_MAXAGE_CONN, static_cast<long>(settings_.idle_limit.count()));
  set(handle, CURLOPT_MAXLIFETIME_CONN, static_cast<long>(settings_.age_limit.count()));
}

void OutgoingTransfer::set_security() {
  CURL* const handle = handle_.get();
  set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle, CURLOPT_REDIR_PROTOCOLS_STR, "");
  set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle, CURLOPT_PROXY, "");
  set(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(handle, CURLOPT_HTTP_CONTENT_DECODING, 0L);
  set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!settings_.ca_file.empty()) set(handle, CURLOPT_CAINFO, settings_.ca_file.c_str());
}

void OutgoingTransfer::set_callbacks() {
  CURL* const handle = handle_.get();
  set(handle, CURLOPT_HEADERFUNCTION, &take_header);
  set(handle, CURLOPT_HEADERDATA, this);
  set(handle, CURLOPT_WRITEFUNCTION, &take_body);
  set(handle, CURLOPT_WRITEDATA, this);
  set(handle, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  set(handle, CURLOPT_OPENSOCKETDATA, this);
  set(handle, CURLOPT_CLOSESOCKETFUNCTION, &close_socket);
  set(handle, CURLOPT_CLOSESOCKETDATA, &events_);  // a connection outlives the transfer that made it
  set(handle, CURLOPT_PREREQFUNCTION, &on_connected);
  set(handle, CURLOPT_PREREQDATA, this);
  set(handle, CURLOPT_RESOLVER_START_FUNCTION, &on_look_up);
  set(handle, CURLOPT_RESOLVER_START_DATA, this);
}

std::size_t OutgoingTransfer::take_header(char* bytes, std::size_t, std::size_t count, void* self) {
  auto& transfer = *static_cast<OutgoingTransfer*>(self);
  transfer.head_bytes_ += count;
  transfer.facts_.too_large = transfer.facts_.too_large || transfer.head_bytes_ > http::kAnswerHeadRead;
  if (transfer.facts_.too_large) return 0;
  transfer.note_header({bytes, count});
  return count;
}

void OutgoingTransfer::note_header(std::string_view line) {
  constexpr std::string_view kRetryAfter = "retry-after";
  if (line == "\r\n" || line == "\n") facts_.head_complete = true;
  if (line.starts_with("HTTP/")) retry_after_.reset();  // of an interim answer
  if (line.size() <= kRetryAfter.size() || line[kRetryAfter.size()] != ':' || retry_after_) return;
  if (!same_header(line.substr(0, kRetryAfter.size()), kRetryAfter)) return;
  retry_after_ = trimmed(line.substr(kRetryAfter.size() + 1)).substr(0, kLongestRetryAfter);
}

std::size_t OutgoingTransfer::take_body(char* bytes, std::size_t, std::size_t count, void* self) {
  auto& transfer = *static_cast<OutgoingTransfer*>(self);
  const auto room = http::kAnswerRead - transfer.body_.size();
  transfer.body_.append(bytes, std::min(count, room));
  transfer.facts_.too_large = count > room;
  return transfer.facts_.too_large ? 0 : count;
}

bool OutgoingTransfer::may_read(curl_socket_t socket) {
  if (!facts_.connected) return true;
  const auto most =
      facts_.head_complete ? http::kAnswerHeadRead + http::kAnswerRead + kFramingRead : http::kAnswerHeadRead;
  if (arrived_bytes_ > most) return false;
  int waiting = 0;
  if (::ioctl(socket, FIONREAD, &waiting) == 0) arrived_bytes_ += static_cast<std::size_t>(std::max(waiting, 0));
  return true;
}

curl_socket_t OutgoingTransfer::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<OutgoingTransfer*>(self);
  transfer.facts_.connected = false;  // if it was before, that connection turned out to be closed
  const auto endpoint = endpoint_of(address->addr);
  auto refused = endpoint ? transfer.guard_.refusal(endpoint->address, endpoint->port)
                          : std::optional<std::string>("the address is neither IPv4 nor IPv6");
  if (refused) {
    transfer.facts_.refusal = std::move(*refused);
    return CURL_SOCKET_BAD;
  }
  const int socket = ::socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->protocol);
  if (socket < 0) return CURL_SOCKET_BAD;
  ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &kSocketBuffer, sizeof kSocketBuffer);
  return socket;
}

int OutgoingTransfer::close_socket(void* events, curl_socket_t socket) {
  return static_cast<OutgoingEvents*>(events)->close(socket);
}

int OutgoingTransfer::on_connected(void* self, char*, char*, int, int) {
  auto& transfer = *static_cast<OutgoingTransfer*>(self);
  transfer.facts_.connected = true;
  ++transfer.connections_used_;
  return CURL_PREREQFUNC_OK;
}

/// libcurl is about to look up a host on its own: only an IPv6 literal, where there is nothing to look up, may pass.
int OutgoingTransfer::on_look_up(void*, void*, void* self) {
  return static_cast<OutgoingTransfer*>(self)->target_.host.starts_with('[') ? 0 : 1;
}

}  // namespace postback::net
