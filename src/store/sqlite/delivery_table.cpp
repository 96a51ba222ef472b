// DeliveryTable: the statements of delivery and delivery_attempt.
#include "store/sqlite/delivery_table.hpp"

#include "postback/base/json_text.hpp"

#include <string_view>

namespace postback::sqlite {
namespace {

/// What is kept of a rendered request.
constexpr std::size_t kRequestKept = 8'192;

static_assert(static_cast<int>(DeliveryState::pending) == 0 && static_cast<int>(DeliveryState::delivered) == 1 &&
                  static_cast<int>(DeliveryState::failed) == 2 && static_cast<int>(DeliveryState::cancelled) == 4 &&
                  static_cast<int>(DeliveryState::listed) == 5,
              "the statements name states by their numbers");

std::int64_t ms(TimeMs time) { return time.time_since_epoch().count(); }
TimeMs time_at(const Statement& row, int column) { return TimeMs{std::chrono::milliseconds{row.integer_at(column)}}; }
std::optional<TimeMs> optional_time_at(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(time_at(row, column));
}

/// An unknown name is not ours; it reads as the reason that says least.
AttemptReason parse_reason(std::string_view name) {
  for (auto reason = AttemptReason::delivered; reason < AttemptReason::no_facts;
       reason = static_cast<AttemptReason>(static_cast<int>(reason) + 1)) {
    if (to_string(reason) == name) return reason;
  }
  return AttemptReason::no_facts;
}

}  // namespace

Delivery read_delivery(const Statement& row) {
  return {.id = row.id_at(0),
          .destination = row.number_at<EntityNumber>(1),
          .trigger = row.number_at<Trigger>(2),
          .click = row.id_at(4),
          .conversion = row.id_at(5),
          .conversion_number = row.number_at<std::uint32_t>(6),
          .conversion_revision = row.number_at<std::uint32_t>(7),
          .cta = row.number_at<std::uint32_t>(8),
          .campaign = row.number_at<EntityNumber>(9),
          .detail = row.text_at(18),
          .state = row.number_at<DeliveryState>(3),
          .attempts = row.number_at<std::uint32_t>(10),
          .occurred = optional_time_at(row, 19).value_or(time_at(row, 11)),
          .created = time_at(row, 11),
          .retry_from = time_at(row, 12),
          .due = optional_time_at(row, 13),
          .finished = optional_time_at(row, 14),
          .http_status = row.number_at<int>(15),
          .reason = row.text_at(16),
          .resend_of = row.id_at(17)};
}

std::string select_delivery_by_id_sql() {
  return std::string("SELECT ") + kDeliveryColumns + " FROM delivery WHERE id = ?1";
}

DeliveryAttempt read_attempt(const Statement& row) {
  return {.delivery = row.id_at(0),
          .number = row.number_at<std::uint32_t>(1),
          .time = time_at(row, 2),
          .duration = std::chrono::milliseconds{row.integer_at(3)},
          .http_status = row.number_at<int>(4),
          .reason = parse_reason(row.view_at(5)),
          .error = row.text_at(6),
          .answer = row.text_at(7),
          .request = row.text_at(8),
          .address = row.text_at(9)};
}

DeliveryTable::DeliveryTable(Database& database)
    : handle_(database.handle()),
      insert_(database.prepare("INSERT INTO delivery (" + std::string(kDeliveryColumns) +
                               ") VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20)")),
      find_(database.prepare(select_delivery_by_id_sql())),
      attempt_(database.prepare(
          "INSERT INTO delivery_attempt (delivery, number, time_ms, duration_ms, http_status, reason, error, answer, "
          "request, address) SELECT ?1,?2,?3,?4,?5,?6,?7,?8,?9,?10 WHERE EXISTS (SELECT 1 FROM delivery WHERE id = ?1) "
          "ON CONFLICT (delivery, number) DO NOTHING")),
      follow_(database.prepare("UPDATE delivery SET attempts = ?2, state = ?3, due_ms = ?4, finished_ms = ?5, "
                               "http_status = ?6, reason = ?7 WHERE id = ?1 AND state = 0 AND "
                               "(?3 = 1 OR retry_from_ms = ?8)")),
      count_attempt_(database.prepare("UPDATE delivery SET attempts = ?2 WHERE id = ?1 AND attempts < ?2")),
      retry_(database.prepare("UPDATE delivery SET state = 0, due_ms = ?2, retry_from_ms = ?2, finished_ms = NULL "
                              "WHERE id = ?1 AND state IN (0, 2)")),
      cancel_(database.prepare("UPDATE delivery SET state = 4, due_ms = NULL, finished_ms = ?2, reason = ?3 "
                               "WHERE id = ?1 AND state = 0")),
      list_(database.prepare("UPDATE delivery SET state = 5, due_ms = NULL, finished_ms = ?2 "
                             "WHERE id = ?1 AND state = 0")) {}

int DeliveryTable::append(const Delivery& delivery) {
  const bool pending = delivery.state == DeliveryState::pending;
  insert_.id(1, delivery.id);
  insert_.integer(2, delivery.destination);
  insert_.integer(3, static_cast<std::int64_t>(delivery.trigger));
  insert_.integer(4, static_cast<std::int64_t>(delivery.state));
  insert_.id_or_null(5, delivery.click);
  insert_.id_or_null(6, delivery.conversion);
  insert_.id_or_null(7, delivery.conversion_number);
  insert_.id_or_null(8, delivery.conversion_revision);
  insert_.id_or_null(9, delivery.cta);
  insert_.id_or_null(10, delivery.campaign);
  insert_.integer(11, delivery.attempts);
  insert_.integer(12, ms(delivery.created));
  insert_.integer(13, ms(delivery.retry_from));
  if (pending) insert_.integer(14, ms(delivery.due.value_or(delivery.created)));
  if (!pending) insert_.integer(15, ms(delivery.finished.value_or(delivery.created)));
  if (delivery.http_status != 0) insert_.integer(16, delivery.http_status);
  insert_.text(17, delivery.reason);
  insert_.id_or_null(18, delivery.resend_of);
  insert_.text(19, delivery.detail);
  insert_.integer(20, ms(delivery.occurred));
  return insert_.run();
}

int DeliveryTable::run(Statement& statement, bool& changed) {
  const int code = statement.run();
  changed = code == SQLITE_OK && sqlite3_changes(handle_) > 0;
  return code;
}

int DeliveryTable::note(AttemptItem::Noted& noted) {
  const DeliveryAttempt& attempt = noted.attempt;
  const std::string_view answer = std::string_view(attempt.answer).substr(0, kAnswerKept);
  const std::string_view request = utf8_prefix(attempt.request, kRequestKept);
  attempt_.id(1, attempt.delivery);
  attempt_.integer(2, attempt.number);
  attempt_.integer(3, ms(attempt.time));
  attempt_.integer(4, attempt.duration.count());
  if (attempt.http_status != 0) attempt_.integer(5, attempt.http_status);
  attempt_.text(6, to_string(attempt.reason));
  attempt_.text(7, attempt.error);
  attempt_.text(8, answer);
  attempt_.text(9, request);
  attempt_.text(10, attempt.address);
  if (const int code = attempt_.run(); code != SQLITE_OK) return code;
  const TimeMs ended = attempt.time + attempt.duration;
  follow_.id(1, attempt.delivery);
  follow_.integer(2, attempt.number);
  follow_.integer(3, static_cast<std::int64_t>(noted.state));
  if (noted.state == DeliveryState::pending) {
    follow_.integer(4, ms(noted.due.value_or(ended)));
  } else {
    follow_.integer(5, ms(ended));
  }
  if (attempt.http_status != 0) follow_.integer(6, attempt.http_status);
  follow_.text(7, to_string(attempt.reason));
  follow_.integer(8, ms(noted.retry_from));
  if (const int code = run(follow_, noted.stored); code != SQLITE_OK || noted.stored) return code;
  count_attempt_.id(1, attempt.delivery);
  count_attempt_.integer(2, attempt.number);
  if (const int code = count_attempt_.run(); code != SQLITE_OK) return code;
  return read_what_stands(noted);
}

/// What somebody asked for while the attempt was under way.
int DeliveryTable::read_what_stands(AttemptItem::Noted& noted) {
  const ResetAtEnd reset(find_);
  find_.id(1, noted.attempt.delivery);
  const int code = find_.step();
  if (code != SQLITE_ROW) return code == SQLITE_DONE ? SQLITE_OK : code;
  const Delivery stands = read_delivery(find_);
  noted.stored = stands.state == DeliveryState::pending;
  if (noted.stored) {
    noted.state = stands.state;
    noted.due = stands.due;
  }
  return SQLITE_OK;
}

int DeliveryTable::retry(SnowflakeId id, TimeMs now, bool& changed) {
  retry_.id(1, id);
  retry_.integer(2, ms(now));
  return run(retry_, changed);
}

int DeliveryTable::cancel(SnowflakeId id, TimeMs now, std::string_view reason, bool& changed) {
  cancel_.id(1, id);
  cancel_.integer(2, ms(now));
  cancel_.text(3, reason);
  return run(cancel_, changed);
}

int DeliveryTable::list(SnowflakeId id, TimeMs now, bool& changed) {
  list_.id(1, id);
  list_.integer(2, ms(now));
  return run(list_, changed);
}

int DeliveryTable::resend(SnowflakeId id, SnowflakeId made, TimeMs now, bool& found) {
  found = false;
  Delivery delivery;
  {
    const ResetAtEnd reset(find_);
    find_.id(1, id);
    const int code = find_.step();
    if (code != SQLITE_ROW) return code == SQLITE_DONE ? SQLITE_OK : code;
    delivery = read_delivery(find_);
  }
  if (delivery.state == DeliveryState::pending) return SQLITE_OK;
  found = true;
  delivery.id = made;
  // Whether it is sent or listed, its destination decides as it is when this one's turn comes.
  delivery.state = DeliveryState::pending;
  delivery.attempts = 0;
  delivery.created = delivery.retry_from = now;
  delivery.due.reset();
  delivery.finished.reset();
  delivery.http_status = 0;
  delivery.reason.clear();
  delivery.resend_of = id;
  return append(delivery);
}

}  // namespace postback::sqlite
