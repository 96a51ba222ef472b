// The loop of the housekeeping thread.
#include "postback/store/housekeeping.hpp"

#include "postback/base/check.hpp"
#include "postback/base/log.hpp"

namespace postback {

namespace {

/// How often is looked whether rows have grown old enough; and how long a refusing store is left alone.
constexpr std::chrono::milliseconds kBetweenLooks{60'000};
constexpr std::chrono::milliseconds kAfterFailure{1'000};

void note(const char* what, const Error& error) {
  spdlog::warn("housekeeping.failed step={} code={} detail={} action=\"tried again\"", what, to_string(error.code),
               log_value(error.detail));
}

}  // namespace

void Housekeeping::start() {
  check(!thread_.joinable(), "housekeeping is started once");
  thread_ = std::thread([this] { loop(); });
}

void Housekeeping::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Housekeeping::clicks_arrived() noexcept {
  {
    const std::lock_guard lock(mutex_);
    arrived_ = true;
  }
  wake_.notify_all();
}

/// How long until the next step.
Housekeeping::Wait Housekeeping::match_late() {
  const auto more = matcher_.step(*reader_);
  if (!more) {
    note("late_match", more.error());
    // What has to be forgotten does not wait for what cannot be matched.
    static_cast<void>(forget_old());
    return kAfterFailure;
  }
  matching_ = *more;
  return Wait{0};
}

Housekeeping::Wait Housekeeping::forget_old() {
  const auto more = retention_.step(*reader_);
  if (!more) {
    note("retention", more.error());
    return kAfterFailure;
  }
  return *more ? retention_.rules().pause : kBetweenLooks;
}

void Housekeeping::loop() {
  for (Wait wait{0};;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, wait, [this] { return stopping_ || arrived_; });
      if (stopping_) return;
      if (arrived_) {
        matcher_.start_over();
        matching_ = true;
      }
      arrived_ = false;
    }
    wait = matching_ ? match_late() : forget_old();
  }
}

}  // namespace postback
