// WrappingVfs: a SQLite VFS that lets a test see, and fail, what is written to disk through the default one.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <span>
#include <string>

namespace postback {

/// Registered under its name while it lives; must outlive every connection that uses it. The hooks are called from any
/// thread. A hook before the real call may return an error code, which is answered instead of making the call.
class WrappingVfs {
 public:
  explicit WrappingVfs(std::string name);
  virtual ~WrappingVfs();
  WrappingVfs(const WrappingVfs&) = delete;
  WrappingVfs& operator=(const WrappingVfs&) = delete;
  const std::string& name() const { return name_; }

  virtual int before_write(const std::string& path, std::span<const char> bytes, std::int64_t offset);
  virtual int before_truncate(const std::string& path, std::int64_t size);
  virtual int before_sync(const std::string& path);
  virtual int before_delete(const std::string& path);

 private:
  std::string name_;
  sqlite3_vfs vfs_{};
};

}  // namespace postback
