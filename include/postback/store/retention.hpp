// Retention: forgets, little by little, whom old clicks, postbacks and deliveries are about.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/store/item_waiter.hpp"
#include "postback/store/reader.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace postback {

/// How long is kept what is personal; 0 days: for ever.
struct RetentionRules {
  unsigned click_days = 0;
  unsigned postback_days = 0;
  unsigned delivery_days = 0;
  /// A clock that jumps must not empty the store: while more than so much of the time that rows are kept for would go
  /// at once, nothing does.
  unsigned most_percent = 50;
  std::optional<TimeMs> confirmed_before{};  ///< Rows older than this may go, however many they are.
  std::size_t step_rows = 200;               ///< Rows of one step.
  std::chrono::milliseconds pause{100};      ///< Between steps, so that clicks and postbacks go first.
};

/// For /metrics.
struct RetentionFigures {
  std::atomic<std::uint64_t> clicks_forgotten{0};
  std::atomic<std::uint64_t> postbacks_forgotten{0};
  std::atomic<std::uint64_t> deliveries_forgotten{0};
  std::atomic<std::uint64_t> held_back{
      0};  ///< Tables whose old rows are not forgotten since too much would go at once.
};

/// Used by one thread; the figures are for anyone.
class Retention {
 public:
  Retention(const RetentionRules& rules, const Clock& clock, ItemWaiter& items)
      : rules_(rules), clock_(clock), items_(items) {}

  const RetentionRules& rules() const { return rules_; }
  const RetentionFigures& figures() const { return figures_; }

  /// One step in each table, whatever becomes of the other. Whether there is more to be done now.
  Result<bool> step(Reader& reader);

 private:
  unsigned days(ForgetTable table) const;
  std::atomic<std::uint64_t>& forgotten(ForgetTable table);
  Result<bool> step_in(Reader& reader, ForgetTable table);
  Result<SnowflakeId> oldest_kept(Reader& reader, ForgetTable table) const;
  bool goes_too_far(ForgetTable table, TimeMs oldest, TimeMs cutoff);
  void hold_back(ForgetTable table, bool held, TimeMs oldest, TimeMs cutoff);

  const RetentionRules rules_;
  const Clock& clock_;
  ItemWaiter& items_;
  RetentionFigures figures_;
  std::array<bool, kForgetTableCount> held_{};  ///< By table.
};

}  // namespace postback
