// The SQLite store: one file on a local disk, opened with what keeps an acknowledged row through kill -9 and power
// cuts.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/entropy.hpp"
#include "postback/base/result.hpp"
#include "postback/store/store.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

struct SqliteOptions {
  std::string path;                  ///< The database file; beside it stand `-wal`, `-shm`, `.lock` and `.reserve`.
  std::string vfs;                   ///< A registered SQLite VFS, for tests; empty: the default one.
  std::string synchronous = "FULL";  ///< FULL, EXTRA or NORMAL. NORMAL loses acknowledged rows when the power fails.
  unsigned cache_kib = 16'384;       ///< Page cache of the writer; each reader has a quarter of it.
  unsigned checkpoint_pages =
      1'000;  ///< Pages in the write-ahead log after which maintain() moves them to the database.
  std::uint64_t wal_limit_bytes = 64ULL << 20;  ///< Beyond it the log is emptied and cut, waiting for readers.
  std::uint64_t reserve_bytes = 16ULL << 20;    ///< Space given up when the disk is full; 0: none.
  std::uint64_t quick_check_limit_bytes = 128ULL
                                          << 20;  ///< Largest file checked after an unclean stop: about half a second.
  std::chrono::milliseconds writer_busy_timeout{50};  ///< Short: the recorder tries again.
  std::chrono::milliseconds reader_busy_timeout{5'000};
};

/// The file's path in a store URL: `sqlite:///abs/path.db` (absolute) or `sqlite://./rel/path.db` (relative). The path
/// is taken literally, nothing is percent-decoded. Error: invalid_argument, saying what would be right.
Result<std::string> parse_store_url(std::string_view url);

/// Opens or creates the store; the directory is created if it is missing. `clock` and `entropy` must outlive the store.
/// Errors: store_locked (another process has it), store_schema_newer, store_corrupt (damaged, or not ours: the file is
/// left as it is), store_busy, store_full, store_sync_failed, io_failed (path and the system's text), invalid_argument.
Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options, const Clock& clock, Entropy& entropy);

/// The stored catalog, as `check` looks at it.
struct StoredCatalog {
  std::vector<EntityDocument> documents;
  std::uint64_t revision = 0;
};

/// Reads the catalog of a store that a server may have open. Errors: not_found (no store, or one of an older schema
/// that only the server brings up to date), store_corrupt (not ours, or damaged),
/// store_schema_newer, store_busy, io_failed.
Result<StoredCatalog> read_sqlite_catalog(const SqliteOptions& options);

/// Told of a backup's progress, on the calling thread.
using BackupProgress = std::function<void(std::uint64_t pages, std::uint64_t of)>;

/// Copies the store as it was committed at one moment into the new file `target`, while a server has it open or not:
/// one read transaction, so that the copy is consistent however long it takes. `target`.partial is written, synced,
/// checked and renamed; the copy is one plain file that `open_sqlite_store` takes. The server's log grows meanwhile,
/// since it cannot be moved into the database behind the reader. Returns the copy's bytes. Errors: invalid_argument
/// (`target` exists, or its partial file), not_found (no store), store_corrupt, store_schema_newer, store_full,
/// store_busy, io_failed; a partial file of this call is removed then.
Result<std::uint64_t> backup_sqlite_store(const SqliteOptions& options, const std::string& target,
                                          const BackupProgress& progress = {});

}  // namespace postback
