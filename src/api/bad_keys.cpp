// Windows of a minute, one for each address that sent a bad key.
#include "postback/api/bad_keys.hpp"

#include "postback/base/address_group.hpp"

namespace postback::api {

BadKeys::Noted BadKeys::note(std::string_view peer, std::chrono::milliseconds now) {
  auto group = address_group(peer);
  const std::lock_guard lock(mutex_);
  forget(now);
  auto found = windows_.find(group);
  if (found == windows_.end()) {
    if (windows_.size() >= addresses_) {
      windows_.erase(oldest_first_.front());
      oldest_first_.pop_front();
    }
    oldest_first_.push_back(group);
    found = windows_.emplace(std::move(group), Window{now}).first;
  }
  auto& window = found->second;
  const bool was_too_many = window.count > kAllowed;
  if (!was_too_many) ++window.count;
  if (window.count <= kAllowed) return {};
  return {window.start + kWindow - now, !was_too_many};
}

/// Drops the windows that have ended.
void BadKeys::forget(std::chrono::milliseconds now) {
  while (!oldest_first_.empty()) {
    const auto oldest = windows_.find(oldest_first_.front());
    if (now < oldest->second.start + kWindow) return;
    windows_.erase(oldest);
    oldest_first_.pop_front();
  }
}

}  // namespace postback::api
