// ForgetItem: a step of forgetting whom rows are about, for the recorder.
#pragma once

#include "postback/store/items.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace postback {

/// The tables with something personal in them.
enum class ForgetTable : std::uint8_t { click, postback, delivery };
inline constexpr std::size_t kForgetTableCount = 3;

/// Empties what is personal in some rows of one table. A click loses address, user agent, referrer, external ID,
/// sub-IDs, further parameters and the headers that rules looked at; what its user agent was (device, system, browser,
/// bot) stays. A postback loses headers, body, the query of its target, the caller's address, evidence, fix and
/// warnings. A delivery loses what its impression remembers, and its attempts lose request, answer, address and error.
/// Everything else stays, so that conversions still match and are still counted.
class ForgetItem : public Item {
 public:
  /// The most rows of one step, so that nobody waits for it.
  static constexpr std::size_t kMostRows = 1'000;

  ForgetItem() : Item(ItemKind::forget) {}

  ForgetTable table = ForgetTable::click;
  std::vector<SnowflakeId> rows;  ///< Which; empty: those that are old enough, on from where the last step ended.
  SnowflakeId before = 0;         ///< Old enough are rows with a smaller ID.
  std::size_t most = 200;         ///< Of old rows: at most so many.
  std::optional<AuditEntry> audit{};

  // Filled by the store's commit.
  std::size_t forgotten = 0;  ///< Rows that had something to lose.
  bool more = false;          ///< Of old rows: there are more.
};

}  // namespace postback
