// LateMatcher: matches postbacks that waited for their click, once it is there.
#pragma once

#include "postback/store/replayer.hpp"

namespace postback {

/// Used by one thread.
class LateMatcher {
 public:
  /// Rows looked at in one step.
  static constexpr std::size_t kStep = Replayer::kMostRows;

  explicit LateMatcher(Replayer& replayer) : replayer_(replayer) {}

  /// From the first waiting postback again.
  void start_over() { after_ = {}; }
  /// Looks at the next few; judges those again whose click is there, and passes over those that cannot be matched all
  /// the same, with a line in the log. Whether there may be more. Errors as of replays: the same rows are looked at in
  /// the next step.
  Result<bool> step(Reader& reader);

 private:
  Replayer& replayer_;
  WaitingPostback after_;
};

}  // namespace postback
