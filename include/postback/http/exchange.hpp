// Exchange: one request and its answer to be, as a handler sees it.
#pragma once

#include "postback/base/task.hpp"
#include "postback/http/request.hpp"
#include "postback/http/response.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace postback::http {

/// What a handler keeps with an exchange while it waits; kept and reused for the connection's next request.
class ExchangeState {
 public:
  virtual ~ExchangeState() = default;
};

/// Owned by its connection, which stays alive until `finish` was called, whatever the peer does meanwhile. Everything
/// but `sink().post` happens on the connection's thread.
class Exchange {
 public:
  virtual ~Exchange() = default;

  Request request;

  /// The connection's thread, to come back to.
  virtual TaskSink& sink() = 0;
  /// Starts the answer; ended by the writer's finish. Call once.
  virtual ResponseWriter respond(int status) = 0;
  /// Says that the answer is complete. Call once, on the connection's thread, after the writer's finish. The exchange
  /// and its state must not be touched afterwards.
  virtual void finish() = 0;

  /// Answers with a value: respond, headers, finish.
  void answer(const Response& response);

  /// The handler's state of type T, made on first use and reused by later requests on this connection. A T that stays
  /// in use must reset itself.
  template <class T>
  T& state() {
    if (auto* found = dynamic_cast<T*>(state_.get())) return *found;
    auto made = std::make_unique<T>();
    auto& reference = *made;
    state_ = std::move(made);
    return reference;
  }

 private:
  std::unique_ptr<ExchangeState> state_;
};

}  // namespace postback::http
