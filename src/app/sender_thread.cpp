// Handing requests over to the thread, and outcomes back.
#include "app/sender_thread.hpp"

#include "postback/base/check.hpp"
#include "postback/base/log.hpp"
#include "postback/base/thread_priority.hpp"

#include <boost/asio/post.hpp>

#include <exception>
#include <future>

namespace postback {

void SenderThread::start() {
  check(!thread_.joinable(), "a sender is started once");
  work_.emplace(context_.get_executor());
  open_ = true;
  thread_ = std::thread([this] { run(); });
}

/// A fence for exceptions: a bug in one exchange must not end the others.
void SenderThread::run() {
  take_smaller_share();  // Visitors wait for clicks; nobody waits for a delivery.
  client_ = make_(context_);
  for (;;) {
    try {
      context_.run();
      return;
    } catch (const std::exception& fault) {
      spdlog::error("delivery.exchange_failed detail={} action=\"a bug; goes on\"", log_value(fault.what()));
    }
  }
}

void SenderThread::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    open_ = false;
    // Behind everything that was posted before; destroying the client cancels what it has under way.
    boost::asio::post(context_, [this] {
      client_.reset();
      work_.reset();
    });
  }
  thread_.join();
}

void SenderThread::send(http::OutgoingRequest request, Completion done) {
  collected_.emplace_back(std::move(request), std::move(done));
}

void SenderThread::flush() {
  if (collected_.empty()) return;
  auto group = std::make_shared<Collected>(std::exchange(collected_, {}));
  const std::lock_guard lock(mutex_);
  if (!open_) return;  // whoever waits for these is about to end as well
  boost::asio::post(context_, [this, group] {
    for (auto& [request, done] : *group) {
      client_->send(std::move(request), [this, done = std::move(done)](http::OutgoingOutcome outcome) {
        hand_back_(done, std::move(outcome));
      });
    }
  });
}

http::OutgoingOutcome SenderThread::send_now(http::OutgoingRequest request) {
  const auto ended = std::make_shared<std::promise<http::OutgoingOutcome>>();
  auto outcome = ended->get_future();
  {
    const std::lock_guard lock(mutex_);
    if (!open_) return {.end = http::OutgoingOutcome::End::cancelled, .error = "the server is stopping"};
    boost::asio::post(context_, [this, ended, request = std::move(request)]() mutable {
      client_->send(std::move(request), [ended](http::OutgoingOutcome end) { ended->set_value(std::move(end)); });
    });
  }
  return outcome.get();
}

}  // namespace postback
