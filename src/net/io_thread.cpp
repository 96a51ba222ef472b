// Accepting, ticking and draining.
#include "net/io_thread.hpp"

#include "net/connection.hpp"
#include "postback/base/log.hpp"
#include "postback/base/time_text.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace postback::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds kTick{250};
constexpr std::chrono::milliseconds kAcceptPause{100};

std::string text_of(const asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  return address.to_string();
}

}  // namespace

IoThread::IoThread(const ServerLimits& limits, const std::vector<AddressRange>& trusted_proxies, const Clock& clock,
                   ServerFigures& figures, std::size_t most_connections)
    : limits_(limits),
      trusted_proxies_(trusted_proxies),
      clock_(clock),
      figures_(figures),
      most_connections_(most_connections) {
  refresh_time();
}

IoThread::~IoThread() { stop(); }

void IoThread::prepare(std::unique_ptr<http::Router> router) {
  router_ = std::move(router);
  requests_ = std::make_unique<RequestFigures>(router_->routes());
}

void IoThread::start() {
  peers_.resize(acceptors_.size());
  for (std::size_t i = 0; i < acceptors_.size(); ++i) {
    accept_pauses_.push_back(std::make_unique<Timer>(executor()));
    accept(i);
  }
  tick();
  thread_ = std::thread([this] { context_.run(); });
}

void IoThread::stop() {
  if (!thread_.joinable()) return;
  asio::post(context_, [this] {
    draining_ = cut_ = stopping_ = true;
    for (auto& acceptor : acceptors_) acceptor.close();
    for (auto& pause : accept_pauses_) pause->cancel();
    ticker_.cancel();
    close_all();
    work_.reset();  // run returns when the cancelled operations have been told
  });
  thread_.join();
}

void IoThread::begin_drain(std::function<void()> on_closed) {
  asio::post(context_, [this, told = std::move(on_closed)]() mutable {
    draining_ = true;
    on_closed_ = std::move(told);
    on_closed_();
    for (auto& acceptor : acceptors_) acceptor.close();
    for (auto& pause : accept_pauses_) pause->cancel();
    for (auto* link = connections_.next; link != &connections_;) {
      auto* const next = link->next;  // closing may destroy it
      static_cast<Connection*>(link)->close_when_idle();
      link = next;
    }
  });
}

void IoThread::cut_off(std::function<void()> done) {
  asio::post(context_, [this, told = std::move(done)] {
    cut_ = true;
    close_all();
    told();
  });
}

void IoThread::close_all() {
  for (auto* link = connections_.next; link != &connections_;) {
    auto* const next = link->next;
    static_cast<Connection*>(link)->close_unless_handling();
    link = next;
  }
}

void IoThread::post(Task* list) noexcept {
  asio::post(context_, [list] {
    for (Task* task = list; task != nullptr;) {
      Task* const next = task->next_task;  // run may reuse the task
      task->run();
      task = next;
    }
  });
}

void IoThread::append(ConnectionLinks& links) {
  links.previous = connections_.previous;
  links.next = &connections_;
  links.previous->next = &links;
  connections_.previous = &links;
}

void IoThread::note_use(Connection& connection) {
  ConnectionLinks& links = connection;
  links.previous->next = links.next;
  links.next->previous = links.previous;
  append(links);
}

void IoThread::add(Connection& connection) {
  append(connection);
  ++open_;
  figures_.connections_open.fetch_add(1, std::memory_order_relaxed);
}

void IoThread::remove(Connection& connection) {
  ConnectionLinks& links = connection;
  links.previous->next = links.next;
  links.next->previous = links.previous;
  --open_;
  figures_.connections_open.fetch_sub(1, std::memory_order_relaxed);
  if (on_closed_) on_closed_();
}

/// Makes room for a new connection: the one that has been idle for longest gives way.
void IoThread::close_an_idle_connection() {
  for (auto* link = connections_.next; link != &connections_; link = link->next)
    if (auto* const connection = static_cast<Connection*>(link); connection->idle())
      return connection->close_when_idle();
}

void IoThread::accept(std::size_t index) {
  if (open_ > most_connections_) close_an_idle_connection();
  if (open_ > most_connections_) return accept_later(index);
  acceptors_[index].async_accept(executor(), peers_[index], [this, index](const error_code& error, Socket socket) {
    on_accepted(index, error, std::move(socket));
  });
}

void IoThread::on_accepted(std::size_t index, const error_code& error, Socket socket) {
  if (draining_ || error == asio::error::operation_aborted) return;
  if (error == asio::error::connection_aborted) return accept(index);
  if (error) {
    figures_.accept_errors.fetch_add(1, std::memory_order_relaxed);
    spdlog::warn("server.accept_failed error=\"{}\" action=\"accepting pauses for 100 ms\"", error.message());
    close_an_idle_connection();  // out of descriptors: the idle give way before new ones are turned away
    return accept_later(index);
  }
  figures_.connections_accepted.fetch_add(1, std::memory_order_relaxed);
  if (open_ >= most_connections_) close_an_idle_connection();
  std::make_shared<Connection>(*this, std::move(socket), text_of(peers_[index].address()))->start();
  accept(index);
}

void IoThread::accept_later(std::size_t index) {
  accept_pauses_[index]->expires_after(kAcceptPause);
  accept_pauses_[index]->async_wait([this, index](const error_code& error) {
    if (!error && !draining_) accept(index);
  });
}

void IoThread::tick() {
  refresh_time();
  for (auto* link = connections_.next; link != &connections_;) {
    auto* const next = link->next;
    static_cast<Connection*>(link)->check_deadline();
    link = next;
  }
  ticker_.expires_after(kTick);
  ticker_.async_wait([this](const error_code& error) {
    // A tick that was due already when the timer was cancelled comes without an error.
    if (!error && !stopping_) tick();
  });
}

void IoThread::refresh_time() {
  now_ = clock_.steady();
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(clock_.wall().time_since_epoch());
  if (second == date_second_ && !date_.empty()) return;
  date_second_ = second;
  date_ = format_http_date(TimeMs{second});
}

}  // namespace postback::net
