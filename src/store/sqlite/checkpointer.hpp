// Checkpointer: moves the write-ahead log into the database, small and often, from the one connection that writes.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/result.hpp"
#include "postback/store/sqlite.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/snapshot_gate.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace postback::sqlite {

/// Used by the store's thread; the gauges are read by any. Must stay where it is once `watch` was called.
class Checkpointer {
 public:
  /// Long reads let go at `gate` before a checkpoint. All outlive it.
  Checkpointer(const SqliteOptions& options, const Clock& clock, SnapshotGate& gate)
      : options_(options), clock_(clock), gate_(gate) {}

  /// From now on every commit of `database` is counted.
  void watch(Database& database);

  /// PASSIVE when enough pages wait, or some do for a second of idleness or for five in any case; TRUNCATE when the log
  /// grew beyond its limit (at most once a second: it waits for readers). A reader in the way is not an error.
  Result<void> run_if_due(Database& database, bool idle);
  /// Moves all that readers let go of, and cuts the log to nothing if it can.
  Result<void> empty_log(Database& database);

  /// At start: moves what the last run left in the log. Gives the number of pages found there.
  Result<int> recover(Database& database);

  std::uint64_t wal_bytes() const { return wal_bytes_.load(std::memory_order_relaxed); }
  std::uint64_t checkpoints() const { return checkpoints_.load(std::memory_order_relaxed); }
  std::uint64_t pages_written() const { return pages_written_.load(std::memory_order_relaxed); }

 private:
  static int committed(void* self, sqlite3* handle, const char* name, int frames);
  Result<void> checkpoint(Database& database, int mode);
  void note_frames(int frames);
  bool long_reads_let_go();

  const SqliteOptions& options_;
  const Clock& clock_;
  SnapshotGate& gate_;
  std::optional<std::chrono::milliseconds> asked_;  ///< Since when long reads are asked to let go.
  int frames_ = 0;                                  ///< In the log.
  int checkpointed_ = 0;                            ///< Of these, moved.
  int attempted_ = 0;  ///< In the log at the last checkpoint, moved or held back by a reader.
  std::chrono::milliseconds last_{-3'600'000};
  std::atomic<std::uint64_t> wal_bytes_{0};
  std::atomic<std::uint64_t> checkpoints_{0};
  std::atomic<std::uint64_t> pages_written_{0};
};

}  // namespace postback::sqlite
