// PostbackHandler: reads a postback of any shape, looks up its click, has it judged and recorded, and answers with the
// verdict.
#pragma once

#include "postback/domain/postback_shape.hpp"
#include "postback/http/exchange.hpp"
#include "postback/store/reader_pool.hpp"
#include "postback/tracking/tracking.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace postback {

/// A postback under way. It goes from the io thread to a reader thread (the click's row), to the recorder, and back.
class PostbackExchange final : public http::ExchangeState, public PostbackItem, public ReadJob {
 public:
  void read(Reader& reader) noexcept override;  ///< On a reader thread.
  void run() noexcept override;                 ///< On the io thread: answers.

  http::Exchange* exchange = nullptr;
  TrackingServices* services = nullptr;

 private:
  friend class PostbackHandler;
  void begin(http::Exchange& started, TrackingServices& used);
  void take_request();
  void look_up(Reader& reader);
  void submit();
  void submit_or_refuse();
  void answer_later(ItemOutcome result);

  PostbackUrl url_;  ///< What `postback` views of the path.
  std::shared_ptr<const Catalog> catalog_;
  std::chrono::milliseconds wait_{0};  ///< For Retry-After.
};

/// One per io thread. As a task it hands over the look-ups of one turn of the thread's loop together.
class PostbackHandler final : private Task {
 public:
  explicit PostbackHandler(TrackingServices& services) : services_(services), catalog_(services.catalog) {}
  void handle(http::Exchange& exchange);

 private:
  void look_up_later(PostbackExchange& state);
  void run() noexcept override;

  TrackingServices& services_;
  CatalogView catalog_;
  ReadJob* first_ = nullptr;  ///< Waiting for the end of this turn.
  ReadJob* last_ = nullptr;
  std::size_t waiting_ = 0;
};

}  // namespace postback
