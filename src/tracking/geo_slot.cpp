// GeoSlot: looks whether the file is another one, and puts the new database in the old one's place.
#include "postback/base/log.hpp"
#include "postback/tracking/geo.hpp"

#include <sys/stat.h>

namespace postback {
namespace {

std::optional<FileIdentity> identify(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  constexpr std::int64_t kNsPerSecond = 1'000'000'000;
  return FileIdentity{.device = status.st_dev,
                      .inode = status.st_ino,
                      .size = status.st_size,
                      .changed_ns = status.st_mtim.tv_sec * kNsPerSecond + status.st_mtim.tv_nsec};
}

}  // namespace

Result<void> GeoSlot::open(std::string path) {
  path_ = std::move(path);
  taken_ = last_ = identify(path_);  // before it is read: a file replaced meanwhile is another one
  auto database = GeoDatabase::open(path_);
  if (!database) return database.error();
  publish(std::move(*database));
  return {};
}

void GeoSlot::check() {
  if (path_.empty()) return;
  std::erase_if(retired_, [](const auto& database) { return database.use_count() == 1; });
  const auto now = identify(path_);
  const bool at_rest = now == last_;
  last_ = now;
  // A file that is gone is about to be replaced, or the operator's business: what was read stays.
  if (!now || !at_rest || now == taken_) return;
  taken_ = now;  // a bad file is said once
  auto database = GeoDatabase::open(path_);
  if (!database) {
    spdlog::warn("geo.reload_failed detail={} advice=\"the database read before stays in use; put a whole file there\"",
                 log_value(database.error().detail));
    return;
  }
  publish(std::move(*database));
  spdlog::info("geo.reloaded type={}", log_value(current()->type()));
}

std::shared_ptr<const GeoDatabase> GeoSlot::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

void GeoSlot::publish(std::shared_ptr<const GeoDatabase> next) {
  {
    const std::lock_guard lock(mutex_);
    current_.swap(next);
  }
  if (next) retired_.push_back(std::move(next));
  version_.fetch_add(1, std::memory_order_release);
}

}  // namespace postback
