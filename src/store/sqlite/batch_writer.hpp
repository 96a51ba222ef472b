// BatchWriter: writes the items of one transaction in order, each seeing the effects of those before it.
#pragma once

#include "postback/domain/snowflake.hpp"
#include "postback/store/items.hpp"
#include "store/sqlite/click_table.hpp"
#include "store/sqlite/conversion_decisions.hpp"
#include "store/sqlite/conversion_search.hpp"
#include "store/sqlite/conversion_table.hpp"
#include "store/sqlite/forgetting.hpp"
#include "store/sqlite/import_table.hpp"
#include "store/sqlite/offer_count_table.hpp"
#include "store/sqlite/operator_tables.hpp"
#include "store/sqlite/outbox.hpp"
#include "store/sqlite/postback_table.hpp"
#include "store/sqlite/user_agents.hpp"
#include "store/sqlite/visit_tables.hpp"
#include "store/sqlite/waiting_table.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

namespace postback::sqlite {

/// A range of IDs and how many there were.
struct IdRange {
  std::int64_t count = 0;
  SnowflakeId first = 0;
  SnowflakeId last = 0;
  void add(SnowflakeId id) {
    first = count == 0 ? id : std::min(first, id);
    last = std::max(last, id);
    ++count;
  }
};

/// Used by the store's thread, inside its transaction. All return SQLITE_OK or an error code.
class BatchWriter {
 public:
  BatchWriter(Database& database, OfferCounters& offer_counters);

  int write(std::span<Item* const> items, SnowflakeGenerator& ids, TimeMs now);
  /// The transaction was committed or rolled back.
  void end(bool committed);
  /// Whether the transaction imported clicks under the IDs of another tracker.
  bool imported_foreign() const { return foreign_ids_; }
  /// Whether the transaction has occurrences for destinations.
  bool wrote_occurrences() const { return outbox_.written(); }

 private:
  int write_item(Item& item, SnowflakeGenerator& ids);
  int write_visit(Item& item, SnowflakeGenerator& ids);
  int write_outgoing(Item& item, SnowflakeGenerator& ids);
  int write_audit(const std::optional<AuditEntry>& entry, SnowflakeGenerator& ids);
  int write_postback(PostbackItem& item, SnowflakeGenerator& ids);
  int judge_logged(PostbackItem& item, SnowflakeGenerator& ids);
  int look_up(const PostbackItem& item, Facts& facts);
  int read_click_row(ClickFacts& click);
  int store_effect(PostbackItem& item, const Facts& facts, const Conversion* before, SnowflakeGenerator& ids);
  int store_conversion(PostbackItem& item, SnowflakeGenerator& ids);
  int let_wait(const PostbackItem& item);
  int write_release(ReleaseItem& item, SnowflakeGenerator& ids);
  int write_correction(CorrectionItem& item, SnowflakeGenerator& ids);
  int write_import(ImportItem& item);
  int write_forget(ForgetItem& item, SnowflakeGenerator& ids);
  int write_batch_row(unsigned node);
  int write_import_row();

  ClickTable clicks_;
  UserAgents agents_;
  ConversionTable conversions_;
  ConversionSearch conversion_search_;
  TxidClaims txid_claims_;
  ResendTable resends_;
  ConversionDecisions conversion_decisions_;
  Statement click_row_;
  PostbackTable postbacks_;
  OperatorTables operator_tables_;
  OfferCountTable offer_counts_;
  VisitTables visits_;
  WaitingTable waiting_;
  ImportTable imports_;
  Forgetting forgetting_;
  Outbox outbox_;
  Statement left_by_;
  Statement batch_;
  std::int64_t next_batch_ = 1;
  TimeMs now_{};
  IdRange click_ids_;
  IdRange imported_ids_;
  bool foreign_ids_ = false;
  IdRange postback_ids_;
  std::int64_t conversion_changes_ = 0;
};

}  // namespace postback::sqlite
