// GeoDatabase: libmaxminddb over a copy of the file that nobody else can change.
#include "postback/base/address_range.hpp"
#include "postback/tracking/geo.hpp"

#include <fcntl.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace postback {
namespace {

/// A file descriptor that is closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

Error system_error(const std::string& path) {
  return {ErrorCode::io_failed, path + ": " + std::generic_category().message(errno)};
}

/// Copies a file into memory that has a descriptor: libmaxminddb opens by name and maps what it opens, and a mapped
/// file that is overwritten in its place would end the process.
Result<void> copy(const std::string& path, int target) {
  const Descriptor source(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (source.number() < 0 || ::fstat(source.number(), &status) != 0) return system_error(path);
  if (!S_ISREG(status.st_mode)) return Error{ErrorCode::io_failed, path + ": is no file"};
  constexpr std::size_t kPiece = 1U << 30;
  for (;;) {
    const auto copied = ::sendfile(target, source.number(), nullptr, kPiece);
    if (copied == 0) return {};
    if (copied < 0 && errno != EINTR) return system_error(path);
  }
}

std::string_view text_of(const MMDB_entry_data_s& data) {
  if (!data.has_data || data.type != MMDB_DATA_TYPE_UTF8_STRING) return {};
  return {data.utf8_string, data.data_size};
}

/// The text at the end of a path into a record; empty when there is none.
template <class... Steps>
std::string_view text_at(MMDB_entry_s& entry, Steps... steps) {
  const std::array<const char*, sizeof...(steps) + 1> path{steps..., nullptr};
  MMDB_entry_data_s data;
  return MMDB_aget_value(&entry, &data, path.data()) == MMDB_SUCCESS ? text_of(data) : std::string_view{};
}

std::string_view either(std::string_view first, std::string_view second) { return first.empty() ? second : first; }

bool is_country_code(std::string_view text) {
  return text.size() == 2 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

struct GeoDatabase::File {
  MMDB_s database{};
  bool open = false;
  ~File() {
    if (open) MMDB_close(&database);
  }
};

GeoDatabase::GeoDatabase(std::unique_ptr<File> file) : file_(std::move(file)) {}
GeoDatabase::~GeoDatabase() = default;

Result<std::shared_ptr<const GeoDatabase>> GeoDatabase::open(const std::string& path) {
  const Descriptor memory(::memfd_create("postbackd-geo", MFD_CLOEXEC));
  if (memory.number() < 0) return system_error(path);
  if (auto copied = copy(path, memory.number()); !copied) return copied.error();
  auto file = std::make_unique<File>();
  const std::string name = "/proc/self/fd/" + std::to_string(memory.number());
  if (const int code = MMDB_open(name.c_str(), MMDB_MODE_MMAP, &file->database); code != MMDB_SUCCESS) {
    return Error{ErrorCode::invalid_argument,
                 path + ": is no database in MaxMind's format (" + MMDB_strerror(code) + ")"};
  }
  file->open = true;
  return std::shared_ptr<const GeoDatabase>(new GeoDatabase(std::move(file)));
}

std::string_view GeoDatabase::type() const { return file_->database.metadata.database_type; }

void GeoDatabase::find(std::string_view address, GeoFacts& facts) const {
  facts.country.clear();
  facts.region.clear();
  facts.city.clear();
  const auto parsed = parse_address(address);
  if (!parsed) return;
  sockaddr_storage socket{};
  if (parsed->is_v4()) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(socket);
    v4.sin_family = AF_INET;
    std::memcpy(&v4.sin_addr, parsed->bytes.data() + 12, 4);
  } else {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(socket);
    v6.sin6_family = AF_INET6;
    std::memcpy(&v6.sin6_addr, parsed->bytes.data(), 16);
  }
  int code = MMDB_SUCCESS;
  auto found = MMDB_lookup_sockaddr(&file_->database, reinterpret_cast<const sockaddr*>(&socket), &code);
  if (code != MMDB_SUCCESS || !found.found_entry) return;
  const auto flat = text_at(found.entry, "country_code");
  const auto country = either(flat, text_at(found.entry, "country", "iso_code"));
  if (is_country_code(country)) facts.country = country;
  if (!flat.empty()) {
    facts.region = text_at(found.entry, "state1");
    facts.city = text_at(found.entry, "city");
    return;
  }
  facts.region = either(text_at(found.entry, "subdivisions", "0", "iso_code"),
                        text_at(found.entry, "subdivisions", "0", "names", "en"));
  facts.city = text_at(found.entry, "city", "names", "en");
}

}  // namespace postback
