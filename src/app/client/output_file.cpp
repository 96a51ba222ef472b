// Writing beside the file and renaming; reading with a limit.
#include "app/client/output_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

namespace postback {
namespace {

constexpr mode_t kOwnerOnly = 0600;

Error system_error(const std::string& path, const char* what) {
  return {ErrorCode::io_failed, path + " cannot be " + what + ": " + std::strerror(errno)};
}

}  // namespace

OutputFile::~OutputFile() {
  if (descriptor_ < 0 || is_standard_output()) return;
  ::unlink(partial().c_str());
  ::close(descriptor_);
}

Result<void> OutputFile::open() {
  if (is_standard_output()) {
    descriptor_ = STDOUT_FILENO;
    return {};
  }
  struct stat there {};
  if (::stat(path_.c_str(), &there) == 0 && !S_ISREG(there.st_mode)) {
    return Error{ErrorCode::invalid_argument,
                 path_ + " is there and is not a file; name a file, or `-` for standard output"};
  }
  const int opened = ::open(partial().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kOwnerOnly);
  if (opened < 0) return system_error(partial(), "written");
  if (::flock(opened, LOCK_EX | LOCK_NB) != 0) {
    ::close(opened);
    return Error{ErrorCode::store_locked, partial() + " is being written by another process; wait for it"};
  }
  descriptor_ = opened;
  // What an interrupted run left there is written over.
  if (::fchmod(descriptor_, kOwnerOnly) != 0 || ::ftruncate(descriptor_, 0) != 0) {
    return system_error(partial(), "written");
  }
  return {};
}

Result<void> OutputFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_error(is_standard_output() ? "standard output" : partial(), "written");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> OutputFile::finish() {
  if (is_standard_output()) return {};
  if (::fsync(descriptor_) != 0) return system_error(partial(), "made durable");
  if (::rename(partial().c_str(), path_.c_str()) != 0) return system_error(path_, "written");
  ::close(std::exchange(descriptor_, -1));
  return {};
}

Result<std::string> read_whole_file(const std::string& path, std::size_t limit) {
  const bool standard_input = path == "-";
  const int descriptor = standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return system_error(path, "read");
  std::string text;
  std::array<char, 65'536> part{};
  ssize_t got = 0;
  do {
    got = ::read(descriptor, part.data(), part.size());
    if (got > 0) text.append(part.data(), static_cast<std::size_t>(got));
  } while (text.size() <= limit && (got > 0 || (got < 0 && errno == EINTR)));
  const auto error = got < 0 ? std::optional(system_error(path, "read")) : std::nullopt;
  if (!standard_input) ::close(descriptor);
  if (error) return *error;
  if (text.size() <= limit) return text;
  return Error{ErrorCode::invalid_argument, path + " is larger than " + std::to_string(limit) + " bytes"};
}

}  // namespace postback
