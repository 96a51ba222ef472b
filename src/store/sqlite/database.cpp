// Database: opening, running, and telling full, busy, damaged and unsyncable apart.
#include "store/sqlite/database.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

namespace postback::sqlite {
namespace {

bool out_of_space(sqlite3* handle) {
  const int system = sqlite3_system_errno(handle);
  return system == ENOSPC || system == EDQUOT;
}

ErrorCode io_error_code(sqlite3* handle, int code) {
  switch (code) {
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_DIR_FSYNC: return ErrorCode::store_sync_failed;
    case SQLITE_IOERR_CORRUPTFS: return ErrorCode::store_corrupt;
    case SQLITE_IOERR_NOMEM: return ErrorCode::store_busy;
    default: return out_of_space(handle) ? ErrorCode::store_full : ErrorCode::store_sync_failed;
  }
}

ErrorCode meaning(sqlite3* handle, int code, Phase phase) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM: return ErrorCode::store_busy;
    case SQLITE_CANTOPEN: return phase == Phase::reading ? ErrorCode::io_failed : ErrorCode::store_busy;
    case SQLITE_FULL: return ErrorCode::store_full;
    case SQLITE_IOERR: {
      const auto io = io_error_code(handle, code);
      return phase == Phase::reading && io == ErrorCode::store_sync_failed ? ErrorCode::io_failed : io;
    }
    case SQLITE_READONLY: return phase == Phase::reading ? ErrorCode::io_failed : ErrorCode::store_sync_failed;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorCode::store_corrupt;
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE: return ErrorCode::store_rejected;
    // Not this content but the database is at fault: its tables are not as we made them.
    default: return phase == Phase::reading ? ErrorCode::io_failed : ErrorCode::store_corrupt;
  }
}

std::string advice(ErrorCode code) {
  switch (code) {
    case ErrorCode::store_busy: return "another process holds the database; it is tried again";
    case ErrorCode::store_full: return "nothing was stored; free space on its filesystem";
    case ErrorCode::store_sync_failed:
      return "what became durable is unknown; look at the disk and its kernel messages";
    case ErrorCode::store_corrupt: return "keep the file, restore the newest backup in its place";
    case ErrorCode::store_rejected: return "this content cannot be stored";
    default: return "look at the path, its owner and permissions";
  }
}

}  // namespace

Result<Database> Database::open(const std::string& path, int flags, const std::string& vfs) {
  // Else every allocation of every connection takes one lock of the process. Refused, without harm, when SQLite was
  // used before.
  static const int accounting = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(accounting);
  Database database;
  database.path_ = path;
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, vfs.empty() ? nullptr : vfs.c_str());
  database.handle_.reset(handle);
  if (code != SQLITE_OK) return database.error(handle ? sqlite3_extended_errcode(handle) : code, Phase::reading);
  if (auto configured = database.configure(); !configured) return configured.error();
  return database;
}

Result<void> Database::configure() {
  sqlite3* handle = handle_.get();
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_wal_autocheckpoint(handle, 0);
  for (const auto& [option, value] : {std::pair{SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1},
                                      {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
                                      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                      {SQLITE_DBCONFIG_DEFENSIVE, 1}}) {
    if (const int code = sqlite3_db_config(handle, option, value, nullptr); code != SQLITE_OK) {
      return error(code, Phase::reading);
    }
  }
  return run("PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;", Phase::reading);
}

Result<void> Database::run(const std::string& sql, Phase phase) {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error(code, phase);
  return {};
}

Result<std::int64_t> Database::number(const std::string& sql) {
  Statement statement = prepare(sql);
  const int code = statement.step();
  if (code == SQLITE_ROW) return statement.integer_at(0);
  if (code == SQLITE_DONE) return std::int64_t{0};
  return error(sqlite3_extended_errcode(handle_.get()), Phase::reading);
}

Result<std::string> Database::text(const std::string& sql) {
  Statement statement = prepare(sql);
  const int code = statement.step();
  if (code == SQLITE_ROW) return statement.text_at(0);
  if (code == SQLITE_DONE) return std::string{};
  return error(sqlite3_extended_errcode(handle_.get()), Phase::reading);
}

Statement Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK && prepare_code_ == SQLITE_OK) prepare_code_ = code;
  return Statement(statement);
}

Result<Statement> Database::prepare_once(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(handle_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) return error(code, Phase::reading);
  return Statement(statement);
}

Result<void> Database::prepared() const {
  if (prepare_code_ != SQLITE_OK) return error(prepare_code_, Phase::reading);
  return {};
}

Error Database::error(int code, Phase phase) const {
  const ErrorCode meant = meaning(handle_.get(), code, phase);
  std::string detail = path_ + ": " + sqlite3_errstr(code);
  if (handle_) {
    detail += std::string(" (") + sqlite3_errmsg(handle_.get()) + ", code " + std::to_string(code) + ")";
    const int system = sqlite3_system_errno(handle_.get());
    const int primary = code & 0xff;
    if (system != 0 && (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN)) {
      detail += ": " + std::generic_category().message(system);
    }
  }
  return {meant, detail + "; " + advice(meant)};
}

}  // namespace postback::sqlite
