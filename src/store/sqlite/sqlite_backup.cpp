// Copying the store while others use it, and reading its catalog without opening it for writing.
#include "store/migrations.hpp"
#include "store/sqlite/file_check.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/sqlite_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

namespace postback {
namespace sqlite {
namespace {

namespace fs = std::filesystem;
constexpr int kPagesPerStep = 1'000;

/// A connection that neither writes nor checkpoints, to a file that is ours.
Result<Database> open_for_reading(const SqliteOptions& options) {
  const auto is_new = is_new_database(options.path, static_cast<std::int64_t>(migrations().size()));
  if (!is_new) return is_new.error();
  if (*is_new) return Error{ErrorCode::not_found, options.path + " is not there or empty; name the store with --store"};
  auto database = Database::open(options.path, SQLITE_OPEN_READONLY, options.vfs);
  if (database) sqlite3_busy_timeout(database->handle(), static_cast<int>(options.reader_busy_timeout.count()));
  return database;
}

/// Without a server the log stands still and can be checked: SQLite would silently drop what stands behind damage.
Result<void> check_log_at_rest(const SqliteOptions& options) {
  const auto lock = StoreLock::take(options.path);
  if (!lock || options.synchronous == "NORMAL") return {};
  return check_write_ahead_log(options.path);
}

/// The file under its temporary name; removed unless it was kept.
class PartialFile {
 public:
  explicit PartialFile(std::string path) : path_(std::move(path)) {}
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;
  ~PartialFile() {
    if (!made_) return;
    ::unlink(path_.c_str());
    ::unlink((path_ + "-journal").c_str());
  }

  const std::string& path() const { return path_; }

  Result<void> make() {
    const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (file < 0 && errno == EEXIST) {
      return Error{ErrorCode::invalid_argument,
                   path_ + " exists: another backup writes it, or one was interrupted; remove it if none runs"};
    }
    if (file < 0) return system_error("creating", path_, errno);
    ::close(file);
    made_ = true;
    return {};
  }

  /// Makes the content durable, then the name.
  Result<void> rename_to(const std::string& target) {
    const int file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return system_error("opening", path_, errno);
    const int number = fsync(file) == 0 ? 0 : errno;
    ::close(file);
    if (number != 0) return system_error("syncing", path_, number);
    // What came into being under that name meanwhile is not replaced, where the filesystem can tell.
    int failed = ::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE);
    if (failed != 0 && errno == EINVAL) failed = ::rename(path_.c_str(), target.c_str());
    if (failed != 0) return system_error("renaming to", target, errno);
    made_ = false;
    const auto directory = fs::path(target).parent_path();
    return sync_directory(directory.empty() ? "." : directory.string());
  }

 private:
  const std::string path_;
  bool made_ = false;
};

struct FinishBackup {
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

Result<void> copy_pages(Database& source, Database& copy, const BackupProgress& progress) {
  const std::unique_ptr<sqlite3_backup, FinishBackup> backup(
      sqlite3_backup_init(copy.handle(), "main", source.handle(), "main"));
  if (!backup) return copy.error(sqlite3_extended_errcode(copy.handle()), Phase::writing);
  int code = SQLITE_OK;
  while (code == SQLITE_OK) {
    code = sqlite3_backup_step(backup.get(), kPagesPerStep);
    if (code != SQLITE_OK && code != SQLITE_DONE) break;
    const auto all = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup.get()));
    if (progress) progress(all - static_cast<std::uint64_t>(sqlite3_backup_remaining(backup.get())), all);
  }
  if (code != SQLITE_DONE) return copy.error(code, Phase::writing);
  return {};
}

/// The copy as one plain file: no log beside it, checked, and not to be taken for a store that was cut off.
Result<void> complete(Database& copy) {
  const auto mode = copy.text("PRAGMA journal_mode=DELETE");
  if (!mode) return mode.error();
  if (*mode != "delete") return Error{ErrorCode::io_failed, copy.path() + " could not be made one plain file"};
  if (auto checked = quick_check(copy); !checked) return checked;
  return end_session(copy);
}

}  // namespace

Result<std::uint64_t> backup(const SqliteOptions& options, const std::string& target, const BackupProgress& progress) {
  std::error_code failure;
  if (fs::exists(fs::symlink_status(target, failure))) {
    return Error{ErrorCode::invalid_argument, target + " exists and is not overwritten; give another name"};
  }
  auto source = open_for_reading(options);
  if (!source) return source.error();
  if (auto checked = check_log_at_rest(options); !checked) return checked.error();
  // One transaction from here on: whatever is committed meanwhile, the copy is the store of this moment.
  if (auto begun = source->run("BEGIN", Phase::reading); !begun) return begun.error();
  if (auto taken = source->number("SELECT count(*) FROM sqlite_schema"); !taken) return taken.error();

  PartialFile partial(target + ".partial");
  if (auto made = partial.make(); !made) return made.error();
  {
    auto copy = Database::open(partial.path(), SQLITE_OPEN_READWRITE, {});
    if (!copy) return copy.error();
    if (auto copied = copy_pages(*source, *copy, progress); !copied) return copied.error();
    if (auto completed = complete(*copy); !completed) return completed.error();
  }
  const auto bytes = fs::file_size(partial.path(), failure);
  if (failure) return system_error("looking at", partial.path(), failure.value());
  if (auto renamed = partial.rename_to(target); !renamed) return renamed.error();
  return std::uint64_t{bytes};
}

}  // namespace sqlite

Result<StoredCatalog> read_sqlite_catalog(const SqliteOptions& options) {
  auto database = sqlite::open_for_reading(options);
  if (!database) return database.error();
  const auto schema = database->number("PRAGMA user_version");
  if (!schema) return schema.error();
  if (static_cast<std::size_t>(*schema) != migrations().size()) {
    return Error{ErrorCode::not_found, options.path + " was written by an older postbackd (schema " +
                                           std::to_string(*schema) + " of " + std::to_string(migrations().size()) +
                                           "): start the server once, which brings it up to date, and look again"};
  }
  StoredCatalog stored;
  auto documents = sqlite::read_catalog(*database, stored.revision);
  if (!documents) return documents.error();
  stored.documents = std::move(*documents);
  return stored;
}

Result<std::uint64_t> backup_sqlite_store(const SqliteOptions& options, const std::string& target,
                                          const BackupProgress& progress) {
  return sqlite::backup(options, target, progress);
}

}  // namespace postback
