// SqliteReader: the outbox and the log of deliveries.
#include "domain/header_block.hpp"
#include "store/sqlite/conversion_table.hpp"
#include "store/sqlite/delivery_table.hpp"
#include "store/sqlite/occurrence_table.hpp"
#include "store/sqlite/read_snapshot.hpp"
#include "store/sqlite/sqlite_reader.hpp"

#include <algorithm>
#include <utility>

namespace postback::sqlite {
namespace {

TimeMs time_at(const Statement& row, int column) { return TimeMs{std::chrono::milliseconds{row.integer_at(column)}}; }
std::int64_t ms(TimeMs time) { return time.time_since_epoch().count(); }

/// All rows of a statement that is bound. SQLITE_DONE or an error code.
template <class Row, class Read>
int read_all(Statement& statement, std::vector<Row>& rows, Read read) {
  int code = statement.step();
  for (; code == SQLITE_ROW; code = statement.step()) rows.push_back(read(statement));
  return code;
}

/// The first row, if there is one. SQLITE_OK or an error code.
template <class Row, class Read>
int read_first(Statement& statement, std::optional<Row>& found, Read read) {
  const int code = statement.step();
  if (code == SQLITE_ROW) found = read(statement);
  return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

/// A conversion's columns, then those of one of its revisions: what it was then.
Conversion read_conversion_as_of(const Statement& row) {
  constexpr int kRevision = kConversionColumnCount;
  Conversion conversion = read_conversion(row);
  conversion.status = row.number_at<ConversionStatus>(kRevision);
  conversion.payout = row.integer_at(kRevision + 1);
  conversion.amount = row.optional_at(kRevision + 2);
  conversion.currency = row.text_at(kRevision + 3);
  conversion.original_status = row.text_at(kRevision + 4);
  conversion.reason = row.text_at(kRevision + 5);
  conversion.updated = time_at(row, kRevision + 6);
  conversion.revision = row.number_at<std::uint32_t>(kRevision + 7);
  return conversion;
}

PostbackText read_request(const Statement& row) {
  PostbackText text{.target = row.text_at(0), .content_type = {}, .body = row.text_at(2)};
  if (const auto type = find_header(row.view_at(1), "content-type")) text.content_type = *type;
  return text;
}

StoredDestination read_state(const Statement& row) {
  StoredDestination state;
  state.destination = row.number_at<EntityNumber>(0);
  state.remainder = row.integer_at(1);
  if (!row.is_null(2)) state.paused = time_at(row, 2);
  state.reason = row.text_at(3);
  return state;
}

}  // namespace

Result<std::vector<Occurrence>> SqliteReader::occurrences(SnowflakeId after, std::size_t limit) {
  Statement& rows = outgoing_.occurrences;
  const ResetAtEnd reset(rows);
  rows.id(1, after);
  rows.id(2, limit);
  std::vector<Occurrence> found;
  if (const int code = read_all(rows, found, read_occurrence); code != SQLITE_DONE) {
    return database_.error(code, Phase::reading);
  }
  return found;
}

int SqliteReader::find_conversion(const FactsWanted& wanted, DeliveryFacts& facts) {
  if (wanted.conversion == 0) return SQLITE_OK;
  Statement& row = outgoing_.conversion;
  const ResetAtEnd reset(row);
  row.id(1, wanted.conversion);
  row.integer(2, wanted.conversion_revision);
  if (const int code = read_first(row, facts.conversion, read_conversion_as_of); code != SQLITE_OK) return code;
  if (facts.conversion) facts.offer = facts.conversion->offer;
  if (!wanted.postback) return SQLITE_OK;
  Statement& request = outgoing_.request;
  const ResetAtEnd reset_request(request);
  request.id(1, wanted.conversion);
  request.integer(2, wanted.conversion_revision);
  return read_first(request, facts.postback, read_request);
}

int SqliteReader::find_cta_offer(const FactsWanted& wanted, DeliveryFacts& facts) {
  if (wanted.cta == 0 || facts.offer != 0) return SQLITE_OK;
  Statement& row = outgoing_.cta_offer;
  const ResetAtEnd reset(row);
  row.id(1, wanted.click);
  row.integer(2, wanted.cta);
  std::optional<EntityNumber> offer;
  const int code = read_first(row, offer, [](const Statement& found) { return found.number_at<EntityNumber>(0); });
  facts.offer = offer.value_or(0);
  return code;
}

Result<DeliveryFacts> SqliteReader::delivery_facts(const FactsWanted& wanted) {
  const Snapshot snapshot(database_);
  if (!snapshot.begun()) return snapshot.begun().error();
  DeliveryFacts facts;
  if (wanted.click != 0) {
    auto found = click(wanted.click);
    if (!found) return found.error();
    facts.click = std::move(*found);
  }
  if (const int code = find_conversion(wanted, facts); code != SQLITE_OK) return database_.error(code, Phase::reading);
  if (const int code = find_cta_offer(wanted, facts); code != SQLITE_OK) return database_.error(code, Phase::reading);
  if (facts.offer == 0 && facts.click) facts.offer = facts.click->offer;
  return facts;
}

Result<bool> SqliteReader::was_told(SnowflakeId conversion, EntityNumber destination) {
  Statement& row = outgoing_.told;
  const ResetAtEnd reset(row);
  row.id(1, conversion);
  row.integer(2, destination);
  const int code = row.step();
  if (code != SQLITE_ROW && code != SQLITE_DONE) return database_.error(code, Phase::reading);
  return code == SQLITE_ROW;
}

/// Adds to what was found when each destination's first pending delivery is due: one step down the index for each.
int SqliteReader::find_pending(std::vector<StoredDestination>& found) {
  Statement& row = outgoing_.pending;
  for (EntityNumber after = 0;;) {
    const ResetAtEnd reset(row);
    row.integer(1, after);
    const int code = row.step();
    if (code != SQLITE_ROW) return code == SQLITE_DONE ? SQLITE_OK : code;
    after = row.number_at<EntityNumber>(0);
    auto known = std::ranges::lower_bound(found, after, {}, &StoredDestination::destination);
    if (known == found.end() || known->destination != after) {
      known = found.insert(known, StoredDestination{.destination = after});
    }
    known->next_due = time_at(row, 1);
  }
}

Result<std::vector<StoredDestination>> SqliteReader::destination_states() {
  const Snapshot snapshot(database_);
  if (!snapshot.begun()) return snapshot.begun().error();
  std::vector<StoredDestination> found;
  {
    const ResetAtEnd reset(outgoing_.states);
    const int code = read_all(outgoing_.states, found, read_state);
    if (code != SQLITE_DONE) return database_.error(code, Phase::reading);
  }
  if (const int code = find_pending(found); code != SQLITE_OK) return database_.error(code, Phase::reading);
  return found;
}

Result<std::vector<Delivery>> SqliteReader::due_deliveries(EntityNumber destination, TimeMs now, const DueCursor& after,
                                                           std::size_t limit) {
  Statement& rows = outgoing_.due;
  const ResetAtEnd reset(rows);
  rows.integer(1, destination);
  rows.integer(2, ms(now));
  rows.integer(3, ms(after.due));
  rows.id(4, after.id);
  rows.id(5, limit);
  std::vector<Delivery> found;
  if (const int code = read_all(rows, found, read_delivery); code != SQLITE_DONE) {
    return database_.error(code, Phase::reading);
  }
  return found;
}

Result<std::optional<TimeMs>> SqliteReader::next_due(EntityNumber destination, const DueCursor& after) {
  Statement& row = outgoing_.next_due;
  const ResetAtEnd reset(row);
  row.integer(1, destination);
  row.integer(2, ms(after.due));
  row.id(3, after.id);
  std::optional<TimeMs> due;
  const int code = read_first(row, due, [](const Statement& found) { return time_at(found, 0); });
  if (code != SQLITE_OK) return database_.error(code, Phase::reading);
  return due;
}

Result<std::uint64_t> SqliteReader::pending_deliveries() {
  const ResetAtEnd reset(outgoing_.pending_count);
  std::optional<std::uint64_t> count;
  const int code = read_first(outgoing_.pending_count, count,
                              [](const Statement& found) { return static_cast<std::uint64_t>(found.integer_at(0)); });
  if (code != SQLITE_OK) return database_.error(code, Phase::reading);
  return count.value_or(0);
}

Result<std::optional<Delivery>> SqliteReader::delivery(SnowflakeId id) {
  const ResetAtEnd reset(outgoing_.delivery);
  outgoing_.delivery.id(1, id);
  std::optional<Delivery> found;
  if (const int code = read_first(outgoing_.delivery, found, read_delivery); code != SQLITE_OK) {
    return database_.error(code, Phase::reading);
  }
  return found;
}

Result<std::vector<DeliveryAttempt>> SqliteReader::delivery_attempts(SnowflakeId delivery) {
  const ResetAtEnd reset(outgoing_.attempts);
  outgoing_.attempts.id(1, delivery);
  std::vector<DeliveryAttempt> found;
  if (const int code = read_all(outgoing_.attempts, found, read_attempt); code != SQLITE_DONE) {
    return database_.error(code, Phase::reading);
  }
  return found;
}

}  // namespace postback::sqlite
