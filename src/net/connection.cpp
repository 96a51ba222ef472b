// Reading requests of one connection and handing them to their handlers; answering is in connection_answering.cpp.
#include "net/connection.hpp"

#include "net/forwarding.hpp"
#include "postback/base/log.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace postback::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t kFirstCapacity = 2048;

/// Costs nothing where no proxy is trusted.
bool is_trusted(const std::vector<AddressRange>& proxies, std::string_view peer) {
  if (proxies.empty()) return false;
  const auto address = parse_address(peer);
  return address && contains(proxies, *address);
}

}  // namespace

Connection::Connection(IoThread& thread, Socket socket, std::string peer)
    : thread_(thread),
      socket_(std::move(socket)),
      peer_(std::move(peer)),
      trusted_(is_trusted(thread.trusted_proxies(), peer_)) {
  thread_.add(*this);
}

Connection::~Connection() {
  if (phase_ != Phase::closed) thread_.remove(*this);
}

void Connection::start() {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  set_phase(Phase::reading, thread_.limits().header_timeout);
  request_started_ = thread_.now();
  read();
}

void Connection::set_phase(Phase phase, std::chrono::milliseconds allowed) {
  phase_ = phase;
  deadline_ = thread_.now() + allowed;
}

void Connection::make_room() {
  drop_consumed();
  if (size_ < capacity_) return;
  // Grows with what arrives, not with what a header announces.
  const auto needed = std::max(kFirstCapacity, capacity_ * 2);
  auto larger = std::make_unique_for_overwrite<char[]>(needed);
  std::copy_n(buffer_.get(), size_, larger.get());
  buffer_ = std::move(larger);
  capacity_ = needed;
}

void Connection::drop_consumed() {
  if (consumed_ == 0) return;
  std::memmove(buffer_.get(), buffer_.get() + consumed_, size_ - consumed_);
  size_ -= consumed_;
  consumed_ = 0;
  searched_ = 0;
}

void Connection::read() {
  make_room();
  socket_.async_read_some(
      asio::buffer(buffer_.get() + size_, capacity_ - size_),
      [self = shared_from_this()](const error_code& error, std::size_t bytes) { self->on_read(error, bytes); });
}

void Connection::on_read(const error_code& error, std::size_t bytes) {
  if (phase_ != Phase::reading) return;
  if (error) return close();
  if (size_ == 0) {  // the first byte of a request starts its clocks
    request_started_ = thread_.now();
    deadline_ = request_started_ + thread_.limits().header_timeout;
  }
  size_ += bytes;
  handle_buffered();
}

/// Takes what is complete from the buffer, up to the pipelining limit, and lets handlers work on all of it.
void Connection::handle_buffered() {
  used_slots_ = 0;
  unfinished_ = 0;
  taking_ = true;
  self_ = shared_from_this();
  Taken taken = Taken::nothing;
  do {
    taken = take_request();
  } while (taken == Taken::request && !close_after_ && used_slots_ < thread_.limits().pipelined_requests);
  taking_ = false;
  if (phase_ == Phase::closed) {
    self_.reset();
    return;
  }
  if (used_slots_ == 0) {
    const auto self = std::move(self_);
    return read();
  }
  if (unfinished_ > 0) {
    phase_ = Phase::handling;
    return;
  }
  const auto self = std::move(self_);
  write();
}

/// Takes one request if it is complete and has it handled.
Connection::Taken Connection::take_request() {
  std::string_view bytes(buffer_.get() + consumed_, size_ - consumed_);
  if (!empty_line_skipped_ && bytes.starts_with("\r\n")) {  // RFC 9112 section 2.2: skipped before a request, once
    empty_line_skipped_ = true;
    consumed_ += 2;
    bytes.remove_prefix(2);
  }
  if (bytes.empty()) return Taken::nothing;
  std::optional<Refusal> refusal;
  const auto length = find_head(bytes, thread_.limits(), searched_, refusal);
  if (refusal) {
    refuse(*refusal);
    return Taken::ended;
  }
  if (length == 0) return Taken::nothing;
  Slot& slot = next_slot();
  RequestHead head;
  refusal = parse_head(bytes.substr(0, length), thread_.limits(), slot.request, head);
  if (refusal) {
    --used_slots_;
    refuse(*refusal);
    return Taken::ended;
  }
  slot.request.peer = peer_;
  slot.request.secure = slot.request.forwarded = false;
  if (trusted_) take_forwarding(thread_.trusted_proxies(), slot.request);
  slot.keep_alive = head.keep_alive;
  slot.version_1_0 = head.version_1_0;
  find_route(slot.request, head);
  const auto taken = take_body(head, slot);
  if (taken == Taken::request) {
    dispatch(slot, head);
  } else {
    --used_slots_;
    if (taken == Taken::ended && phase_ != Phase::closed)
      refuse({400, "The chunked body is malformed (RFC 9112 section 7.1)."});
  }
  return taken;
}

Connection::Slot& Connection::next_slot() {
  if (used_slots_ == 0) handling_began_ = thread_.precise();
  if (used_slots_ == slots_.size()) slots_.push_back(std::make_unique<Slot>(*this));
  Slot& slot = *slots_[used_slots_++];
  slot.answer_bytes.clear();
  slot.route = nullptr;
  return slot;
}

void Connection::find_route(const http::Request& request, const RequestHead& head) {
  auto& match = thread_.match();
  if (!head.asterisk) return thread_.router().find(request.method, request.path, match);
  match.route = nullptr;
  match.status = 200;
  match.allow = "GET, HEAD, POST, PUT, OPTIONS";
}

/// Takes head and body out of the buffer once both are complete. Ended: the body is malformed, or the connection
/// closed.
Connection::Taken Connection::take_body(const RequestHead& head, Slot& slot) {
  auto& request = slot.request;
  request.body = {};
  request.body_too_large = false;
  if (!head.chunked && head.content_length == 0) {
    consumed_ += head.length;
    return Taken::request;
  }
  const auto* const route = thread_.match().route;
  // Without a route the answer is 404 or 405 all the same: a small body is read past, so that the connection can go on.
  const auto limit = route != nullptr ? route->body_limit : kKeptCapacity;
  const bool refused = route != nullptr && route->may_send_body && !route->may_send_body(request);
  const auto taken = refused        ? leave_body(head, request)
                     : head.chunked ? take_chunked_body(head, limit, request)
                                    : take_plain_body(head, limit, request);
  if (taken == Taken::nothing) {
    // Not before the answers to the requests ahead of this one, which are still to be written.
    if (head.expects_continue && used_slots_ == 1) send_continue();
    deadline_ = request_started_ + thread_.limits().request_timeout;
    return phase_ == Phase::closed ? Taken::ended : Taken::nothing;
  }
  if (request.body_too_large) {  // the rest of the body is still to come
    slot.keep_alive = false;
    lingers_ = true;
  }
  return taken;
}

/// A body that its sender may not send: answered at once, without it.
Connection::Taken Connection::leave_body(const RequestHead& head, http::Request& request) {
  chunked_.reset();
  request.body_too_large = true;
  consumed_ += head.length;
  return Taken::request;
}

/// A body of known length: the whole of it has to be in the buffer.
Connection::Taken Connection::take_plain_body(const RequestHead& head, std::size_t limit, http::Request& request) {
  if (head.content_length > limit) {
    request.body_too_large = true;
    consumed_ += head.length;
    return Taken::request;
  }
  const auto length = head.length + head.content_length;
  if (size_ - consumed_ < length) {
    return Taken::nothing;
  }
  request.body = std::string_view(buffer_.get() + consumed_ + head.length, head.content_length);
  consumed_ += length;
  return Taken::request;
}

/// A chunked body is decoded beside the buffer, which keeps the head until the body is complete.
Connection::Taken Connection::take_chunked_body(const RequestHead& head, std::size_t limit, http::Request& request) {
  if (used_slots_ > 1) return Taken::nothing;  // the decoded body has one place: requests before this one go first
  if (!chunked_) {
    chunked_.emplace(limit);
    chunked_body_.clear();
  }
  char* const start = buffer_.get() + consumed_ + head.length;
  const std::size_t available = size_ - consumed_ - head.length;
  std::size_t used = 0;
  const auto state = chunked_->feed(std::string_view(start, available), chunked_body_, used);
  std::memmove(start, start + used, available - used);
  size_ -= used;
  if (state == ChunkedBody::State::more) return Taken::nothing;
  chunked_.reset();
  if (state == ChunkedBody::State::malformed) return Taken::ended;
  request.body_too_large = state == ChunkedBody::State::too_large;
  if (!request.body_too_large) request.body = chunked_body_;
  consumed_ += head.length;
  return Taken::request;
}

/// The session's fence: what a handler throws before it has handed the request on is answered 500.
void Connection::call_handler(Slot& slot, const http::Router::Match& match) {
  try {
    match.route->handler(slot, match.values);
  } catch (const std::exception& error) {
    spdlog::error("server.handler_threw path={} reason={}", log_value(slot.request.path), log_value(error.what()));
    slot.answer_bytes.clear();
    slot.keep_alive = false;
    close_after_ = true;
    respond_plainly(slot, 500, "An unexpected error happened; the server's log has the cause.", {});
  }
}

/// Calls the handler of a complete request, or answers for want of one.
void Connection::dispatch(Slot& slot, const RequestHead& head) {
  searched_ = 0;
  continue_sent_ = false;
  empty_line_skipped_ = false;
  if (thread_.draining()) slot.keep_alive = false;
  if (!slot.keep_alive) close_after_ = true;
  ++unfinished_;
  const auto& match = thread_.match();
  slot.route = match.route;
  if (match.route != nullptr) return call_handler(slot, match);
  if (head.asterisk || match.status == 204) return respond_plainly(slot, match.status, {}, match.allow);
  if (match.status == 405)
    return respond_plainly(slot, 405, "This address does not take this method; see the Allow header.", match.allow);
  respond_plainly(slot, 404, "There is nothing at this address.", {});
}

void Connection::send_continue() {
  if (continue_sent_) return;
  continue_sent_ = true;
  // Small enough for any socket buffer: a connection that does not take it is not worth waiting for.
  error_code error;
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  if (socket_.write_some(asio::buffer(kContinue), error) != kContinue.size() || error) close();
}

}  // namespace postback::net
