// FaultVfs: a disk that fills up, refuses to sync or fails to write, when a test says so.
#pragma once

#include "support/wrapping_vfs.hpp"

#include <atomic>
#include <cstdint>
#include <limits>

namespace postback {

/// Thread-safe. Until told otherwise everything succeeds.
class FaultVfs final : public WrappingVfs {
 public:
  using WrappingVfs::WrappingVfs;
  static constexpr std::int64_t kForEver = std::numeric_limits<std::int64_t>::max();

  /// From now on that many bytes can be written before the disk is full; kForEver: there is room again.
  void leave_room(std::int64_t bytes) { room_ = bytes; }
  /// That many syncs succeed, all later ones fail with EIO.
  void fail_syncs_after(std::int64_t good) { good_syncs_ = good; }
  /// That many writes succeed, all later ones fail with EIO.
  void fail_writes_after(std::int64_t good) { good_writes_ = good; }
  std::int64_t syncs() const { return syncs_; }

  int before_write(const std::string&, std::span<const char> bytes, std::int64_t) override {
    if (take(good_writes_, 1) < 0) return SQLITE_IOERR_WRITE;
    return take(room_, static_cast<std::int64_t>(bytes.size())) < 0 ? SQLITE_FULL : SQLITE_OK;
  }
  int before_sync(const std::string&) override {
    ++syncs_;
    return take(good_syncs_, 1) < 0 ? SQLITE_IOERR_FSYNC : SQLITE_OK;
  }

 private:
  static std::int64_t take(std::atomic<std::int64_t>& left, std::int64_t amount) {
    return left == kForEver ? kForEver : left -= amount;
  }
  std::atomic<std::int64_t> room_{kForEver};
  std::atomic<std::int64_t> good_syncs_{kForEver};
  std::atomic<std::int64_t> good_writes_{kForEver};
  std::atomic<std::int64_t> syncs_{0};
};

}  // namespace postback
