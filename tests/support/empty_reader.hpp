// EmptyReader: a reader of a store with nothing in it, for tests to derive from.
#pragma once

#include "postback/store/reader.hpp"

namespace postback::testing {

class EmptyReader : public Reader {
 public:
  Result<std::optional<ClickFacts>> click_facts(SnowflakeId) override { return std::optional<ClickFacts>{}; }
  Result<Facts> facts(const Reading&) override { return Facts{}; }
  Result<std::optional<StoredClick>> click(SnowflakeId) override { return std::optional<StoredClick>{}; }
  Result<LogPage<StoredClick>> clicks(const LogQuery&) override { return LogPage<StoredClick>{}; }
  Result<LogPage<StoredConversion>> conversions(const LogQuery&) override { return LogPage<StoredConversion>{}; }
  Result<std::optional<StoredConversion>> conversion(SnowflakeId, std::uint32_t) override {
    return std::optional<StoredConversion>{};
  }
  Result<std::vector<ConversionRevision>> conversion_revisions(SnowflakeId) override {
    return std::vector<ConversionRevision>{};
  }
  Result<std::optional<TimeMs>> next_release() override { return std::optional<TimeMs>{}; }
  Result<LogPage<StoredPostback>> postbacks(const LogQuery&) override { return LogPage<StoredPostback>{}; }
  Result<LogPage<AuditEntry>> audit(const LogQuery&) override { return LogPage<AuditEntry>{}; }
  Result<std::vector<StoredCta>> ctas(SnowflakeId, std::size_t) override { return std::vector<StoredCta>{}; }
  Result<std::vector<SpendEntry>> spend(const SpendQuery&) override { return std::vector<SpendEntry>{}; }
  Result<std::vector<Revision>> revisions(std::uint64_t, std::size_t) override { return std::vector<Revision>{}; }
  Result<std::optional<Revision>> revision(std::uint64_t) override { return std::optional<Revision>{}; }
  Result<std::vector<EntityDocument>> changed_in(std::uint64_t) override { return std::vector<EntityDocument>{}; }
  Result<std::optional<EntityDocument>> document_at(EntityKind, std::string_view, std::uint64_t) override {
    return std::optional<EntityDocument>{};
  }
  Result<std::uint64_t> last_change(EntityKind, std::uint64_t) override { return std::uint64_t{0}; }
  Result<std::vector<EntityDocument>> catalog_at(std::uint64_t) override { return std::vector<EntityDocument>{}; }
  Result<std::optional<Conversion>> left_by(SnowflakeId, std::uint32_t, SnowflakeId) override {
    return std::optional<Conversion>{};
  }
  Result<std::vector<WaitingPostback>> waiting(const WaitingPostback&, std::size_t) override {
    return std::vector<WaitingPostback>{};
  }
  Result<SnowflakeId> foreign_click(std::string_view) override { return SnowflakeId{0}; }
  Result<SnowflakeId> forgotten_to(ForgetTable) override { return SnowflakeId{0}; }
  Result<FoundRows> rows_about(const Person&, ForgetTable, SnowflakeId, std::chrono::milliseconds) override {
    return FoundRows{};
  }
  Result<std::vector<Occurrence>> occurrences(SnowflakeId, std::size_t) override { return std::vector<Occurrence>{}; }
  Result<DeliveryFacts> delivery_facts(const FactsWanted&) override { return DeliveryFacts{}; }
  Result<bool> was_told(SnowflakeId, EntityNumber) override { return false; }
  Result<std::vector<StoredDestination>> destination_states() override { return std::vector<StoredDestination>{}; }
  Result<std::vector<Delivery>> due_deliveries(EntityNumber, TimeMs, const DueCursor&, std::size_t) override {
    return std::vector<Delivery>{};
  }
  Result<std::optional<TimeMs>> next_due(EntityNumber, const DueCursor&) override { return std::optional<TimeMs>{}; }
  Result<LogPage<Delivery>> deliveries(const LogQuery&) override { return LogPage<Delivery>{}; }
  Result<std::optional<Delivery>> delivery(SnowflakeId) override { return std::optional<Delivery>{}; }
  Result<std::vector<DeliveryAttempt>> delivery_attempts(SnowflakeId) override {
    return std::vector<DeliveryAttempt>{};
  }
};

}  // namespace postback::testing
