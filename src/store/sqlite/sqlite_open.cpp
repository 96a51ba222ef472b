// Opening the SQLite store: lock, is it ours, recovery, settings, migrations. Nothing is written before the file was
// judged.
#include "postback/base/log.hpp"
#include "store/migrations.hpp"
#include "store/sqlite/file_check.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/sqlite_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace postback {
namespace sqlite {
namespace {

namespace fs = std::filesystem;
constexpr int kOpeningBusyMs = 1'000;

std::uint64_t file_size(const std::string& path) {
  std::error_code failure;
  const auto size = fs::file_size(path, failure);
  return failure ? 0 : size;
}

/// A database that is empty while its log is not lost its file: SQLite would delete the log.
Result<void> refuse_orphaned_log(const std::string& path) {
  if (file_size(path + "-wal") == 0 || fs::exists(path + "-journal")) return {};
  return Error{ErrorCode::store_corrupt,
               path + " is missing or empty, but its log " + path +
                   "-wal has contents that belong to it; it was left as it is. Restore the database file, "
                   "or move the log away to start a new store"};
}

/// SQLite would create the file readable for everybody; it holds tokens, keys and visitors' addresses. The log takes
/// over the database's permissions.
Result<void> create_private_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
  if (file < 0) return system_error("creating", path, errno);
  ::close(file);
  return {};
}

Result<void> check_file_is_whole(Database& database) {
  const auto pages = database.number("PRAGMA page_count");
  if (!pages) return pages.error();
  const auto page_size = database.number("PRAGMA page_size");
  if (!page_size) return page_size.error();
  const auto wanted = static_cast<std::uint64_t>(*pages * *page_size);
  const auto size = file_size(database.path());
  if (size >= wanted) return {};
  return Error{ErrorCode::store_corrupt, database.path() + " is cut short (" + std::to_string(size) + " of " +
                                             std::to_string(wanted) +
                                             " bytes); it was left as it is. Restore the newest backup to "
                                             "this path"};
}

}  // namespace

SqliteStore::SqliteStore(SqliteOptions options, const Clock& clock, Entropy& entropy, StoreLock lock)
    : options_(std::move(options)),
      clock_(clock),
      entropy_(entropy),
      lock_(std::move(lock)),
      reserve_(options_.path + ".reserve", options_.reserve_bytes),
      checkpointer_(options_, clock, *gate_) {}

Result<void> SqliteStore::open() {
  const auto is_new = is_new_database(options_.path, static_cast<std::int64_t>(migrations().size()));
  if (!is_new) return is_new.error();
  // Without FULL a log may end anywhere after a power cut, so its end proves nothing.
  const bool log_is_ordered = options_.synchronous != "NORMAL";
  if (auto log = *is_new          ? refuse_orphaned_log(options_.path)
                 : log_is_ordered ? check_write_ahead_log(options_.path)
                                  : Result<void>{};
      !log) {
    return log;
  }
  if (*is_new) {
    if (auto created = create_private_file(options_.path); !created) return created;
  }
  auto database = Database::open(options_.path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, options_.vfs);
  if (!database) return database.error();
  database_ = std::move(*database);
  sqlite3_busy_timeout(database_.handle(), kOpeningBusyMs);
  if (auto ready = set_up(); !ready) return ready;
  if (auto recovered = recover(*is_new); !recovered) return recovered;
  if (auto migrated = migrate(database_); !migrated) return migrated;
  if (auto begun = begin_session(database_); !begun) return begun;
  checkpointer_.watch(database_);
  writing_ = std::make_unique<Writing>(database_, offer_counters_);
  if (auto prepared = database_.prepared(); !prepared) return prepared;
  if (auto loaded = load_offer_counts(database_, offer_counters_); !loaded) return loaded;
  if (auto key = ensure_click_id_key(); !key) return key;
  const auto foreign = database_.number("SELECT EXISTS (SELECT 1 FROM foreign_click)");
  if (!foreign) return foreign.error();
  foreign_ids_->store(*foreign != 0);
  if (reserve_.wanted() && !reserve_.keep()) {
    spdlog::warn("store.no_room_for_reserve path={} action=\"free space on its filesystem\"", log_value(options_.path));
  }
  sqlite3_busy_timeout(database_.handle(), static_cast<int>(options_.writer_busy_timeout.count()));
  return {};
}

Result<void> SqliteStore::set_up() {
  if (auto marked = mark_as_ours(database_); !marked) return marked;
  const auto mode = database_.text("PRAGMA journal_mode=WAL");
  if (!mode) return mode.error();
  if (*mode != "wal") {
    return Error{ErrorCode::io_failed, options_.path +
                                           ": its filesystem does not carry a write-ahead log (shared memory); put "
                                           "the store on a local disk"};
  }
  return database_.run("PRAGMA synchronous=" + options_.synchronous + ";PRAGMA cache_size=-" +
                           std::to_string(options_.cache_kib) +
                           ";PRAGMA journal_size_limit=" + std::to_string(options_.wal_limit_bytes),
                       Phase::reading);
}

Result<void> SqliteStore::recover(bool is_new) {
  if (is_new) {
    const auto directory = fs::path(options_.path).parent_path();
    return sync_directory(directory.empty() ? "." : directory.string());
  }
  const auto clean = stopped_cleanly(database_);
  if (!clean) return clean.error();
  if (!*clean && file_size(options_.path) < options_.quick_check_limit_bytes) {
    if (auto checked = quick_check(database_); !checked) return checked;
  }
  const auto found = checkpointer_.recover(database_);
  if (!found) return found.error();
  if (!*clean) {
    spdlog::warn("store.not_stopped_in_order path={} log_pages_recovered={}", log_value(options_.path), *found);
  }
  return check_file_is_whole(database_);
}

}  // namespace sqlite

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options, const Clock& clock, Entropy& entropy) {
  if (options.synchronous != "FULL" && options.synchronous != "EXTRA" && options.synchronous != "NORMAL") {
    return Error{ErrorCode::invalid_argument, "synchronous '" + options.synchronous + "' is not FULL, EXTRA or NORMAL"};
  }
  if (auto directory = sqlite::ensure_directory(options.path); !directory) return directory.error();
  SqliteOptions resolved = options;
  // One name per file, whatever links lead to it: the lock stands beside it.
  std::error_code failure;
  resolved.path = std::filesystem::weakly_canonical(options.path, failure).string();
  if (failure) return sqlite::system_error("resolving", options.path, failure.value());
  auto lock = sqlite::StoreLock::take(resolved.path);
  if (!lock) return lock.error();
  auto store = std::make_unique<sqlite::SqliteStore>(std::move(resolved), clock, entropy, std::move(*lock));
  if (auto opened = store->open(); !opened) return opened.error();
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace postback
