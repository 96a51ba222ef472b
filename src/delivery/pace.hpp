// Pace: how much is sent while visitors need the machine.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace postback::delivery {

/// Deliveries can wait and visitors cannot, but both share processors and the recorder. So while many visits and
/// postbacks are recorded, deliveries get a part of what these get; otherwise they get all they want. Counted in
/// windows: what was recorded in one decides for the next. Used by one thread.
class Pace {
 public:
  using Milliseconds = std::chrono::milliseconds;
  static constexpr Milliseconds kWindow{50};
  static constexpr Milliseconds kLongestWindow{200};  ///< More is not made up for.
  static constexpr std::uint64_t kFewVisits = 1'000;      ///< A second: below, nothing is held back.
  static constexpr std::uint64_t kManyVisits = 10'000;    ///< A second: from here on each commit counts.
  static constexpr std::uint64_t kLeastDeliveries = 500;  ///< A second, however few visits there are.

  /// `visits`: how many visits and postbacks were recorded so far. One delivery for `visits_per_delivery` of them; 0:
  /// no limit.
  Pace(std::size_t visits_per_delivery, std::function<std::uint64_t()> visits)
      : visits_per_delivery_(visits_per_delivery), visits_(std::move(visits)) {}

  /// Whether one more may be sent now.
  bool allows(Milliseconds now);
  void sent();
  /// After `allows` said no: how long until it says yes, from 0 on. Nothing when it said yes.
  std::optional<Milliseconds> wait(Milliseconds now) const;
  /// While there are many visits: how long until the window's end. What comes meanwhile should share a commit.
  Milliseconds rest(Milliseconds now) const;

 private:
  bool limited() const { return visits_a_second_ >= kFewVisits; }
  void open_window(Milliseconds now);

  const std::size_t visits_per_delivery_;
  const std::function<std::uint64_t()> visits_;
  std::optional<Milliseconds> begin_;  ///< Of the window.
  std::uint64_t seen_ = 0;             ///< Visits, at its begin.
  std::uint64_t visits_a_second_ = 0;  ///< In the window before.
  std::uint64_t left_ = 0;
};

}  // namespace postback::delivery
