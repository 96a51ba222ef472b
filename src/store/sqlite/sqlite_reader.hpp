// SqliteReader: a read-only connection for one thread, with its statements prepared.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/store/reader.hpp"
#include "postback/store/sqlite.hpp"
#include "store/sqlite/click_table.hpp"
#include "store/sqlite/conversion_search.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/delivery_statements.hpp"
#include "store/sqlite/foreign_ids.hpp"
#include "store/sqlite/log_search.hpp"
#include "store/sqlite/snapshot_gate.hpp"

#include <atomic>
#include <memory>

namespace postback::sqlite {

template <class Row>
struct PageUnderWay;

/// See Reader. No statement is left open on return, so no snapshot keeps the log from being emptied.
class SqliteReader final : public Reader {
 public:
  /// `foreign_ids`: whether any click has an ID of another tracker.
  static Result<std::unique_ptr<Reader>> open(
      const SqliteOptions& options, const Clock& clock, std::shared_ptr<SnapshotGate> gate,
      std::shared_ptr<const std::atomic<bool>> foreign_ids = std::make_shared<std::atomic<bool>>(true));
  SqliteReader(Database database, const Clock& clock, std::shared_ptr<SnapshotGate> gate,
               std::shared_ptr<const std::atomic<bool>> foreign_ids);

  Result<std::optional<ClickFacts>> click_facts(SnowflakeId id) override;
  Result<Facts> facts(const Reading& reading) override;
  Result<std::optional<StoredClick>> click(SnowflakeId id) override;
  Result<LogPage<StoredClick>> clicks(const LogQuery& query) override;
  Result<LogPage<StoredConversion>> conversions(const LogQuery& query) override;
  Result<std::optional<StoredConversion>> conversion(SnowflakeId click, std::uint32_t number) override;
  Result<std::vector<ConversionRevision>> conversion_revisions(SnowflakeId id) override;
  Result<std::optional<TimeMs>> next_release() override;
  Result<LogPage<StoredPostback>> postbacks(const LogQuery& query) override;
  Result<LogPage<AuditEntry>> audit(const LogQuery& query) override;
  Result<std::vector<StoredCta>> ctas(SnowflakeId click, std::size_t limit) override;
  Result<std::vector<SpendEntry>> spend(const SpendQuery& query) override;
  Result<std::vector<Revision>> revisions(std::uint64_t before, std::size_t limit) override;
  Result<std::optional<Revision>> revision(std::uint64_t number) override;
  Result<std::vector<EntityDocument>> changed_in(std::uint64_t number) override;
  Result<std::optional<EntityDocument>> document_at(EntityKind kind, std::string_view id,
                                                    std::uint64_t number) override;
  Result<std::uint64_t> last_change(EntityKind kind, std::uint64_t until) override;
  Result<std::vector<EntityDocument>> catalog_at(std::uint64_t number) override;
  Result<std::optional<Conversion>> left_by(SnowflakeId click, std::uint32_t number, SnowflakeId postback) override;
  Result<std::vector<WaitingPostback>> waiting(const WaitingPostback& after, std::size_t limit) override;
  Result<SnowflakeId> foreign_click(std::string_view foreign_id) override;
  Result<SnowflakeId> forgotten_to(ForgetTable table) override;
  Result<FoundRows> rows_about(const Person& person, ForgetTable table, SnowflakeId before,
                               std::chrono::milliseconds budget) override;
  Result<std::vector<Occurrence>> occurrences(SnowflakeId after, std::size_t limit) override;
  Result<DeliveryFacts> delivery_facts(const FactsWanted& wanted) override;
  Result<bool> was_told(SnowflakeId conversion, EntityNumber destination) override;
  Result<std::vector<StoredDestination>> destination_states() override;
  Result<std::vector<Delivery>> due_deliveries(EntityNumber destination, TimeMs now, const DueCursor& after,
                                               std::size_t limit) override;
  Result<std::uint64_t> pending_deliveries() override;
  Result<std::optional<TimeMs>> next_due(EntityNumber destination, const DueCursor& after) override;
  Result<LogPage<Delivery>> deliveries(const LogQuery& query) override;
  Result<std::optional<Delivery>> delivery(SnowflakeId id) override;
  Result<std::vector<DeliveryAttempt>> delivery_attempts(SnowflakeId delivery) override;

 private:
  /// Reads one page of `table`; `row` finds a whole row by its ID. A checkpoint that is due may divide it into several
  /// snapshots, between which rows that were not looked at yet may be added or change.
  template <class Row, class Read>
  Result<LogPage<Row>> page(SearchTable table, Statement& row, const LogQuery& query, Read read);
  /// Goes on with a page under way within one snapshot.
  template <class Row, class Read>
  Result<void> look_at_rows(PageUnderWay<Row>& under_way, SearchTable table, Statement& row, Read read);

  int find_conversion(const FactsWanted& wanted, DeliveryFacts& facts);
  int find_cta_offer(const FactsWanted& wanted, DeliveryFacts& facts);
  int find_pending(std::vector<StoredDestination>& found);

  const Clock& clock_;
  const std::shared_ptr<SnapshotGate> gate_;
  Database database_;
  ClickFactsSearch click_facts_;
  Statement click_;
  Statement conversion_;
  Statement postback_;
  Statement audit_;
  ConversionSearch conversion_search_;
  Statement conversion_number_;
  Statement conversion_revisions_;
  Statement next_release_;
  Statement offer_counts_;
  Statement ctas_;
  const std::shared_ptr<const std::atomic<bool>> foreign_ids_;
  Statement left_by_;
  ForeignIds foreign_clicks_;
  DeliveryStatements outgoing_;
};

}  // namespace postback::sqlite
