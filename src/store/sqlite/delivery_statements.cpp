// The statements that read the outbox. Each finds its rows by a key or an index: their cost does not grow with the log.
#include "store/sqlite/delivery_statements.hpp"

#include "store/sqlite/conversion_table.hpp"
#include "store/sqlite/delivery_table.hpp"
#include "store/sqlite/occurrence_table.hpp"

#include <string>

namespace postback::sqlite {
namespace {

std::string occurrences_sql() {
  return std::string("SELECT ") + kOccurrenceColumns + " FROM occurrence WHERE id > ?1 ORDER BY id LIMIT ?2";
}

/// The names of a conversion's columns stand for it alone in both tables' join.
std::string conversion_sql() {
  return std::string(
             "SELECT c.*, r.status, r.payout, r.amount, r.currency, r.original_status, r.reason, r.time_ms, "
             "r.revision FROM (SELECT ") +
         kConversionColumns +
         " FROM conversion WHERE id = ?1) c JOIN conversion_revision r ON r.conversion = ?1 AND r.revision = ?2";
}

std::string due_sql() {
  return std::string("SELECT ") + kDeliveryColumns +
         " FROM delivery INDEXED BY delivery_due WHERE due_ms IS NOT NULL AND destination = ?1 AND due_ms <= ?2 AND "
         "(due_ms, id) > (?3, ?4) ORDER BY due_ms, id LIMIT ?5";
}

}  // namespace

DeliveryStatements::DeliveryStatements(Database& database)
    : occurrences(database.prepare(occurrences_sql())),
      conversion(database.prepare(conversion_sql())),
      // What a hold's end or a correction left has no postback of its own: the one before them still speaks for it.
      request(database.prepare("SELECT target, headers, body FROM postback WHERE id = (SELECT postback FROM "
                               "conversion_revision WHERE conversion = ?1 AND revision <= ?2 AND postback <> 0 "
                               "ORDER BY revision DESC LIMIT 1)")),
      cta_offer(database.prepare("SELECT offer FROM cta WHERE click = ?1 AND number = ?2")),
      told(database.prepare("SELECT 1 FROM delivery INDEXED BY delivery_subject WHERE click = (SELECT click FROM "
                            "conversion WHERE id = ?1) AND conversion = ?1 AND destination = ?2 LIMIT 1")),
      states(database.prepare("SELECT destination, remainder, paused_ms, reason FROM destination_state "
                              "ORDER BY destination")),
      pending(database.prepare("SELECT destination, due_ms FROM delivery INDEXED BY delivery_due WHERE due_ms IS NOT "
                               "NULL AND destination > ?1 ORDER BY destination, due_ms LIMIT 1")),
      pending_count(database.prepare("SELECT count(*) FROM delivery INDEXED BY delivery_due WHERE due_ms IS NOT NULL")),
      due(database.prepare(due_sql())),
      next_due(database.prepare("SELECT due_ms FROM delivery INDEXED BY delivery_due WHERE due_ms IS NOT NULL AND "
                                "destination = ?1 AND (due_ms, id) > (?2, ?3) ORDER BY due_ms, id LIMIT 1")),
      delivery(database.prepare(select_delivery_by_id_sql())),
      attempts(database.prepare(kSelectAttempts)) {}

}  // namespace postback::sqlite
