// LossyVfs: changes wait per file until its sync.
#include "support/lossy_vfs.hpp"

#include <fstream>

namespace postback {

LossyVfs::LossyVfs(std::string name, std::filesystem::path durable_directory)
    : WrappingVfs(std::move(name)), directory_(std::move(durable_directory)) {}

std::filesystem::path LossyVfs::copy_of(const std::string& path) const {
  return directory_ / std::filesystem::path(path).filename();
}

void LossyVfs::crash() {
  const std::lock_guard lock(mutex_);
  crashed_ = true;
  waiting_.clear();
}

std::size_t LossyVfs::syncs() const {
  const std::lock_guard lock(mutex_);
  return syncs_;
}

int LossyVfs::before_write(const std::string& path, std::span<const char> bytes, std::int64_t offset) {
  const std::lock_guard lock(mutex_);
  if (!crashed_) waiting_[path].push_back({offset, {bytes.begin(), bytes.end()}, false});
  return SQLITE_OK;
}

int LossyVfs::before_truncate(const std::string& path, std::int64_t size) {
  const std::lock_guard lock(mutex_);
  if (!crashed_) waiting_[path].push_back({size, {}, true});
  return SQLITE_OK;
}

int LossyVfs::before_sync(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (crashed_) return SQLITE_OK;
  const auto copy = copy_of(path);
  if (!std::filesystem::exists(copy)) std::ofstream{copy};
  std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
  for (const Change& change : waiting_[path]) {
    if (change.truncates) {
      file.flush();
      std::filesystem::resize_file(copy, static_cast<std::uintmax_t>(change.offset));
    } else {
      file.seekp(change.offset);
      file.write(change.bytes.data(), static_cast<std::streamsize>(change.bytes.size()));
    }
  }
  file.flush();
  waiting_.erase(path);
  ++syncs_;
  return file ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

int LossyVfs::before_delete(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (crashed_) return SQLITE_OK;
  waiting_.erase(path);
  std::filesystem::remove(copy_of(path));
  return SQLITE_OK;
}

}  // namespace postback
