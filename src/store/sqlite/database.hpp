// Database: one connection to the SQLite file, and what its error codes mean for us.
#pragma once

#include "postback/base/result.hpp"
#include "store/sqlite/statement.hpp"

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>

namespace postback::sqlite {

/// What failed: once something was being written, an input/output error leaves open what became durable.
enum class Phase { reading, writing };

/// Used by one thread at a time.
class Database {
 public:
  /// `flags`: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE or SQLITE_OPEN_READONLY. The connection never checkpoints by
  /// itself, neither after a commit nor when it is closed, and maps no file into memory.
  static Result<Database> open(const std::string& path, int flags, const std::string& vfs);

  sqlite3* handle() const { return handle_.get(); }
  const std::string& path() const { return path_; }

  /// Runs statements that give no rows of interest.
  Result<void> run(const std::string& sql, Phase phase = Phase::writing);
  /// First column of the first row; 0 or empty when there is none.
  Result<std::int64_t> number(const std::string& sql);
  Result<std::string> text(const std::string& sql);

  /// Prepares a statement that is used often. The first failure is kept for `prepared`.
  Statement prepare(std::string_view sql);
  /// Prepares a statement for one use.
  Result<Statement> prepare_once(std::string_view sql);
  /// Whether every `prepare` so far succeeded.
  Result<void> prepared() const;

  /// What an extended SQLite error code of this connection means.
  Error error(int code, Phase phase) const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  Result<void> configure();

  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
  int prepare_code_ = SQLITE_OK;
};

}  // namespace postback::sqlite
