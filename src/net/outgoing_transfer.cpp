// A request's options for libcurl, and what becomes of it.
#include "net/outgoing_transfer.hpp"

#include "net/socket_address.hpp"
#include "postback/base/public_address.hpp"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <new>
#include <utility>

namespace postback::net {
namespace {

/// Most answers fit. libcurl reads up to a hundred times as much before anybody is asked again, if it comes so fast.
constexpr long kReadAtOnce = 4 * 1024;
/// What a complete answer may have beyond its head and body: marks of chunks, TLS records.
constexpr std::size_t kFramingRead = 32 * 1024;
constexpr int kSocketBuffer = 32 * 1024;
constexpr std::size_t kLongestRetryAfter = 256;
constexpr std::size_t kKeptCapacity = 64 * 1024;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::chrono::milliseconds since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
}

template <class T>
void set(CURL* handle, CURLoption option, T value) {
  curl_easy_setopt(handle, option, value);
}

}  // namespace

OutgoingTransfer::OutgoingTransfer(const OutgoingSettings& settings, const AddressGuard& guard, OutgoingEvents& events)
    : settings_(settings), guard_(guard), events_(events), handle_(curl_easy_init()) {
  if (!handle_) throw std::bad_alloc();
  set_options();
}

OutgoingTransfer& OutgoingTransfer::of(CURL* handle) {
  OutgoingTransfer* transfer = nullptr;
  curl_easy_getinfo(handle, CURLINFO_PRIVATE, &transfer);
  return *transfer;
}

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

Result<void> OutgoingTransfer::begin(http::OutgoingRequest request, http::Client::Completion done) {
  request_ = std::move(request);
  done_ = std::move(done);
  began_ = std::chrono::steady_clock::now();
  auto target = parse_outgoing_target(request_.url);
  if (!target) return target.error();
  target_ = std::move(*target);
  facts_.https = target_.https;
  return check_outgoing_request(request_);
}

std::chrono::milliseconds OutgoingTransfer::time_left() const {
  return std::max(request_.timeout - since(began_), std::chrono::milliseconds(1));
}

void OutgoingTransfer::pin(std::span<const Address> addresses, const std::string& forgotten) {
  CURL* const handle = handle_.get();
  set(handle, CURLOPT_URL, target_.url.c_str());
  set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(time_left().count()));
  set_method();
  pins_.clear();
  if (!forgotten.empty()) pins_.add("-" + forgotten);
  const bool bracketed = target_.host.starts_with('[');
  if (!bracketed) {
    std::string line = pin_name() + ":";
    for (const auto& address : addresses) {
      if (!line.ends_with(':')) line += ',';
      line += address.is_v4() ? address_text(address) : "[" + address_text(address) + "]";
    }
    pins_.add(line);
  }
  set(handle, CURLOPT_RESOLVE, pins_.list());
  // Pinned addresses stay known until they are forgotten; an IPv6 literal, which cannot be pinned, for a minute.
  set(handle, CURLOPT_DNS_CACHE_TIMEOUT, bracketed ? 60L : -1L);
}

void OutgoingTransfer::set_method() {
  CURL* const handle = handle_.get();
  const auto& method = request_.method;
  const bool with_body = !request_.body.empty() || method == "POST" || method == "PUT" || method == "PATCH";
  set(handle, CURLOPT_HTTPGET, 1L);  // takes back what the request before this one set
  if (method == "HEAD") set(handle, CURLOPT_NOBODY, 1L);
  if (with_body) {
    set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(handle, CURLOPT_POSTFIELDS, request_.body.c_str());
  }
  const bool as_it_is = method == "HEAD" || method == (with_body ? "POST" : "GET");
  set(handle, CURLOPT_CUSTOMREQUEST, as_it_is ? nullptr : method.c_str());
  headers_.clear();
  add_header_lines(request_, with_body, headers_);
  set(handle, CURLOPT_HTTPHEADER, headers_.list());
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

std::string OutgoingTransfer::connected_to() const {
  char* address = nullptr;
  long port = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_PRIMARY_IP, &address);
  curl_easy_getinfo(handle_.get(), CURLINFO_PRIMARY_PORT, &port);
  const auto parsed = parse_address(address != nullptr ? address : "");
  return parsed ? endpoint_text({*parsed, static_cast<std::uint16_t>(port)}) : std::string();
}

http::OutgoingOutcome OutgoingTransfer::outcome(CURLcode code) {
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  const auto end = end_of(code, facts_);
  auto outcome = this->outcome(end, words_for(end, code, facts_, words_.data()));
  outcome.status = status >= 200 ? static_cast<int>(status) : 0;
  outcome.body = std::move(body_);
  outcome.retry_after = std::move(retry_after_);
  outcome.address = connected_to();
  return outcome;
}

http::OutgoingOutcome OutgoingTransfer::outcome(http::OutgoingOutcome::End end, std::string error) const {
  http::OutgoingOutcome outcome;
  outcome.end = end;
  outcome.error = std::move(error);
  outcome.duration = since(began_);
  return outcome;
}

http::Client::Completion OutgoingTransfer::end() {
  // libcurl repeats a request over a new connection when a kept one turns out to be closed, but only five times in the
  // life of a handle, unless that is reset.
  if (std::exchange(connections_used_, 0) > 1) {
    curl_easy_reset(handle_.get());
    set_options();
  }
  request_ = {};
  target_ = {};
  facts_ = {};
  body_.clear();
  if (body_.capacity() > kKeptCapacity) body_ = {};
  retry_after_.reset();
  head_bytes_ = arrived_bytes_ = 0;
  words_[0] = '\0';
  return std::exchange(done_, {});
}

}  // namespace postback::net
