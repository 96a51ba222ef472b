// The loop of the thread that ends holds.
#include "postback/store/hold_releaser.hpp"

#include "postback/base/check.hpp"
#include "postback/base/log.hpp"
#include "postback/store/conversion_items.hpp"

namespace postback {

void HoldReleaser::start() {
  check(!thread_.joinable(), "a releaser is started once");
  thread_ = std::thread([this] { loop(); });
}

void HoldReleaser::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<std::size_t> HoldReleaser::release_due() {
  const TimeMs now = clock_.wall();
  for (std::size_t released = 0;;) {
    const auto next = reader_->next_release();
    if (!next) return next.error();
    if (!next->has_value() || **next > now) return released;
    ItemWaiter::Counted<ReleaseItem> item;
    item.now = now;
    item.limit = kStep;
    if (auto committed = items_.commit(item); !committed) return committed.error();
    if (item.released == 0) return released;
    released += item.released;
  }
}

void HoldReleaser::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    if (const auto released = release_due(); !released) {
      spdlog::warn("holds.not_released code={} detail={} action=\"tried again\"", to_string(released.error().code),
                   log_value(released.error().detail));
    } else if (*released > 0) {
      spdlog::info("holds.released conversions={}", *released);
    }
    lock.lock();
    wake_.wait_for(lock, kInterval, [this] { return stopping_; });
  }
}

}  // namespace postback
