// Connection: one client's TCP connection, from bytes to exchanges and back.
//
//   reading --(complete requests in the buffer, at most 16)--> handling --(all answered)--> writing --> reading
//      |                                                                                       |
//      +------------------ refusal: answer, then lingering close <----------- not keep-alive --+
//
// Requests that arrived together are handled together and answered by one write, in order. Nothing is read while
// handlers work or an answer is written, so views into the buffer stay valid and a client that does not read is held
// back.
#pragma once

#include "net/io_thread.hpp"
#include "net/request_reader.hpp"
#include "postback/http/exchange.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace postback::net {

class Connection final : public std::enable_shared_from_this<Connection>, private ConnectionLinks {
 public:
  Connection(IoThread& thread, Socket socket, std::string peer);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();

  // Called by the thread.
  void check_deadline();   ///< Ends what took too long.
  void close_when_idle();  ///< At once if no request is under way, else after its answer.
  void close_unless_handling();
  bool idle() const { return phase_ == Phase::reading && size_ == 0; }

 private:
  friend class IoThread;  // for the links
  /// A larger buffer is given back after the request that needed it.
  static constexpr std::size_t kKeptCapacity = 16 * 1024;
  enum class Phase { reading, handling, writing, lingering, closed };

  /// One of the requests handled together.
  class Slot final : public http::Exchange {
   public:
    explicit Slot(Connection& connection) : connection_(connection) {}
    TaskSink& sink() override { return connection_.thread_; }
    http::ResponseWriter respond(int status) override;
    void finish() override { connection_.on_finished(); }
    std::string answer_bytes;
    bool keep_alive = true;
    bool version_1_0 = false;
    const http::Route* route = nullptr;
    int answer_status = 0;

   private:
    Connection& connection_;
  };

  void read();
  void on_read(const boost::system::error_code& error, std::size_t bytes);
  void handle_buffered();
  enum class Taken { request, nothing, ended };
  Taken take_request();
  void find_route(const http::Request& request, const RequestHead& head);
  Taken take_body(const RequestHead& head, Slot& slot);
  Taken leave_body(const RequestHead& head, http::Request& request);
  Taken take_plain_body(const RequestHead& head, std::size_t limit, http::Request& request);
  Taken take_chunked_body(const RequestHead& head, std::size_t limit, http::Request& request);
  void dispatch(Slot& slot, const RequestHead& head);
  void call_handler(Slot& slot, const http::Router::Match& match);
  Slot& next_slot();
  void refuse(const Refusal& refusal);
  void respond_plainly(Slot& slot, int status, std::string_view detail, std::string_view allow);
  void send_continue();
  void on_finished();
  void note_requests();
  void write();
  void write_rest();
  void on_written(const boost::system::error_code& error);
  void on_all_written();
  void linger();
  void drop_consumed();
  void make_room();
  void set_phase(Phase phase, std::chrono::milliseconds allowed);
  void close();

  IoThread& thread_;
  Socket socket_;
  const std::string peer_;
  const bool trusted_;  ///< The peer is a proxy that is believed.
  Phase phase_ = Phase::reading;
  std::chrono::milliseconds deadline_{0};
  std::chrono::milliseconds request_started_{0};
  std::chrono::milliseconds write_ends_{0};  ///< However slowly the peer takes the answer.
  std::shared_ptr<Connection> self_;         ///< Keeps the connection while handlers work.

  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;      ///< Bytes in the buffer.
  std::size_t consumed_ = 0;  ///< Bytes of requests that were taken out of it.
  std::size_t searched_ = 0;
  std::optional<ChunkedBody> chunked_;
  std::string chunked_body_;
  bool continue_sent_ = false;
  bool empty_line_skipped_ = false;

  std::vector<std::unique_ptr<Slot>> slots_;
  std::size_t used_slots_ = 0;
  std::size_t unfinished_ = 0;
  std::chrono::nanoseconds handling_began_{0};  ///< When the first of the requests handled together was complete.
  bool taking_ = false;                         ///< Requests are still being taken from the buffer.
  bool close_after_ = false;                    ///< No request after those under way.
  bool lingers_ = false;  ///< The peer may still be sending: closing at once would take the answer from it.
  std::size_t written_slot_ = 0;
  std::size_t written_bytes_ = 0;
  std::size_t lingered_bytes_ = 0;
};

}  // namespace postback::net
