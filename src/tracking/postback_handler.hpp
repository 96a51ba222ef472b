// PostbackHandler: /postback/{network}[/{event}] reads, looks up, has judged and recorded, and answers with the
// verdict.
#pragma once

#include "postback/http/exchange.hpp"
#include "postback/store/reader_pool.hpp"
#include "postback/tracking/tracking.hpp"

#include <string>

namespace postback {

/// A postback under way. It goes from the io thread to a reader thread (the click's row), to the recorder, and back.
class PostbackExchange final : public http::ExchangeState, public PostbackItem, public ReadJob {
 public:
  void read(Reader& reader) noexcept override;  ///< On a reader thread.
  void run() noexcept override;                 ///< On the io thread: answers.

  http::Exchange* exchange = nullptr;
  TrackingServices* services = nullptr;
  std::string network;  ///< From the path, decoded.
  std::string event;

 private:
  friend class PostbackHandler;
  void submit_or_refuse();
};

/// One per io thread. As a task it hands over the look-ups of one turn of the thread's loop together.
class PostbackHandler final : private Task {
 public:
  explicit PostbackHandler(TrackingServices& services) : services_(services), catalog_(services.catalog) {}
  /// `path` is what follows /postback/, undecoded.
  void handle(http::Exchange& exchange, std::string_view path);

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
