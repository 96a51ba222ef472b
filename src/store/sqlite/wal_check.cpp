// The write-ahead log's own consistency (SQLite file format section 4): is there a commit behind a damaged frame?
//
//   log    = header *frame
//   header = magic(4) version(4) page_size(4) sequence(4) salt(8) checksum(8)
//   frame  = page_number(4) database_size(4; not 0: a commit) salt(8) checksum(8) page
// A frame's checksum goes on from the one before it, over its first 8 bytes and its page.
#include "store/sqlite/file_check.hpp"
#include "store/sqlite/store_lock.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <span>
#include <utility>
#include <vector>

namespace postback::sqlite {
namespace {

using Bytes = std::span<const unsigned char>;
constexpr std::size_t kHeaderSize = 32;
constexpr std::size_t kFrameHeaderSize = 24;

struct Checksum {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  bool operator==(const Checksum&) const = default;
};

std::uint32_t word(const unsigned char* at, bool big_endian) {
  return big_endian ? std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | at[3]
                    : std::uint32_t{at[3]} << 24 | std::uint32_t{at[2]} << 16 | std::uint32_t{at[1]} << 8 | at[0];
}

/// Section 4.2 of the format: over pairs of words in the byte order that the log's magic names.
Checksum extend(Checksum sum, Bytes bytes, bool big_endian) {
  for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
    sum.first += word(bytes.data() + at, big_endian) + sum.second;
    sum.second += word(bytes.data() + at + 4, big_endian) + sum.first;
  }
  return sum;
}

Checksum stored(const unsigned char* at) { return {word(at, true), word(at + 4, true)}; }

struct LogHeader {
  bool valid = false;
  bool big_endian = false;
  std::size_t page_size = 0;
  std::array<unsigned char, 8> salt{};
  Checksum checksum;
};

LogHeader read_header(Bytes bytes) {
  LogHeader header;
  const std::uint32_t magic = word(bytes.data(), true);
  header.big_endian = (magic & 1U) != 0;
  header.page_size = word(bytes.data() + 8, true);
  std::copy_n(bytes.data() + 16, 8, header.salt.begin());
  header.checksum = stored(bytes.data() + 24);
  header.valid = (magic & ~1U) == 0x377f0682 && header.page_size >= 512 && header.page_size <= 65'536 &&
                 extend({}, bytes.first(24), header.big_endian) == header.checksum;
  return header;
}

/// Follows the frames one after the other.
class FrameChain {
 public:
  explicit FrameChain(const LogHeader& header) : header_(header), previous_(header.checksum) {}

  /// Whether this frame shows that a commit before it was damaged.
  bool take(Bytes frame) {
    const bool of_this_log = std::equal(header_.salt.begin(), header_.salt.end(), frame.begin() + 8);
    const Checksum own = stored(frame.data() + 16);
    const Checksum expected = extend(extend(previous_, frame.first(8), header_.big_endian),
                                     frame.subspan(kFrameHeaderSize), header_.big_endian);
    const bool follows = of_this_log && own == expected;
    const bool commit = word(frame.data() + 4, true) != 0;
    previous_ = own;
    if (intact_ && follows) return false;
    intact_ = false;
    if (!follows) seen_commit_ = false;
    if (!of_this_log || !commit) return false;
    return std::exchange(seen_commit_, true);
  }

 private:
  const LogHeader& header_;
  Checksum previous_;
  bool intact_ = true;        ///< No damage so far: what SQLite recovers.
  bool seen_commit_ = false;  ///< A commit stands behind the damage, and all frames since follow each other.
};

Error damaged(const std::string& log, const std::string& where) {
  return {ErrorCode::store_corrupt,
          log + " is damaged " + where +
              ": opening it would silently drop the commits behind that place. It was left as it "
              "is. Restore the newest backup; or, to go on without the newest commits (seconds as a rule), move this "
              "file away"};
}

}  // namespace

Result<void> check_write_ahead_log(const std::string& path) {
  const std::string log = path + "-wal";
  std::ifstream file(log, std::ios::binary);
  if (!file) return {};
  std::vector<unsigned char> bytes(kHeaderSize);
  const auto fill = [&] {
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return static_cast<std::size_t>(file.gcount()) == bytes.size();
  };
  if (!fill()) return {};
  const LogHeader header = read_header(bytes);
  const bool zeros = std::all_of(bytes.begin(), bytes.end(), [](unsigned char byte) { return byte == 0; });
  if (!header.valid) {
    // All zeros: a log whose first sync never happened. Else a sector is written whole, so this was a good header once.
    if (zeros || file.peek() == std::ifstream::traits_type::eof()) return {};
    return damaged(log, "in its header");
  }
  bytes.resize(kFrameHeaderSize + header.page_size);
  FrameChain chain(header);
  for (std::uint64_t frame = 1; fill(); ++frame) {
    if (chain.take(bytes)) return damaged(log, "before frame " + std::to_string(frame));
  }
  return {};
}

}  // namespace postback::sqlite
