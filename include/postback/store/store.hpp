// Store: durable storage as the recorder sees it. One writer, batches that are all-or-nothing.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/result.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/domain/click_id.hpp"
#include "postback/domain/offer_caps.hpp"
#include "postback/domain/snowflake.hpp"
#include "postback/store/items.hpp"
#include "postback/store/reader.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace postback {

/// What identifies this store's IDs: read once at start.
struct StoreIdentity {
  std::vector<ClickIdKeys::Key> click_id_keys;
  unsigned node = 1;
  SnowflakeId newest = 0;  ///< The newest ID stored anywhere, 0 if none.
};

/// Figures for /metrics.
struct StoreGauges {
  std::uint64_t wal_bytes = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t pages_written = 0;  ///< Pages handed to the log by commits.
};

/// Used by one thread at a time: the starting one, then the recorder's. Only `open_reader` may be called from any
/// thread.
class Store {
 public:
  virtual ~Store() = default;

  virtual Result<StoreIdentity> identity() = 0;
  /// Takes the next node number from the persisted counter, durably.
  virtual Result<unsigned> reserve_node() = 0;
  /// The catalog in force, archived entities included; `revision` gets its number, 0 for none.
  virtual Result<std::vector<EntityDocument>> catalog_documents(std::uint64_t& revision) = 0;
  /// All keys, those that expired or were revoked included.
  virtual Result<std::vector<StoredKey>> keys() = 0;

  /// Commits all items or none, durably on return, as a fold: each postback is judged with the effects of the items
  /// before it. Fills judgement, postback_id and conversion_click of postbacks; leaves `outcome` to the caller. `ids`
  /// gives the IDs of log rows. No items: a transaction that only shows whether the store takes what it is given.
  /// Errors: store_busy, store_full (nothing was stored), store_sync_failed (unknown; the process must end),
  /// store_rejected (an item cannot be stored: commit them one by one), store_corrupt.
  virtual Result<void> commit(std::span<Item* const> items, SnowflakeGenerator& ids) = 0;

  /// Whether the last commit that succeeded wrote occurrences for destinations.
  virtual bool wrote_occurrences() const { return false; }

  /// Called between batches and about once a second: checkpoints when it is due. `idle` when nothing waits.
  virtual Result<void> maintain(bool idle) = 0;

  virtual StoreGauges gauges() const = 0;

  /// What caps of offers are compared with, up to date with every commit; valid as long as the store. Null: not kept.
  virtual const OfferCounter* offer_counter() const { return nullptr; }

  /// A read-only view for one thread. Never waits for writes.
  virtual Result<std::unique_ptr<Reader>> open_reader() = 0;

  /// Checkpoints and closes; the store is unusable afterwards.
  virtual Result<void> close() = 0;
};

}  // namespace postback
