// The database header (SQLite file format section 1.3): magic, application ID, schema version.
#include "store/sqlite/file_check.hpp"

#include "store/sqlite/store_lock.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>

namespace postback::sqlite {
namespace {

constexpr std::string_view kMagic("SQLite format 3\0", 16);
using Header = std::array<unsigned char, 100>;

std::uint32_t big_endian(const Header& header, std::size_t at) {
  return std::uint32_t{header[at]} << 24 | std::uint32_t{header[at + 1]} << 16 | std::uint32_t{header[at + 2]} << 8 |
         std::uint32_t{header[at + 3]};
}

Error foreign(const std::string& path, const std::string& what) {
  return {ErrorCode::store_corrupt, path + " " + what +
                                        "; it was left as it is. Restore the newest backup of the store to this "
                                        "path, or give another path for a new store"};
}

}  // namespace

Error newer_schema(const std::string& path, std::int64_t found, std::int64_t newest_schema) {
  return {ErrorCode::store_schema_newer,
          path + " was written by a newer postbackd (schema " + std::to_string(found) + ", this one knows up to " +
              std::to_string(newest_schema) +
              "); run that version or newer, or restore a backup made before the upgrade"};
}

Result<bool> is_new_database(const std::string& path, std::int64_t newest_schema) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0 && errno == ENOENT) return true;
  if (file < 0) return system_error("opening", path, errno);
  Header header{};
  const auto size = pread(file, header.data(), header.size(), 0);
  const int number = errno;
  ::close(file);
  if (size < 0) return system_error("reading", path, number);
  if (size == 0) return true;
  const bool magic = std::string_view(reinterpret_cast<const char*>(header.data()), kMagic.size()) == kMagic;
  if (static_cast<std::size_t>(size) < header.size() || !magic) {
    // A power cut while the file was being created: SQLite takes it back with the journal it left.
    if (std::filesystem::exists(path + "-journal")) return true;
    return foreign(path, "is not a database, or its beginning is damaged");
  }
  if (big_endian(header, 68) != kApplicationId) return foreign(path, "is a database of another program");
  const std::int64_t schema = big_endian(header, 60);
  if (schema > newest_schema) return newer_schema(path, schema, newest_schema);
  return false;
}

}  // namespace postback::sqlite
