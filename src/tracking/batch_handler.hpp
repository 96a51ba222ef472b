// BatchHandler: /postback/{network}/batch authenticates once, has each row judged and recorded as a postback of its
// own, and answers with a verdict for each when all are committed.
#pragma once

#include "postback/domain/postback_rows.hpp"
#include "postback/http/exchange.hpp"
#include "postback/store/reader_pool.hpp"
#include "postback/tracking/tracking.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>

namespace postback {

/// A batch under way. It goes from the io thread to a reader thread (reading, clicks), its rows to the recorder and
/// back one by one.
class BatchExchange final : public http::ExchangeState, public ReadJob {
 public:
  void begin(http::Exchange& exchange, TrackingServices& services, std::shared_ptr<const Catalog> catalog,
             std::string_view network);
  void read(Reader& reader) noexcept override;  ///< On a reader thread.

 private:
  /// One postback: a row of the batch, or the batch itself where it is refused as a whole.
  struct Row final : PostbackItem {
    void run() noexcept override { batch->settle(); }
    BatchExchange* batch = nullptr;
    std::string body;
    std::string headers;
    bool logged = true;  ///< Otherwise it is refused and counted only.
  };

  Postback whole() const;
  void refuse_whole(Reading reading, bool logged = true);
  void refuse_whole_within_limits(Reading reading);
  bool is_logged(const Postback& postback, Reading& reading);
  void count_only(Row& row);
  void refuse_rows(Reading reading, const PostbackRows& found);
  void add_row(PostbackRow& found, Authentication authentication, Reader& reader);
  void submit_all();
  void settle() noexcept;  ///< On the io thread, for each row.
  void answer();
  void append_row(std::string& json, const Row& row, std::size_t number) const;

  http::Exchange* exchange_ = nullptr;
  TrackingServices* services_ = nullptr;
  TaskSink* sink_ = nullptr;
  std::shared_ptr<const Catalog> catalog_;
  std::string network_;  ///< From the path, decoded.
  std::string target_;   ///< Of each row: the plain postback URL that it stands for.
  TimeMs arrival_{};
  std::chrono::milliseconds wait_{0};  ///< For Retry-After.
  bool refused_ = false;               ///< As a whole: `rows_` has the one refusal.
  std::deque<Row> rows_;
  std::size_t open_ = 0;  ///< Rows not settled yet; the io thread's once they are submitted.
};

/// One per io thread.
class BatchHandler {
 public:
  explicit BatchHandler(TrackingServices& services) : services_(services), catalog_(services.catalog) {}
  /// `network`: the path's segment, decoded.
  void handle(http::Exchange& exchange, std::string_view network);
  /// Whether a body may come: only from who may send postbacks for this network, as far as the head tells.
  bool may_send_body(const http::Request& head);

 private:
  TrackingServices& services_;
  CatalogView catalog_;
};

}  // namespace postback
