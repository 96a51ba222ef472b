// SqliteStore: commits, maintenance, gauges; opening is in sqlite_open.cpp, start-up reading in sqlite_start.cpp.
#include "store/sqlite/sqlite_store.hpp"

#include "postback/base/log.hpp"
#include "store/sqlite/schema.hpp"

namespace postback::sqlite {
namespace {

constexpr int kClosingPatienceMs = 2'000;  ///< How long the last writes wait for somebody who holds the database.

}  // namespace

Result<void> SqliteStore::commit(std::span<Item* const> items, SnowflakeGenerator& ids) {
  if (broken_) return *broken_;
  // Without items too: only a transaction that writes tells whether the store takes anything again.
  if (const int code = writing_->begin.run(); code != SQLITE_OK) return fail(code);
  int code = write_fenced(items, ids);
  if (code == SQLITE_OK) code = writing_->commit.run();
  writing_->batch.end(code == SQLITE_OK);
  if (code != SQLITE_OK) return fail(code);
  wrote_occurrences_ = writing_->batch.wrote_occurrences();
  if (writing_->batch.imported_foreign()) foreign_ids_->store(true);
  return {};
}

/// The writer's fence: what an item throws (out of memory, a bug) rejects the batch and ends nothing else.
int SqliteStore::write_fenced(std::span<Item* const> items, SnowflakeGenerator& ids) {
  try {
    return writing_->batch.write(items, ids, clock_.wall());
  } catch (const std::exception& error) {
    spdlog::error("store.item_threw reason={}", log_value(error.what()));
    return SQLITE_MISMATCH;
  }
}

Error SqliteStore::fail(int code) {
  Error error = database_.error(code, Phase::writing);
  // Some errors have rolled back already; a second attempt would only hide the first cause.
  if (!sqlite3_get_autocommit(database_.handle())) writing_->rollback.run();
  return remember(std::move(error));
}

Error SqliteStore::remember(Error error) {
  if (error.code == ErrorCode::store_sync_failed || error.code == ErrorCode::store_corrupt) broken_ = error;
  if (error.code == ErrorCode::store_full) make_room();
  return error;
}

void SqliteStore::make_room() {
  reserve_tried_ = clock_.steady();
  if (!reserve_.give_up()) return;
  spdlog::warn("store.reserve_given_up path={} reason=\"the disk is full; the log can be moved into the database\"",
               log_value(options_.path));
  if (auto emptied = checkpointer_.empty_log(database_); !emptied) {
    const Error error = emptied.error();
    if (error.code != ErrorCode::store_full) remember(error);
  }
}

Result<void> SqliteStore::maintain(bool idle) {
  if (broken_) return *broken_;
  if (auto done = checkpointer_.run_if_due(database_, idle); !done) return remember(done.error());
  if (reserve_.wanted() && !reserve_.kept() && clock_.steady() - reserve_tried_ >= std::chrono::seconds{1}) {
    reserve_tried_ = clock_.steady();
    if (reserve_.keep()) spdlog::info("store.reserve_kept_again path={}", log_value(options_.path));
  }
  return {};
}

StoreGauges SqliteStore::gauges() const {
  return {checkpointer_.wal_bytes(), checkpointer_.checkpoints(), checkpointer_.pages_written()};
}

Result<void> SqliteStore::close() {
  if (broken_) return *broken_;
  if (!writing_) return {};
  sqlite3_busy_timeout(database_.handle(), kClosingPatienceMs);
  if (auto ended = end_session(database_); !ended) return remember(ended.error());
  if (auto emptied = checkpointer_.empty_log(database_); !emptied) return remember(emptied.error());
  // Everything is in the database: the last connection may take the empty log away.
  sqlite3_db_config(database_.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  writing_.reset();
  database_ = Database{};
  lock_ = StoreLock{};
  return {};
}

}  // namespace postback::sqlite
