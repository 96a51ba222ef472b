// LossyVfs: keeps beside the real files a copy that holds only what was synced: what a power cut would leave.
#pragma once

#include "support/wrapping_vfs.hpp"

#include <filesystem>
#include <limits>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace postback {

/// A file's writes and truncations reach its copy in `durable_directory` at the file's own sync; a deletion at once.
/// Files keep their names. Thread-safe.
class LossyVfs final : public WrappingVfs {
 public:
  /// `durable_directory` must exist and be empty.
  LossyVfs(std::string name, std::filesystem::path durable_directory);

  /// The power fails now: nothing becomes durable any more, although writes and syncs go on to succeed.
  void crash();
  /// The power fails right after that many syncs.
  void crash_after_syncs(std::size_t syncs);
  bool crashed() const;

  int before_write(const std::string& path, std::span<const char> bytes, std::int64_t offset) override;
  int before_truncate(const std::string& path, std::int64_t size) override;
  int before_sync(const std::string& path) override;
  int before_delete(const std::string& path) override;

 private:
  struct Change {
    std::int64_t offset;  ///< Or the new size, when `truncates`.
    std::vector<char> bytes;
    bool truncates;
  };
  std::filesystem::path copy_of(const std::string& path) const;

  const std::filesystem::path directory_;
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<Change>> waiting_;
  bool crashed_ = false;
  std::size_t syncs_left_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace postback
