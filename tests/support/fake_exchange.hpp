// FakeExchange: a request and its answer in memory; FakeLoop: the connection's thread, played by the test's own.
#pragma once

#include "postback/http/exchange.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>

namespace postback::testing {

/// Keeps posted tasks until the test's thread runs them, as an io thread would. Must outlive every poster.
class FakeLoop final : public TaskSink {
 public:
  void post(Task* list) noexcept override {
    const std::lock_guard lock(mutex_);
    Task** end = &first_;
    while (*end != nullptr) end = &(*end)->next_task;
    *end = list;
    wake_.notify_one();
  }
  /// Runs tasks as they come until `done`, which only tasks change.
  void run_until(const bool& done) {
    while (!done) take()->run();
  }

 private:
  Task* take() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return first_ != nullptr; });
    auto* const task = first_;
    first_ = task->next_task;
    task->next_task = nullptr;
    return task;
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  Task* first_ = nullptr;
};

/// An answer as it went out.
struct CapturedAnswer {
  int status = 0;
  std::string bytes;

  /// The value of the first header of this name (exact case); empty if there is none.
  std::string header(std::string_view name) const {
    const auto head = bytes.substr(0, bytes.find("\r\n\r\n") + 2);
    const auto line = head.find("\r\n" + std::string(name) + ": ");
    if (line == std::string::npos) return {};
    const auto start = line + 2 + name.size() + 2;
    return head.substr(start, head.find("\r\n", start) - start);
  }
  std::string body() const {
    const auto end = bytes.find("\r\n\r\n");
    return end == std::string::npos ? std::string() : bytes.substr(end + 4);
  }
};

class FakeExchange final : public http::Exchange {
 public:
  explicit FakeExchange(TaskSink& sink) : sink_(sink) {}

  TaskSink& sink() override { return sink_; }
  http::ResponseWriter respond(int status) override {
    captured.status = status;
    return {captured.bytes, "Thu, 01 Jan 1970 00:00:00 GMT", {}, request.method == http::Method::head, status};
  }
  void finish() override { finished = true; }

  CapturedAnswer captured;
  bool finished = false;

 private:
  TaskSink& sink_;
};

}  // namespace postback::testing
