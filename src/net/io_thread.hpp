// IoThread: one io_context with its acceptors, connections, routes and clock tick. Everything on it happens on one
// thread.
#pragma once

#include "net/request_figures.hpp"
#include "postback/base/address_range.hpp"
#include "postback/base/clock.hpp"
#include "postback/base/task.hpp"
#include "postback/http/router.hpp"
#include "postback/net/server.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace postback::net {

class Connection;

// Typed executors: no type erasure on the way of every request.
using Executor = boost::asio::io_context::executor_type;
using Tcp = boost::asio::ip::tcp;
using Socket = boost::asio::basic_stream_socket<Tcp, Executor>;
using Acceptor = boost::asio::basic_socket_acceptor<Tcp, Executor>;
using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// Links of the thread's list of connections.
struct ConnectionLinks {
  ConnectionLinks* previous = this;
  ConnectionLinks* next = this;
};

class IoThread final : public TaskSink {
 public:
  /// `most_connections`: this thread's share.
  IoThread(const ServerLimits& limits, const std::vector<AddressRange>& trusted_proxies, const Clock& clock,
           ServerFigures& figures, std::size_t most_connections);
  ~IoThread() override;

  // Before start.
  void add_acceptor(Acceptor acceptor) { acceptors_.push_back(std::move(acceptor)); }
  Executor executor() { return context_.get_executor(); }

  // From outside.
  void prepare(std::unique_ptr<http::Router> router);  ///< Before start.
  void start();
  /// Stops accepting, closes what is idle; the rest closes after its answer. `on_closed` is called on this thread for
  /// each connection that ends from then on, and once at the start.
  void begin_drain(std::function<void()> on_closed);
  /// Closes every connection that waits for no handler, lets no further request in, and calls `done` on this thread.
  void cut_off(std::function<void()> done);
  void close_all();  ///< Closes every connection that waits for no handler.
  void stop();       ///< Ends the thread.
  void post(Task* list) noexcept override;

  /// After prepare, from any thread.
  const RequestFigures& requests() const { return *requests_; }

  // For connections, on this thread.
  const ServerLimits& limits() const { return limits_; }
  const std::vector<AddressRange>& trusted_proxies() const { return trusted_proxies_; }
  const http::Router& router() const { return *router_; }
  http::Router::Match& match() { return match_; }
  std::string_view date() const { return date_; }
  TimeMs wall() const { return clock_.wall(); }
  std::chrono::nanoseconds precise() const { return clock_.precise(); }
  std::chrono::milliseconds now() const { return now_; }  ///< Monotonic, as of the last tick.
  bool draining() const { return draining_; }
  bool cut() const { return cut_; }  ///< Answers are still written if they can be at once, nothing more is read.
  bool crowded() const { return open_ * 5 > most_connections_ * 4; }
  ServerFigures& figures() { return figures_; }
  RequestFigures& requests() { return *requests_; }
  void add(Connection& connection);
  void remove(Connection& connection);
  void note_use(Connection& connection);  ///< Keeps the list ordered by last use.

 private:
  void append(ConnectionLinks& links);
  void accept(std::size_t index);
  void on_accepted(std::size_t index, const boost::system::error_code& error, Socket socket);
  void accept_later(std::size_t index);
  void close_an_idle_connection();
  void tick();
  void refresh_time();

  const ServerLimits& limits_;
  const std::vector<AddressRange>& trusted_proxies_;
  const Clock& clock_;
  ServerFigures& figures_;
  const std::size_t most_connections_;
  boost::asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  boost::asio::executor_work_guard<Executor> work_{context_.get_executor()};
  std::vector<Acceptor> acceptors_;
  std::vector<std::unique_ptr<Timer>> accept_pauses_;
  std::vector<Tcp::endpoint> peers_;  ///< Where an accept under way writes its peer, by acceptor.
  Timer ticker_{context_.get_executor()};
  std::unique_ptr<http::Router> router_;
  std::unique_ptr<RequestFigures> requests_;
  http::Router::Match match_;
  ConnectionLinks connections_;
  std::size_t open_ = 0;
  std::string date_;
  std::chrono::seconds date_second_{0};
  std::chrono::milliseconds now_{0};
  bool draining_ = false;
  std::function<void()> on_closed_;  ///< While draining.
  bool cut_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace postback::net
