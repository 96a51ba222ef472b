// OutgoingTransfer: one request at a time over a libcurl handle that is used again and again.
#pragma once

#include "net/outgoing_events.hpp"
#include "net/outgoing_headers.hpp"
#include "net/outgoing_outcome.hpp"
#include "net/outgoing_target.hpp"
#include "postback/http/client.hpp"
#include "postback/net/outgoing_client.hpp"

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace postback::net {

/// begin, pin, then libcurl's work, then outcome and end, and so on. For the client's thread.
class OutgoingTransfer {
 public:
  /// All outlive it.
  OutgoingTransfer(const OutgoingSettings& settings, const AddressGuard& guard, OutgoingEvents& events);
  OutgoingTransfer(const OutgoingTransfer&) = delete;
  OutgoingTransfer& operator=(const OutgoingTransfer&) = delete;

  /// Takes the request over. Error: invalid_argument (URL, method or headers).
  Result<void> begin(http::OutgoingRequest request, http::Client::Completion done);
  const OutgoingTarget& target() const { return target_; }
  /// `host:port` for CURLOPT_RESOLVE.
  std::string pin_name() const { return target_.host + ":" + std::to_string(target_.port); }
  std::chrono::milliseconds time_left() const;
  /// Makes the handle ready. The host will be connected to at these addresses only. `forgotten`: a pin_name that
  /// libcurl need not know any longer; may be empty.
  void pin(std::span<const Address> addresses, const std::string& forgotten);
  CURL* handle() const { return handle_.get(); }
  static OutgoingTransfer& of(CURL* handle);

  /// Whether so much as lies there may still be read, as far as anybody can tell before it is understood.
  bool may_read(curl_socket_t socket);
  void stop_reading() { facts_.too_large = true; }

  http::OutgoingOutcome outcome(CURLcode code);
  http::OutgoingOutcome outcome(http::OutgoingOutcome::End end, std::string error) const;
  /// Forgets the request; the caller calls what it gets.
  http::Client::Completion end();

  std::size_t place = 0;  ///< In the client's list.

 private:
  struct Cleanup {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  static std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* self);
  static std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* self);
  static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address);
  static int close_socket(void* events, curl_socket_t socket);
  static int on_connected(void* self, char*, char*, int, int);
  static int on_look_up(void*, void*, void* self);

  void set_options();  ///< Those that do not depend on the request.
  void set_basics();
  void set_security();
  void set_callbacks();
  void set_method();
  void note_header(std::string_view line);
  std::string connected_to() const;

  const OutgoingSettings& settings_;
  const AddressGuard& guard_;
  OutgoingEvents& events_;
  std::unique_ptr<CURL, Cleanup> handle_;

  http::OutgoingRequest request_;
  http::Client::Completion done_;
  OutgoingTarget target_;
  std::chrono::steady_clock::time_point began_;
  OutgoingLines headers_;
  OutgoingLines pins_;

  TransferFacts facts_;
  std::string body_;
  std::optional<std::string> retry_after_;
  int connections_used_ = 0;
  std::size_t head_bytes_ = 0;
  std::size_t arrived_bytes_ = 0;  ///< About as many as were read, as they came over the network.
  std::array<char, CURL_ERROR_SIZE> words_{};
};

}  // namespace postback::net
