// Answering the requests of one connection together, and ending it.
#include "net/connection.hpp"
#include "postback/base/check.hpp"
#include "postback/base/json_text.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <algorithm>
#include <span>
#include <utility>

namespace postback::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr int kWriteTimeouts = 30;  ///< An answer that is being taken may need as many write time-outs altogether.
constexpr std::size_t kLingerBytes = 1024 * 1024;  ///< Most bytes thrown away after an error answer.

}  // namespace

http::ResponseWriter Connection::Slot::respond(int status) {
  answer_status = status;
  const std::string_view connection = !keep_alive ? "close" : version_1_0 ? "keep-alive" : "";
  return {answer_bytes, connection_.thread_.date(), connection, request.method == http::Method::head, status};
}

/// Refuses what is not a request that a handler could see: answered after those before it, then the connection closes.
void Connection::refuse(const Refusal& refusal) {
  thread_.figures().requests_refused.fetch_add(1, std::memory_order_relaxed);
  Slot& slot = next_slot();
  slot.request.method = http::Method::other;
  slot.keep_alive = false;
  slot.version_1_0 = false;
  close_after_ = true;
  lingers_ = true;
  ++unfinished_;
  respond_plainly(slot, refusal.status, refusal.detail, {});
}

/// An answer of the server's own: problem details (RFC 9457), or no body when there is nothing to say.
void Connection::respond_plainly(Slot& slot, int status, std::string_view detail, std::string_view allow) {
  auto writer = slot.respond(status);
  if (!allow.empty()) writer.header("Allow", allow);
  if (detail.empty()) {
    writer.finish();
  } else {
    std::string body = R"({"type":"about:blank","title":)";
    append_json_string(body, http::reason_phrase(status));
    body += R"(,"status":)" + std::to_string(status) + R"(,"detail":)";
    append_json_string(body, detail);
    body += "}\n";
    writer.finish(body, "application/problem+json");
  }
  slot.finish();
}

void Connection::on_finished() {
  check(unfinished_ > 0, "an exchange is finished once");
  if (--unfinished_ > 0 || taking_) return;
  const auto self = std::move(self_);
  if (phase_ != Phase::closed) write();
}

/// Before the answers are sent, so that whoever has one finds it counted. Requests that came together are answered
/// together, so one duration is true for all of them.
void Connection::note_requests() {
  const auto duration = thread_.precise() - handling_began_;
  for (std::size_t i = 0; i < used_slots_; ++i) {
    const Slot& slot = *slots_[i];
    thread_.requests().note(slot.route, slot.request.method, slot.answer_status, duration);
  }
}

/// All requests under way are answered: one write for all of them, at first without waiting.
void Connection::write() {
  note_requests();
  set_phase(Phase::writing, thread_.limits().write_timeout);
  write_ends_ = thread_.now() + kWriteTimeouts * thread_.limits().write_timeout;
  written_slot_ = 0;
  written_bytes_ = 0;
  write_rest();
}

void Connection::write_rest() {
  std::array<asio::const_buffer, 32> buffers;
  for (;;) {
    std::size_t count = 0;
    for (auto i = written_slot_; i < used_slots_ && count < buffers.size(); ++i) {
      const std::string_view bytes = slots_[i]->answer_bytes;
      buffers[count++] = asio::buffer(i == written_slot_ ? bytes.substr(written_bytes_) : bytes);
    }
    if (count == 0) return on_all_written();
    error_code error;
    auto sent =
        count == 1 ? socket_.write_some(buffers[0], error) : socket_.write_some(std::span(buffers).first(count), error);
    if (error == asio::error::would_block) {
      if (thread_.cut()) return close();
      socket_.async_wait(Socket::wait_write,
                         [self = shared_from_this()](const error_code& failure) { self->on_written(failure); });
      return;
    }
    if (error) return close();
    deadline_ = std::min(thread_.now() + thread_.limits().write_timeout, write_ends_);  // a slow peer is not a dead one
    while (sent > 0) {
      const auto left = slots_[written_slot_]->answer_bytes.size() - written_bytes_;
      const auto part = std::min(sent, left);
      written_bytes_ += part;
      sent -= part;
      if (part < left) break;
      ++written_slot_;
      written_bytes_ = 0;
    }
  }
}

void Connection::on_written(const error_code& error) {
  if (phase_ != Phase::writing) return;
  if (error) return close();
  write_rest();
}

void Connection::on_all_written() {
  if (thread_.cut()) return close();
  if (close_after_) return lingers_ || size_ > consumed_ ? linger() : close();
  for (std::size_t i = 0; i < used_slots_; ++i)
    if (slots_[i]->answer_bytes.capacity() > kKeptCapacity) slots_[i]->answer_bytes = {};
  if (chunked_body_.capacity() > kKeptCapacity) chunked_body_ = {};
  if (size_ == consumed_ && slots_.size() > 1) slots_.resize(1);
  drop_consumed();
  if (capacity_ > kKeptCapacity && size_ == 0) {
    buffer_.reset();
    capacity_ = 0;
  }
  if (thread_.draining() && size_ == 0) return close();
  const auto& limits = thread_.limits();
  set_phase(Phase::reading, size_ > 0           ? limits.header_timeout
                            : thread_.crowded() ? limits.idle_timeout / 6
                                                : limits.idle_timeout);
  request_started_ = thread_.now();
  thread_.note_use(*this);
  if (size_ > 0) return handle_buffered();
  read();
}

/// Closes so that the peer gets to see the answer: sends FIN, then reads past what the peer still sends, for a while.
void Connection::linger() {
  if (phase_ != Phase::lingering) {
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    set_phase(Phase::lingering, thread_.limits().linger_timeout);
    size_ = consumed_ = 0;
    make_room();
  }
  socket_.async_read_some(asio::buffer(buffer_.get(), capacity_),
                          [self = shared_from_this()](const error_code& error, std::size_t bytes) {
                            if (self->phase_ != Phase::lingering) return;
                            self->lingered_bytes_ += bytes;
                            if (error || self->lingered_bytes_ > kLingerBytes) return self->close();
                            self->linger();
                          });
}

void Connection::check_deadline() {
  if (phase_ == Phase::handling || phase_ == Phase::closed || thread_.now() < deadline_) return;
  const auto self = shared_from_this();
  if (phase_ != Phase::reading || size_ == 0) return close();
  // A request that came too slowly: say so, in case its sender still listens.
  phase_ = Phase::handling;
  used_slots_ = 0;
  taking_ = true;
  refuse({408, "The request did not arrive in time."});
  taking_ = false;
  error_code ignored;
  socket_.cancel(ignored);
  write();
}

void Connection::close_when_idle() {
  const auto self = shared_from_this();
  if (idle()) return close();
}

void Connection::close_unless_handling() {
  const auto self = shared_from_this();
  if (phase_ != Phase::handling) close();
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  thread_.remove(*this);  // its place is free at once, although operations that were cancelled still hold it
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace postback::net
