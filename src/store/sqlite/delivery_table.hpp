// DeliveryTable: deliveries with their state, and what is kept of their attempts.
#pragma once

#include "postback/store/delivery_items.hpp"
#include "store/sqlite/database.hpp"

#include <string>

namespace postback::sqlite {

/// The columns that `read_delivery` expects, in its order.
inline constexpr const char* kDeliveryColumns =
    "id, destination, trigger, state, click, conversion, conversion_number, conversion_revision, cta, campaign, "
    "attempts, created_ms, retry_from_ms, due_ms, finished_ms, http_status, reason, resend_of, detail, "
    "occurred_ms";
Delivery read_delivery(const Statement& row);
/// ?1: the ID.
std::string select_delivery_by_id_sql();

/// The attempts of delivery ?1, the first first, in the columns that `read_attempt` expects.
inline constexpr const char* kSelectAttempts =
    "SELECT delivery, number, time_ms, duration_ms, http_status, reason, error, answer, request, address "
    "FROM delivery_attempt WHERE delivery = ?1 ORDER BY number";
DeliveryAttempt read_attempt(const Statement& row);

/// Used by the store's thread, inside its transaction. All return SQLITE_OK or an error code.
class DeliveryTable {
 public:
  explicit DeliveryTable(Database& database);

  /// A delivery with its ID. A pending one without a time is due when it was created.
  int append(const Delivery& delivery);
  /// Logs the attempt and, where the delivery is still pending and nobody had it tried again since, says what follows.
  /// The same one once more changes nothing.
  int note(AttemptItem::Noted& noted);
  /// Fills `changed`: whether its state allowed it.
  int retry(SnowflakeId id, TimeMs now, bool& changed);
  int cancel(SnowflakeId id, TimeMs now, std::string_view reason, bool& changed);
  int list(SnowflakeId id, TimeMs now, bool& changed);
  /// A new delivery, with this ID, of what a final one says: `found`.
  int resend(SnowflakeId id, SnowflakeId made, TimeMs now, bool& found);

 private:
  int run(Statement& statement, bool& changed);
  int read_what_stands(AttemptItem::Noted& noted);

  sqlite3* handle_;
  Statement insert_;
  Statement find_;
  Statement attempt_;
  Statement follow_;
  Statement count_attempt_;
  Statement retry_;
  Statement cancel_;
  Statement list_;
};

}  // namespace postback::sqlite
