// Recorder: the only writer. Groups what arrives while a commit runs into the next one (group commit).
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/histogram.hpp"
#include "postback/base/result.hpp"
#include "postback/domain/snowflake.hpp"
#include "postback/store/items.hpp"
#include "postback/store/store.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

namespace postback {

class ClickSpool;
class VisitLosses;

/// Bounds of the recorder; each is stated in docs/operating.md with what happens when it is reached.
struct RecorderLimits {
  std::size_t batch_items = 1000;      ///< Most items of one transaction.
  std::size_t queue_items = 65'536;    ///< Most items waiting; beyond it visits are spooled, others are refused (503).
  std::size_t spool_clicks = 100'000;  ///< Most visits kept in memory while the store refuses; beyond it they are lost.
  std::size_t spool_bytes = 256 << 20;                 ///< Most memory they take; beyond it they are lost as well.
  std::chrono::milliseconds busy_wait{2'000};          ///< How long a postback waits for a store that is busy.
  std::chrono::milliseconds retry_interval{100};       ///< How often a refusing store is tried again.
  std::chrono::milliseconds maintain_interval{1'000};  ///< Longest time between checkpoints.
};

/// Upper bounds of the histograms below: items, and nanoseconds from 50 µs to 10 s.
inline constexpr std::array<std::uint64_t, 11> kBatchSizeBounds = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
inline constexpr std::array<std::uint64_t, 17> kCommitDurationBounds = {
    50'000,      100'000,       250'000,       500'000,       1'000'000,     2'500'000,
    5'000'000,   10'000'000,    25'000'000,    50'000'000,    100'000'000,   250'000'000,
    500'000'000, 1'000'000'000, 2'500'000'000, 5'000'000'000, 10'000'000'000};

/// Counters and gauges for /metrics, read by anyone.
struct RecorderFigures {
  std::atomic<std::uint64_t> clicks_committed{0};
  std::atomic<std::uint64_t> clicks_spooled{0};
  std::atomic<std::uint64_t> clicks_unrecorded{0};
  std::atomic<std::uint64_t> ctas_committed{0};
  std::atomic<std::uint64_t> ctas_unrecorded{0};
  std::atomic<std::uint64_t> impressions_committed{0};
  std::atomic<std::uint64_t> impressions_unrecorded{0};
  std::atomic<std::uint64_t> batches{0};
  std::atomic<std::uint64_t> batch_items{0};
  std::atomic<std::uint64_t> spool_length{0};
  std::atomic<std::uint64_t> items_refused{0};
  std::atomic<std::uint64_t> items_rejected{0};
  std::atomic<std::uint64_t> wal_bytes{0};
  std::atomic<std::uint64_t> checkpoints{0};
  std::array<std::atomic<std::uint64_t>, kVerdictCodeCount> verdicts{};
  Histogram<kBatchSizeBounds.size()> batch_sizes{kBatchSizeBounds};                 ///< Items of a transaction.
  Histogram<kCommitDurationBounds.size()> commit_durations{kCommitDurationBounds};  ///< Nanoseconds, failed ones too.
};

enum class SubmitResult : std::uint8_t {
  queued,   ///< `run` will be called.
  spooled,  ///< A visit: kept in memory, answer the visitor now; `run` will not be called.
  refused,  ///< Queue (and spool) full; `run` will not be called.
};

/// Owns one thread between `start` and `stop`. `submit` is thread-safe and takes no lock unless the queue is full or
/// the recorder sleeps.
class Recorder {
 public:
  /// `on_fatal` is called once, on the recorder's thread, when the store can no longer be trusted (store_sync_failed,
  /// store_corrupt): everything is refused from then on and the process must end.
  Recorder(Store& store, SnowflakeGenerator& ids, const Clock& clock, RecorderLimits limits,
           std::function<void(const Error&)> on_fatal);
  ~Recorder();

  void start();
  /// Commits what was submitted (as far as the store lets it), checkpoints and ends the thread. Nothing may be
  /// submitted after this was called.
  void stop();

  SubmitResult submit(Item& item) noexcept;

  /// `told` is called on the recorder's thread whenever clicks that waited in memory have been committed, all of them.
  /// Before `start`.
  void on_late_clicks(std::function<void()> told) { on_late_clicks_ = std::move(told); }
  /// `told` is called on the recorder's thread after each commit with occurrences for destinations. Before `start`.
  void on_occurrences(std::function<void()> told) { on_occurrences_ = std::move(told); }

  /// The click with this ID while it waits in memory, until after its commit: who finds it neither here nor, after
  /// that, in the store has an ID whose click was lost. Thread-safe; takes no lock while nothing waits there.
  std::optional<StoredClick> spooled_click(SnowflakeId id) const;

  /// Whether the store takes what is given, and no visit is lost: for /readyz.
  bool available() const;
  /// Items submitted and not settled yet.
  std::size_t waiting() const { return queued_.load(std::memory_order_relaxed); }
  const RecorderFigures& figures() const { return figures_; }

 private:
  void loop();
  void collect();
  void wait_for_items(std::chrono::milliseconds longest);
  void wake() noexcept;
  bool refusing() const;
  bool out_of_patience();
  void end_after_fault();
  void store_next_batch();
  void drain_spool();
  Result<void> commit(std::span<Item* const> items);
  void commit_one_by_one(std::span<Item* const> items);
  void settle(std::span<Item* const> items, ItemOutcome outcome);
  void on_commit_failed(const Error& error);
  void count_committed(const Item& item);
  void count_unrecorded(const Item& item);
  void lose(const Item& item) noexcept;
  void spool_or_lose(Item& item);
  void give_up_on_pending(bool only_overdue);
  void drop_spooled(std::size_t count);
  void maintain();
  void provide_node();
  void refresh_gauges();

  Store& store_;
  SnowflakeGenerator& ids_;
  const Clock& clock_;
  const RecorderLimits limits_;
  const std::function<void(const Error&)> on_fatal_;
  std::function<void()> on_late_clicks_;
  std::function<void()> on_occurrences_;

  // Shared with submitters.
  std::atomic<Task*> incoming_{nullptr};  ///< Newest first.
  std::atomic<std::size_t> queued_{0};
  std::atomic<bool> sleeping_{false};
  std::mutex wake_mutex_;  ///< Taken only to sleep and to wake a sleeping recorder.
  std::condition_variable wake_;
  std::atomic<bool> available_{true};
  std::atomic<bool> fatal_{false};
  std::atomic<bool> stopping_{false};
  std::unique_ptr<ClickSpool> spool_;
  std::unique_ptr<VisitLosses> losses_;
  RecorderFigures figures_;

  // The recorder thread's own.
  std::vector<Item*> pending_;  ///< Taken from the queue, oldest first, not settled yet.
  std::vector<Item*> newly_settled_;
  std::optional<ErrorCode> refusal_;           ///< Why the store refuses at the moment.
  std::chrono::milliseconds next_attempt_{0};  ///< While it refuses: when to try again (monotonic).
  std::optional<Error> fault_;                 ///< The end: why nothing is acknowledged any more.
  bool fault_told_ = false;
  bool stop_seen_ = false;        ///< What this turn of the loop knows of `stopping_`.
  unsigned attempts_at_end_ = 0;  ///< How often the store was asked in vain since it was to stop.
  std::chrono::milliseconds last_maintained_{0};
  std::thread thread_;
};

}  // namespace postback
