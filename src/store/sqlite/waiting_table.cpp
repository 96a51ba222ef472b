// The statements of waiting.
#include "store/sqlite/waiting_table.hpp"

#include <algorithm>
#include <charconv>

namespace postback::sqlite {
namespace {

std::string proved_to_text(const std::vector<EntityNumber>& numbers) {
  std::string text;
  for (const auto number : numbers) text.append(text.empty() ? "" : ",").append(std::to_string(number));
  return text;
}

}  // namespace

WaitingTable::WaitingTable(Database& database)
    : add_(database.prepare("INSERT OR IGNORE INTO waiting (click, postback) VALUES (?1, ?2)")),
      add_unproved_(
          database.prepare("INSERT OR IGNORE INTO waiting (click, postback, proved_to) SELECT ?1, ?2, ?3 WHERE "
                           "(SELECT count(*) FROM (SELECT 1 FROM waiting WHERE click = ?1 LIMIT ?4)) < ?4")),
      remove_(database.prepare("DELETE FROM waiting WHERE click = ?1 AND postback = ?2")) {}

int WaitingTable::add(SnowflakeId click, SnowflakeId postback) {
  if (click == 0) return SQLITE_OK;
  add_.id(1, click);
  add_.id(2, postback);
  return add_.run();
}

int WaitingTable::add_unproved(SnowflakeId click, SnowflakeId postback, const std::vector<EntityNumber>& proved_to) {
  if (click == 0) return SQLITE_OK;
  const std::string text = proved_to_text(proved_to);
  add_unproved_.id(1, click);
  add_unproved_.id(2, postback);
  add_unproved_.text(3, text);
  add_unproved_.integer(4, kMostUnproved);
  return add_unproved_.run();
}

int WaitingTable::remove(SnowflakeId click, SnowflakeId postback) {
  if (click == 0) return SQLITE_OK;
  remove_.id(1, click);
  remove_.id(2, postback);
  return remove_.run();
}

std::vector<EntityNumber> read_proved_to(std::string_view text) {
  std::vector<EntityNumber> numbers;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    EntityNumber number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + comma, number);
    if (fault == std::errc{} && end == text.data() + comma) numbers.push_back(number);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return numbers;
}

}  // namespace postback::sqlite
