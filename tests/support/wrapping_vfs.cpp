// WrappingVfs: passes every call on to the default VFS, after asking the hooks about those that change the disk.
#include "support/wrapping_vfs.hpp"

#include <cstddef>
#include <new>

namespace postback {
namespace {

/// SQLite's file object with ours in front of the default VFS's.
struct WrappedFile {
  sqlite3_file base;
  WrappingVfs* vfs;
  std::string* path;
  sqlite3_file* real;
};
constexpr std::size_t kFileSize = (sizeof(WrappedFile) + 15) / 16 * 16;

WrappedFile* self(sqlite3_file* file) { return reinterpret_cast<WrappedFile*>(file); }
sqlite3_file* real(sqlite3_file* file) { return self(file)->real; }
sqlite3_vfs* below() { return sqlite3_vfs_find(nullptr); }

int close_file(sqlite3_file* file) {
  const int code = real(file)->pMethods ? real(file)->pMethods->xClose(real(file)) : SQLITE_OK;
  delete self(file)->path;
  return code;
}
int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  return real(file)->pMethods->xRead(real(file), to, size, at);
}
int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  const std::span bytes(static_cast<const char*>(from), static_cast<std::size_t>(size));
  const int code = self(file)->vfs->before_write(*self(file)->path, bytes, at);
  return code == SQLITE_OK ? real(file)->pMethods->xWrite(real(file), from, size, at) : code;
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  const int code = self(file)->vfs->before_truncate(*self(file)->path, size);
  return code == SQLITE_OK ? real(file)->pMethods->xTruncate(real(file), size) : code;
}
int sync_file(sqlite3_file* file, int flags) {
  const int code = self(file)->vfs->before_sync(*self(file)->path);
  return code == SQLITE_OK ? real(file)->pMethods->xSync(real(file), flags) : code;
}
int size_of_file(sqlite3_file* file, sqlite3_int64* size) { return real(file)->pMethods->xFileSize(real(file), size); }
int lock_file(sqlite3_file* file, int level) { return real(file)->pMethods->xLock(real(file), level); }
int unlock_file(sqlite3_file* file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
int check_lock(sqlite3_file* file, int* out) { return real(file)->pMethods->xCheckReservedLock(real(file), out); }
int control(sqlite3_file* file, int what, void* value) {
  return real(file)->pMethods->xFileControl(real(file), what, value);
}
int sector_size(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int characteristics(sqlite3_file* file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}
int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void shm_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int shm_unmap(sqlite3_file* file, int remove) { return real(file)->pMethods->xShmUnmap(real(file), remove); }

// Version 2: no memory mapping of the database.
constexpr sqlite3_io_methods kMethods{2,           close_file,   read_file,       write_file,  truncate_file,
                                      sync_file,   size_of_file, lock_file,       unlock_file, check_lock,
                                      control,     sector_size,  characteristics, shm_map,     shm_lock,
                                      shm_barrier, shm_unmap,    nullptr,         nullptr};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* wrapped = self(file);
  wrapped->vfs = static_cast<WrappingVfs*>(vfs->pAppData);
  wrapped->real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + kFileSize);
  const int code = below()->xOpen(below(), name, wrapped->real, flags, out_flags);
  wrapped->base.pMethods = nullptr;
  if (code != SQLITE_OK) return code;
  wrapped->path = new std::string(name ? name : "");
  wrapped->base.pMethods = &kMethods;
  return SQLITE_OK;
}
int delete_file(sqlite3_vfs* vfs, const char* name, int sync_directory) {
  const int code = static_cast<WrappingVfs*>(vfs->pAppData)->before_delete(name);
  return code == SQLITE_OK ? below()->xDelete(below(), name, sync_directory) : code;
}

}  // namespace

WrappingVfs::WrappingVfs(std::string name) : name_(std::move(name)) {
  vfs_ = *below();
  vfs_.szOsFile += static_cast<int>(kFileSize);
  vfs_.pNext = nullptr;
  vfs_.zName = name_.c_str();
  // The default VFS keeps the way it locks in pAppData, but only its own xOpen reads that.
  vfs_.pAppData = this;
  vfs_.xOpen = open_file;
  vfs_.xDelete = delete_file;
  sqlite3_vfs_register(&vfs_, 0);
}

WrappingVfs::~WrappingVfs() { sqlite3_vfs_unregister(&vfs_); }

int WrappingVfs::before_write(const std::string&, std::span<const char>, std::int64_t) { return SQLITE_OK; }
int WrappingVfs::before_truncate(const std::string&, std::int64_t) { return SQLITE_OK; }
int WrappingVfs::before_sync(const std::string&) { return SQLITE_OK; }
int WrappingVfs::before_delete(const std::string&) { return SQLITE_OK; }

}  // namespace postback
