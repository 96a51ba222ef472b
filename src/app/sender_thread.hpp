// SenderThread: the thread that requests to other servers are made on; nothing else happens there.
#pragma once

#include "postback/http/client.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace postback {

/// Owns one thread between `start` and `stop`, with an io_context and the client that runs on it. For the one thread
/// that calls `send` and `flush` it is a client itself: requests are handed over in groups, one post for all, and
/// outcomes are handed back one by one.
class SenderThread final : public http::Client {
 public:
  using MakeClient = std::function<std::unique_ptr<http::Client>(boost::asio::io_context&)>;
  using HandBack = std::function<void(Completion, http::OutgoingOutcome)>;

  /// `make` is called on the thread, at its start. `hand_back` is called on the thread with each outcome, and the
  /// completion that it is for.
  SenderThread(MakeClient make, HandBack hand_back) : make_(std::move(make)), hand_back_(std::move(hand_back)) {}
  ~SenderThread() override { stop(); }

  void start();
  /// Everything under way ends as `cancelled`, and so does what comes later.
  void stop();

  /// Collects a request until `flush`.
  void send(http::OutgoingRequest request, Completion done) override;
  void flush();
  /// For any other thread: sends at once, and blocks until it ended.
  http::OutgoingOutcome send_now(http::OutgoingRequest request);

 private:
  using Collected = std::vector<std::pair<http::OutgoingRequest, Completion>>;
  void run();

  const MakeClient make_;
  const HandBack hand_back_;
  Collected collected_;
  boost::asio::io_context context_{1};
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
  std::unique_ptr<http::Client> client_;  ///< The thread's own.
  std::mutex mutex_;
  bool open_ = false;  ///< Guarded by `mutex_`: what is posted will run.
  std::thread thread_;
};

}  // namespace postback
