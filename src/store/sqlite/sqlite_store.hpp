// SqliteStore: the store on one SQLite file, written and checkpointed by a single connection.
#pragma once

#include "postback/store/sqlite.hpp"
#include "store/sqlite/batch_writer.hpp"
#include "store/sqlite/checkpointer.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/reserve_file.hpp"
#include "store/sqlite/store_lock.hpp"

#include <atomic>
#include <memory>
#include <optional>

namespace postback::sqlite {

/// See Store for threads. Destroyed without `close` it leaves everything as a crash would.
class SqliteStore final : public Store {
 public:
  SqliteStore(SqliteOptions options, const Clock& clock, Entropy& entropy, StoreLock lock);

  /// Once, before anything else.
  Result<void> open();

  Result<StoreIdentity> identity() override;
  Result<unsigned> reserve_node() override;
  Result<std::vector<EntityDocument>> catalog_documents(std::uint64_t& revision) override;
  Result<std::vector<StoredKey>> keys() override;
  Result<void> commit(std::span<Item* const> items, SnowflakeGenerator& ids) override;
  bool wrote_occurrences() const override { return wrote_occurrences_; }
  Result<void> maintain(bool idle) override;
  StoreGauges gauges() const override;
  const OfferCounter* offer_counter() const override { return &offer_counters_; }
  Result<std::unique_ptr<Reader>> open_reader() override;
  Result<void> close() override;

 private:
  /// What must be gone before the connection is closed.
  struct Writing {
    Writing(Database& database, OfferCounters& offer_counters)
        : begin(database.prepare("BEGIN IMMEDIATE")),
          commit(database.prepare("COMMIT")),
          rollback(database.prepare("ROLLBACK")),
          batch(database, offer_counters) {}
    Statement begin;
    Statement commit;
    Statement rollback;
    BatchWriter batch;
  };

  Result<void> set_up();
  Result<void> recover(bool is_new);
  Result<void> ensure_click_id_key();
  /// Rolls back, gives up the reserve when the disk is full, and remembers what cannot be trusted any more.
  int write_fenced(std::span<Item* const> items, SnowflakeGenerator& ids);
  Error fail(int code);
  Error remember(Error error);
  void make_room();

  const SqliteOptions options_;
  const Clock& clock_;
  Entropy& entropy_;
  StoreLock lock_;
  ReserveFile reserve_;
  std::shared_ptr<SnapshotGate> gate_ = std::make_shared<SnapshotGate>();  ///< Shared with the readers.
  /// Whether any click was imported under an ID of another tracker; shared with the readers.
  std::shared_ptr<std::atomic<bool>> foreign_ids_ = std::make_shared<std::atomic<bool>>(false);
  Checkpointer checkpointer_;
  Database database_;
  OfferCounters offer_counters_;
  std::unique_ptr<Writing> writing_;
  std::optional<Error> broken_;  ///< A failed sync or damage: every further call answers with it.
  std::chrono::milliseconds reserve_tried_{0};
  bool wrote_occurrences_ = false;  ///< The last commit.
};

}  // namespace postback::sqlite
