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
  if (clock_.steady() >= try_all_again_) left_aside_ = 0;
  std::size_t limit = kStep;
  for (std::size_t released = 0;;) {
    const auto next = reader_->next_release();
    if (!next) return next.error();
    if (!next->has_value() || **next > now) return released;
    ItemWaiter::Counted<ReleaseItem> item;
    item.now = now;
    item.limit = limit;
    item.skip = left_aside_;
    const auto committed = items_.commit(item);
    const bool rejected = !committed && committed.error().code == ErrorCode::store_rejected;
    if (!committed && !rejected) return committed.error();
    if (rejected) {
      // One by one up to the one that is meant.
      if (limit == 1) leave_aside();
      limit = limit == 1 ? kStep : 1;
      continue;
    }
    if (item.released == 0) return released;
    released += item.released;
  }
}

void HoldReleaser::leave_aside() {
  if (left_aside_++ == 0) try_all_again_ = clock_.steady() + kPause;
  spdlog::error("holds.left_aside conversions={} action=\"tried again in {} s\"", left_aside_,
                std::chrono::seconds(kPause).count());
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
