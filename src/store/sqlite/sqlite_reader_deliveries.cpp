// SqliteReader: the outbox and the log of deliveries.
#include "store/sqlite/sqlite_reader.hpp"

namespace postback::sqlite {

Result<std::vector<Occurrence>> SqliteReader::occurrences(SnowflakeId, std::size_t) { return std::vector<Occurrence>{}; }
Result<DeliveryFacts> SqliteReader::delivery_facts(const FactsWanted&) { return DeliveryFacts{}; }
Result<bool> SqliteReader::was_told(SnowflakeId, EntityNumber) { return false; }
Result<std::vector<StoredDestination>> SqliteReader::destination_states() { return std::vector<StoredDestination>{}; }
Result<std::vector<Delivery>> SqliteReader::due_deliveries(EntityNumber, TimeMs, const DueCursor&, std::size_t) {
  return std::vector<Delivery>{};
}
Result<std::optional<TimeMs>> SqliteReader::next_due(EntityNumber, const DueCursor&) { return std::optional<TimeMs>{}; }
Result<LogPage<Delivery>> SqliteReader::deliveries(const LogQuery&) { return LogPage<Delivery>{}; }
Result<std::optional<Delivery>> SqliteReader::delivery(SnowflakeId) { return std::optional<Delivery>{}; }
Result<std::vector<DeliveryAttempt>> SqliteReader::delivery_attempts(SnowflakeId) {
  return std::vector<DeliveryAttempt>{};
}

}  // namespace postback::sqlite
