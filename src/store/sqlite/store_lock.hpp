// StoreLock: an flock beside the database, so that no second process opens the store.
#pragma once

#include "postback/base/result.hpp"

#include <string>

namespace postback::sqlite {

/// Held until destroyed, also across kill -9 of the holder (the kernel lets go of it then). The file stays behind.
class StoreLock {
 public:
  StoreLock() = default;
  StoreLock(StoreLock&& other) noexcept : file_(other.file_) { other.file_ = -1; }
  StoreLock& operator=(StoreLock&& other) noexcept;
  ~StoreLock();

  /// Locks `<database>.lock` and writes our process number into it. Errors: store_locked (names the holder), io_failed.
  static Result<StoreLock> take(const std::string& database);

 private:
  int file_ = -1;
};

/// Creates the directory that `database` stands in, if it is missing, durably. Error: io_failed.
Result<void> ensure_directory(const std::string& database);

/// Makes new names in `directory` durable. Error: io_failed.
Result<void> sync_directory(const std::string& directory);

/// "`what` `path` failed: the system's text", from errno.
Error system_error(const std::string& what, const std::string& path, int number);

}  // namespace postback::sqlite
