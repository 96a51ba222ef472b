// ReserveFile: allocated with posix_fallocate, so that its blocks are really ours.
#include "store/sqlite/reserve_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>

namespace postback::sqlite {

bool ReserveFile::room() const {
  struct statvfs state {};
  const auto directory = std::filesystem::path(path_).parent_path();
  if (statvfs(directory.empty() ? "." : directory.c_str(), &state) != 0) return false;
  return std::uint64_t{state.f_bavail} * state.f_frsize >= 2 * bytes_;
}

bool ReserveFile::keep() {
  if (kept_ || !wanted()) return kept_;
  struct stat existing {};
  if (stat(path_.c_str(), &existing) == 0 && static_cast<std::uint64_t>(existing.st_blocks) * 512 >= bytes_) {
    return kept_ = true;
  }
  if (!room()) return false;
  const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
  if (file < 0) return false;
  kept_ = posix_fallocate(file, 0, static_cast<off_t>(bytes_)) == 0;
  ::close(file);
  if (!kept_) unlink(path_.c_str());
  return kept_;
}

bool ReserveFile::give_up() {
  if (!kept_) return false;
  kept_ = false;
  return unlink(path_.c_str()) == 0;
}

}  // namespace postback::sqlite
