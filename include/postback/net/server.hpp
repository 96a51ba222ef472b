// Server: listens, accepts, and runs HTTP/1.1 connections on its io threads.
#pragma once

#include "postback/base/address_range.hpp"
#include "postback/base/clock.hpp"
#include "postback/base/result.hpp"
#include "postback/base/task.hpp"
#include "postback/http/router.hpp"
#include "postback/net/route_reading.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace postback::net {

/// Bounds of every connection; each is stated in docs/operating.md with what happens when it is reached.
struct ServerLimits {
  std::size_t connections = 20'000;  ///< Over all threads; beyond it idle ones give way, else accepting pauses.
  std::size_t request_line_bytes = 8 * 1024;          ///< 414 beyond it.
  std::size_t header_bytes = 16 * 1024;               ///< 431 beyond it.
  std::size_t header_fields = 100;                    ///< 431 beyond it.
  std::size_t pipelined_requests = 16;                ///< Handled at once per connection; the rest waits.
  std::chrono::milliseconds header_timeout{10'000};   ///< For the whole header block: 408.
  std::chrono::milliseconds request_timeout{30'000};  ///< For the whole request with its body: 408.
  std::chrono::milliseconds idle_timeout{60'000};     ///< Between requests: closed silently.
  std::chrono::milliseconds write_timeout{10'000};    ///< For the peer to take an answer: closed.
  std::chrono::milliseconds linger_timeout{2'000};    ///< Reading on after an error answer, so that the peer sees it.
};

/// Counters for /metrics, summed over threads.
struct ServerFigures {
  std::atomic<std::uint64_t> connections_open{0};
  std::atomic<std::uint64_t> connections_accepted{0};
  std::atomic<std::uint64_t> requests_refused{0};  ///< Answered by the server itself: bad framing, limits, time-outs.
  std::atomic<std::uint64_t> accept_errors{0};
};

/// Makes the routes of one io thread; their handlers are called on that thread only.
using RouterFactory = std::function<std::unique_ptr<http::Router>(TaskSink& thread)>;

/// Whether a server could be given this address. Error: invalid_argument, saying what would be right.
Result<void> check_listen_address(const std::string& address);

/// Each thread has an io_context and an acceptor per address of its own (SO_REUSEPORT); a connection stays on its
/// thread.
class Server {
 public:
  /// File descriptors that the process keeps for the store and other things.
  static constexpr std::size_t kDescriptorsKept = 256;

  /// `addresses`: `127.0.0.1:8080`, `[::1]:8080`; port 0 takes a free one. `clock` gives the Date header and deadlines.
  /// `descriptors_kept`: connections are fewer where the process may not have so many beside them.
  Server(std::vector<std::string> addresses, unsigned threads, ServerLimits limits, const Clock& clock,
         std::size_t descriptors_kept = kDescriptorsKept);
  ~Server();

  /// Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; none unless told. Before start.
  void trust(std::vector<AddressRange> proxies);
  /// Binds every address on every thread. Errors: io_failed, `bind 127.0.0.1:8080: Address already in use`.
  Result<void> bind();
  /// The addresses as bound, with real port numbers.
  std::vector<std::string> addresses() const;
  /// Starts the threads and accepts.
  void start(const RouterFactory& routers);
  /// Stops accepting, closes idle connections, lets those with a request under way finish for at most `patience`, then
  /// closes the rest. Returns when no connection is left or the time is up; every exchange has been finished by then
  /// only if the handlers' other threads still run.
  void drain(std::chrono::milliseconds patience);
  /// Ends the threads. All exchanges must be finished.
  void stop();

  const ServerFigures& figures() const;
  /// Adds the requests by route, summed over threads. After start; any thread.
  void add_requests(std::vector<RouteReading>& readings) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace postback::net
