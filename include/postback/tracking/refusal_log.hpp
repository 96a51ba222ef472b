// RefusalLog: under a flood, one row of the postback log per minute and code in place of one per refusal.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/task.hpp"
#include "postback/domain/verdict.hpp"
#include "postback/store/items.hpp"
#include "postback/store/recorder.hpp"

#include <array>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace postback {

/// Thread-safe. Keeps the first refusal of each code and how many followed, and has it recorded when a minute is over:
/// `repeats` is the number that followed. What was counted in the last minute is lost if the process dies.
class RefusalLog final : private TaskSink {
 public:
  static constexpr std::chrono::milliseconds kMinute{60'000};

  explicit RefusalLog(const Clock& clock);
  ~RefusalLog() override;

  /// Counts a refused postback, whose reading carries its refusal. Any thread.
  void count(const PostbackItem& refused);

  /// Starts the thread that hands rows whose minute is over to the recorder, which must stop before this ends.
  void start(Recorder& recorder);
  /// Hands over all that was counted and ends the thread. Call before the recorder stops.
  void stop();

 private:
  class Row;
  void post(Task* list) noexcept override;
  void loop();
  /// Takes out the rows whose minute is over, or all.
  std::vector<std::unique_ptr<Row>> take(bool all);
  void hand_over(std::vector<std::unique_ptr<Row>> rows);

  const Clock& clock_;
  Recorder* recorder_ = nullptr;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::array<std::unique_ptr<Row>, kVerdictCodeCount> rows_;
  std::size_t open_ = 0;  ///< Rows being counted.
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace postback
