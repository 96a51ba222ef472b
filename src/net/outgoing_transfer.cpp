// What depends on the request: its options for libcurl, and its outcome.
#include "net/outgoing_transfer.hpp"

#include "postback/base/public_address.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace postback::net {
namespace {

constexpr std::size_t kKeptCapacity = 64 * 1024;
constexpr std::size_t kMostAddresses = 16;  ///< Of a name, that are tried.

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
    for (const auto& address : addresses.first(std::min(addresses.size(), kMostAddresses))) {
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
