// Replayer: judges postbacks of the log again, with today's catalog and as of their own time.
#pragma once

#include "postback/domain/click_id.hpp"
#include "postback/store/catalog_slot.hpp"
#include "postback/store/item_waiter.hpp"
#include "postback/store/reader.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// What causes a revision of a conversion besides its postback: stored with it.
inline constexpr std::string_view kCausedByReplay = "replay";
inline constexpr std::string_view kCausedByLateMatch = "late_match";

/// What became of one row.
struct ReplayedRow {
  enum class Outcome : std::uint8_t {
    unchanged,  ///< The verdict says what it said before.
    changed,    ///< It was judged otherwise; `code` and what follows tell how.
    refused,    ///< It is not judged again; `message` says why.
  };
  SnowflakeId id = 0;
  Outcome outcome = Outcome::unchanged;
  std::string code_before{};
  std::string code{};
  std::string message{};
  SnowflakeId click = 0;
  std::uint32_t conversion_number = 0;  ///< Within `click`; 0: none. Not known of a new one before it is stored.
};

/// Thread-safe, with a reader for each thread.
class Replayer {
 public:
  struct Wish {
    bool dry_run = false;
    bool vouched = false;  ///< An admin named these rows: also those that were never authenticated.
    std::string_view cause = kCausedByReplay;
    bool fires = false;  ///< Whether destinations are told of what it brings about.
    /// Rows that wait for their click, with Reading::proved_to: those that never authenticated are authenticated now.
    /// Null: none.
    const std::map<SnowflakeId, std::vector<EntityNumber>>* waiting = nullptr;
  };
  /// Rows of one call: their items stand in the recorder's queue together, beside clicks.
  static constexpr std::size_t kMostRows = 100;

  Replayer(const CatalogSlot& catalog, const ClickIdKeys& keys, ItemWaiter& items)
      : catalog_(catalog), keys_(keys), items_(items) {}

  /// Judges these rows in their order (at most kMostRows), each seeing the effects of those before it, but for a dry
  /// run, where nothing has effects. One that the store rejects is refused and does not hold up the others. Nothing is
  /// authenticated anew, but what waited for its network. On return what changed is durable. Errors: store_busy (some
  /// may have been changed; a repeat is harmless), and those of reading.
  Result<std::vector<ReplayedRow>> replay(Reader& reader, std::vector<StoredPostback> rows, const Wish& wish);

 private:
  struct Job;
  Result<void> prepare(Reader& reader, Job& job, const Wish& wish);
  Result<void> look_up(Reader& reader, Job& job, const Wish& wish);
  Result<void> distrust_status(Reader& reader, Job& job);
  Result<void> judge(Reader& reader, Job& job);

  const CatalogSlot& catalog_;
  const ClickIdKeys& keys_;
  ItemWaiter& items_;
};

}  // namespace postback
