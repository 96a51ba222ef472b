// Client: sends requests to servers whose addresses users chose; AddressCheck: whether such an address may be used.
#pragma once

#include "postback/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postback::http {

/// A request to another server.
struct OutgoingRequest {
  std::string method = "GET";
  std::string url;  ///< http or https, absolute.
  /// Host, User-Agent, Accept-Encoding and what frames a message (Content-Length, Connection, Expect, ...) are the
  /// client's own: with one of them, invalid_request.
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  std::chrono::milliseconds timeout{15'000};  ///< From the beginning, name look-up included, to the end of the answer.
};

/// How an exchange with another server ended.
struct OutgoingOutcome {
  enum class End : std::uint8_t {
    answered,  ///< A status and a whole body (or as much of it as is read) arrived.
    name_not_resolved,
    blocked_address,  ///< Private, loopback and the like, and not allowed: nothing was sent.
    invalid_request,  ///< No such URL or method: nothing was sent.
    connect_failed,
    connect_timeout,
    tls_failed,  ///< Nothing of the request was sent.
    timeout,
    reset,             ///< The connection broke before the answer was complete.
    answer_too_large,  ///< Head or body are longer than is read; `status` is set if it arrived.
    cancelled,         ///< The client was stopped.
  };
  End end = End::answered;
  int status = 0;                            ///< 0: none arrived.
  std::string body{};                        ///< The first bytes, at most kAnswerRead.
  std::optional<std::string> retry_after{};  ///< The header's value, as it arrived.
  std::string error{};                       ///< In words, empty when answered.
  std::string address{};                     ///< Connected to, with the port; may be empty.
  std::chrono::milliseconds duration{0};
};
inline constexpr std::size_t kAnswerHeadRead = 16 * 1024;
inline constexpr std::size_t kAnswerRead = 64 * 1024;

/// Used on one thread: the one that runs its event loop. Never follows a redirect, uses no proxy of the environment,
/// keeps no cookie, verifies certificates and host names, and connects only to addresses that were checked.
class Client {
 public:
  using Completion = std::function<void(OutgoingOutcome)>;
  virtual ~Client() = default;
  /// `done` is called once, on the client's thread, later than this returns. The number under way is the caller's to
  /// bound.
  virtual void send(OutgoingRequest request, Completion done) = 0;
};

/// Thread-safe.
class AddressCheck {
 public:
  virtual ~AddressCheck() = default;
  /// Why the URL's host must not be connected to, as a sentence that says how to allow it; nothing if it may be, or if
  /// its name cannot be resolved now. Blocks up to 5 s for the look-up.
  virtual std::optional<std::string> refusal(std::string_view url) = 0;
  /// Whether that needs a look-up: the host is a name.
  virtual bool looks_up(std::string_view url) const = 0;
};

}  // namespace postback::http
