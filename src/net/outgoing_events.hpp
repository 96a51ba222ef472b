// OutgoingEvents: sockets and timer of a libcurl multi handle on an io_context.
#pragma once

#include <curl/curl.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace postback::net {

/// libcurl says which sockets it waits for. They are watched through an epoll descriptor of their own, of which the
/// io_context watches one: a socket stays registered while its connection is kept, so that a request over it costs no
/// system call but its own reads and writes, and what became ready together is handled together. For the context's
/// thread.
class OutgoingEvents : public std::enable_shared_from_this<OutgoingEvents> {
 public:
  struct Calls {
    /// Asked before libcurl reads. False: the transfer was taken out of the multi handle instead.
    std::function<bool(CURL* transfer, curl_socket_t socket)> may_read;
    /// Something may have ended.
    std::function<void()> progressed;
  };
  /// Sets the multi handle's callbacks; the handle outlives `stop`. Throws std::system_error without a descriptor.
  static std::shared_ptr<OutgoingEvents> create(boost::asio::io_context& context, CURLM* multi, Calls calls);
  /// From now on nothing is called any more. To be called once, before the end.
  void stop();
  /// For CURLOPT_CLOSESOCKETFUNCTION: closes a socket that was maybe watched.
  int close(curl_socket_t socket);

 private:
  struct Watch {
    std::uint32_t registered = 0;  ///< With epoll; may have more than is wanted.
    std::uint32_t wanted = 0;      ///< By libcurl.
    CURL* transfer = nullptr;      ///< The one that wants it.
  };
  OutgoingEvents(boost::asio::io_context& context, CURLM* multi, Calls calls, int epoll);
  static int on_interest(CURL* transfer, curl_socket_t socket, int what, void* self, void*);
  static int on_timer(CURLM* multi, long after_ms, void* self);

  void watch(curl_socket_t socket, CURL* transfer, std::uint32_t wanted);
  void registered(curl_socket_t socket, Watch& watch, std::uint32_t events);
  void wait_for_sockets();
  void handle_ready();
  void handle(curl_socket_t socket, std::uint32_t events);
  void take_turn_soon();
  void arm_timer();
  void time_out();

  boost::asio::io_context& context_;
  CURLM* const multi_;
  Calls calls_;
  boost::asio::posix::stream_descriptor epoll_;
  boost::asio::steady_timer timer_;
  std::vector<Watch> watches_;                                  ///< By socket.
  std::optional<std::chrono::steady_clock::time_point> due_;    ///< When libcurl wants to be called.
  std::optional<std::chrono::steady_clock::time_point> armed_;  ///< When the timer ends, at the latest when due.
  bool turn_posted_ = false;
  bool stopped_ = false;
};

}  // namespace postback::net
