// GeoDatabase: where an address is, from a file in MaxMind's format; GeoSlot follows such a file as it is replaced.
#pragma once

#include "postback/base/result.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// What is not known is empty.
struct GeoFacts {
  std::string country;  ///< ISO 3166-1 alpha-2, capitals.
  std::string region;   ///< ISO 3166-2 without the country, else the name that the database has.
  std::string city;     ///< English name.
};

/// Immutable and shared by threads. Takes MaxMind's shape of records (country.iso_code, subdivisions, city.names.en:
/// GeoLite2, GeoIP2, DB-IP) and the flat one of ip-location-db (country_code, state1, city).
class GeoDatabase {
 public:
  /// Reads the whole file into memory, so that whatever becomes of the file does no harm. Errors: io_failed,
  /// invalid_argument (not such a file).
  static Result<std::shared_ptr<const GeoDatabase>> open(const std::string& path);
  ~GeoDatabase();
  GeoDatabase(const GeoDatabase&) = delete;
  GeoDatabase& operator=(const GeoDatabase&) = delete;

  /// `address` as text. All empty for an address that is not in the database, or is none.
  void find(std::string_view address, GeoFacts& facts) const;
  /// The type that the file says it is of, such as `GeoLite2-City`.
  std::string_view type() const;

 private:
  struct File;
  explicit GeoDatabase(std::unique_ptr<File> file);
  std::unique_ptr<File> file_;
};

/// Which file a path leads to; another one, or a changed one, compares unequal.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t changed_ns = 0;
  bool operator==(const FileIdentity&) const = default;
};

/// Where the current database is published. Thread-safe; `check` is called by one thread.
class GeoSlot {
 public:
  /// No database: nothing is known of any address.
  GeoSlot() = default;
  /// Opens the file. Errors as GeoDatabase::open.
  Result<void> open(std::string path);
  /// Takes the file in when it was replaced and has come to rest, which is when two calls found it the same. A file
  /// that cannot be read is logged, and the database that is there stays.
  void check();

  std::shared_ptr<const GeoDatabase> current() const;
  std::uint64_t version() const { return version_.load(std::memory_order_acquire); }

 private:
  void publish(std::shared_ptr<const GeoDatabase> next);

  std::string path_;
  std::optional<FileIdentity> taken_;
  std::optional<FileIdentity> last_;
  mutable std::mutex mutex_;
  std::shared_ptr<const GeoDatabase> current_;
  std::vector<std::shared_ptr<const GeoDatabase>> retired_;  ///< Freed by `check` when no io thread uses them.
  std::atomic<std::uint64_t> version_{1};
};

/// One thread's view of a slot: an atomic number a look, the lock only after a change.
class GeoView {
 public:
  explicit GeoView(const GeoSlot& slot) : slot_(slot) {}
  /// Null when there is no database.
  const GeoDatabase* get() {
    if (const auto version = slot_.version(); version != version_) {
      database_ = slot_.current();
      version_ = version;
    }
    return database_.get();
  }

 private:
  const GeoSlot& slot_;
  std::uint64_t version_ = 0;
  std::shared_ptr<const GeoDatabase> database_;
};

}  // namespace postback
