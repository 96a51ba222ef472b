// StoreLock: flock(2) with the holder's process number, and the directory it stands in.
#include "store/sqlite/store_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace postback::sqlite {
namespace {

std::string holder_of(int file) {
  char text[24];
  const auto size = pread(file, text, sizeof text, 0);
  std::string holder(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  while (!holder.empty() && (holder.back() < '0' || holder.back() > '9')) holder.pop_back();
  return holder.empty() ? "an unknown process" : "pid " + holder;
}

}  // namespace

Error system_error(const std::string& what, const std::string& path, int number) {
  return {ErrorCode::io_failed, what + " " + path + " failed: " + std::generic_category().message(number)};
}

StoreLock& StoreLock::operator=(StoreLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

StoreLock::~StoreLock() {
  if (file_ >= 0) ::close(file_);
}

Result<StoreLock> StoreLock::take(const std::string& database) {
  const std::string path = database + ".lock";
  StoreLock lock;
  lock.file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (lock.file_ < 0) return system_error("opening the lock file", path, errno);
  if (flock(lock.file_, LOCK_EX | LOCK_NB) != 0) {
    const int number = errno;
    if (number != EWOULDBLOCK) return system_error("locking", path, number);
    return Error{ErrorCode::store_locked, database + " is already in use by " + holder_of(lock.file_) +
                                              "; stop it, or give this one another store"};
  }
  const std::string pid = std::to_string(getpid()) + "\n";
  if (ftruncate(lock.file_, 0) != 0 ||
      pwrite(lock.file_, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    // Only the holder's name for people is lost; a full disk must not keep the store from opening.
    return lock;
  }
  return lock;
}

Result<void> sync_directory(const std::string& directory) {
  const int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return system_error("opening the directory", directory, errno);
  const int number = fsync(file) == 0 ? 0 : errno;
  ::close(file);
  // EINVAL: this file system does not sync directories.
  if (number != 0 && number != EINVAL) return system_error("syncing the directory", directory, number);
  return {};
}

Result<void> ensure_directory(const std::string& database) {
  namespace fs = std::filesystem;
  const fs::path directory = fs::path(database).parent_path();
  std::error_code failure;
  if (directory.empty() || fs::is_directory(directory, failure)) return {};
  if (auto above = ensure_directory(directory.string()); !above) return above;
  if (fs::exists(directory, failure)) return system_error("using as a directory", directory.string(), ENOTDIR);
  fs::create_directory(directory, failure);
  if (failure) return system_error("creating the directory", directory.string(), failure.value());
  // The store holds tokens, keys and visitors' addresses: nothing for everybody.
  fs::permissions(directory, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec, failure);
  const auto parent = directory.parent_path();
  return sync_directory(parent.empty() ? "." : parent.string());
}

}  // namespace postback::sqlite
