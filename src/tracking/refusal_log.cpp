// Counting refusals, and the thread that has them recorded.
#include "postback/tracking/refusal_log.hpp"

#include "postback/base/check.hpp"
#include "postback/base/log.hpp"

#include <utility>

namespace postback {
namespace {

constexpr std::chrono::seconds kLook{1};

}  // namespace

/// A refusal with copies of what it views, since its request is gone by the time it is recorded.
class RefusalLog::Row final : public PostbackItem {
 public:
  Row(const PostbackItem& refused, std::chrono::milliseconds now)
      : start(now), method_(refused.postback.method), peer_(refused.postback.peer) {
    postback.method = method_;
    postback.peer = peer_;
    postback.arrival = refused.postback.arrival;
    postback.shape = refused.postback.shape;
    postback.secure = refused.postback.secure;
    reading = refused.reading;
    // It stands for others as well, so nothing may become of it later.
    reading.awaits_network = false;
  }
  /// Recorded, or not: nobody waits for it.
  void run() noexcept override { const auto end = std::move(self); }

  const std::chrono::milliseconds start;
  std::unique_ptr<Row> self;  ///< While the recorder has it.

 private:
  const std::string method_;
  const std::string peer_;
};

RefusalLog::RefusalLog(const Clock& clock) : clock_(clock) {}

RefusalLog::~RefusalLog() { stop(); }

void RefusalLog::post(Task* list) noexcept {
  while (list != nullptr) {
    Task* const task = std::exchange(list, list->next_task);
    task->run();
  }
}

void RefusalLog::count(const PostbackItem& refused) {
  check(refused.reading.refusal.has_value(), "only refusals are counted");
  const std::lock_guard lock(mutex_);
  auto& row = rows_[static_cast<std::size_t>(refused.reading.refusal->code)];
  if (row != nullptr) {
    ++row->repeats;
    return;
  }
  row = std::make_unique<Row>(refused, clock_.steady());
  if (++open_ == 1) wake_.notify_one();
}

void RefusalLog::start(Recorder& recorder) {
  recorder_ = &recorder;
  thread_ = std::thread([this] { loop(); });
}

void RefusalLog::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void RefusalLog::loop() {
  for (bool ended = false; !ended;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return open_ > 0 || stopping_; });
      wake_.wait_for(lock, kLook, [this] { return stopping_; });
      ended = stopping_;
    }
    hand_over(take(ended));
  }
}

std::vector<std::unique_ptr<RefusalLog::Row>> RefusalLog::take(bool all) {
  std::vector<std::unique_ptr<Row>> taken;
  const auto now = clock_.steady();
  const std::lock_guard lock(mutex_);
  for (auto& row : rows_) {
    if (row == nullptr || (!all && now < row->start + kMinute)) continue;
    taken.push_back(std::move(row));
    --open_;
  }
  return taken;
}

void RefusalLog::hand_over(std::vector<std::unique_ptr<Row>> rows) {
  for (auto& row : rows) {
    Row& item = *row;
    item.sink = this;
    item.self = std::move(row);
    if (recorder_->submit(item) == SubmitResult::queued) continue;
    spdlog::warn("postback.refusals_not_logged code={} count={} detail=\"the recorder's queue is full\"",
                 to_string(item.reading.refusal->code), item.repeats + 1);
    item.run();
  }
}

}  // namespace postback
