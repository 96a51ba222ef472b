// Empties personal columns row by row, in the transaction of other items.
#include "store/sqlite/forgetting.hpp"

#include "domain/ascii.hpp"
#include "domain/plain_message.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace postback::sqlite {
namespace {

/// More kinds of user agents than these are written anew: duplicates are harmless.
constexpr std::size_t kMostNameless = 4'096;

constexpr std::string_view kPersonalOfClick[] = {
    "external_id", "sub1",  "sub2",  "sub3",  "sub4",  "sub5",     "sub6",          "sub7",  "sub8",
    "sub9",        "sub10", "sub11", "sub12", "sub13", "sub14",    "sub15",         "sub16", "sub17",
    "sub18",       "sub19", "sub20", "extra", "ip",    "referrer", "tested_headers"};

/// `UPDATE click SET user_agent = ?2, ip = NULL, ... WHERE id = ?1 AND (any of them is there)`.
std::string empty_click_sql() {
  std::string assignments = "user_agent = ?2";
  std::string any = "user_agent IS NOT ?2";
  for (const auto column : kPersonalOfClick) {
    assignments.append(", ").append(column).append(" = NULL");
    any.append(" OR ").append(column).append(" IS NOT NULL");
  }
  return "UPDATE click SET " + assignments + " WHERE id = ?1 AND (" + any + ")";
}

std::string old_rows_sql(const char* table) {
  return std::string("SELECT id FROM ") + table + " WHERE id > ?1 AND id < ?2 ORDER BY id LIMIT ?3";
}

/// A target up to where parameters begin, also where the `?` is missing or came percent-encoded.
std::string_view path_of(std::string_view target) { return target.substr(0, target.find_first_of("?&=%#;")); }

/// The slug that a network's name begins with: what stands behind it are parameters whose `?` is missing.
std::string_view slug_of(std::string_view network) {
  const auto end =
      std::ranges::find_if_not(network, [](char c) { return is_ascii_alphanumeric(c) || c == '-' || c == '_'; });
  return network.substr(0, static_cast<std::size_t>(end - network.begin()));
}

}  // namespace

const char* forgotten_key(ForgetTable table) {
  constexpr std::array<const char*, kForgetTableCount> kKeys{"forgotten.click", "forgotten.postback",
                                                             "forgotten.delivery"};
  return kKeys.at(static_cast<std::size_t>(table));
}

Forgetting::Forgetting(Database& database)
    : handle_(database.handle()),
      old_clicks_(database.prepare(old_rows_sql("click"))),
      old_postbacks_(database.prepare(old_rows_sql("postback"))),
      old_deliveries_(database.prepare(
          "SELECT id FROM delivery WHERE id > ?1 AND id < ?2 UNION SELECT id FROM occurrence WHERE id > ?1 AND id < ?2 "
          "ORDER BY id LIMIT ?3")),
      click_(database.prepare("SELECT user_agent FROM click WHERE id = ?1")),
      empty_click_(database.prepare(empty_click_sql())),
      agent_(database.prepare("SELECT text, device, os, browser, bot FROM user_agent WHERE id = ?1")),
      insert_agent_(database.prepare("INSERT INTO user_agent (text, device, os, browser, bot) "
                                     "SELECT '', device, os, browser, bot FROM user_agent WHERE id = ?1")),
      postback_(database.prepare("SELECT target, network, code, message FROM postback WHERE id = ?1")),
      empty_postback_(database.prepare(
          "UPDATE postback SET headers = NULL, body = NULL, peer = NULL, evidence = NULL, fix = NULL, warnings = NULL, "
          "target = ?2, network = ?3, message = ?4 WHERE id = ?1 AND (headers IS NOT NULL OR body IS NOT NULL OR peer "
          "IS NOT NULL OR evidence IS NOT NULL OR fix IS NOT NULL OR warnings IS NOT NULL OR target IS NOT ?2 OR "
          "network IS NOT ?3 OR message IS NOT ?4)")),
      stop_waiting_(database.prepare("DELETE FROM waiting WHERE click = (SELECT click FROM postback WHERE id = ?1) "
                                     "AND postback = ?1")),
      empty_delivery_(database.prepare("UPDATE delivery SET detail = NULL WHERE id = ?1 AND detail IS NOT NULL")),
      empty_occurrence_(database.prepare("UPDATE occurrence SET detail = NULL WHERE id = ?1 AND detail IS NOT NULL")),
      empty_attempts_(database.prepare(
          "UPDATE delivery_attempt SET request = NULL, answer = NULL, address = NULL, error = NULL WHERE delivery = ?1 "
          "AND (request IS NOT NULL OR answer IS NOT NULL OR address IS NOT NULL OR error IS NOT NULL)")),
      progress_(database.prepare(kForgottenTo)),
      set_progress_(database.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, CAST(?2 AS TEXT))")),
      foreign_ids_(database),
      reasons_(database) {}

int Forgetting::forget(ForgetItem& item) {
  item.forgotten = 0;
  item.more = false;
  if (item.rows.empty()) return item.before == 0 ? SQLITE_OK : forget_old(item);
  for (const auto row : item.rows) {
    if (const int code = forget_row(row, item); code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

int Forgetting::forget_old(ForgetItem& item) {
  SnowflakeId progress = 0;
  if (const int code = read_progress(item.table, progress); code != SQLITE_OK) return code;
  const std::size_t most = std::min(item.most, ForgetItem::kMostRows);
  std::vector<SnowflakeId> rows;
  {
    Statement& old = item.table == ForgetTable::click      ? old_clicks_
                     : item.table == ForgetTable::postback ? old_postbacks_
                                                           : old_deliveries_;
    const ResetAtEnd reset(old);
    old.id(1, progress);
    old.id(2, item.before);
    old.id(3, most + 1);
    int code = old.step();
    for (; code == SQLITE_ROW; code = old.step()) rows.push_back(old.id_at(0));
    if (code != SQLITE_DONE) return code;
  }
  item.more = rows.size() > most;
  if (item.more) rows.pop_back();
  for (const auto row : rows) {
    if (const int code = forget_row(row, item); code != SQLITE_OK) return code;
  }
  // Rows that come later with an older ID (imports) set it back.
  if (rows.empty()) return SQLITE_OK;
  return write_progress(item.table, rows.back());
}

int Forgetting::forget_row(SnowflakeId row, ForgetItem& item) {
  switch (item.table) {
    case ForgetTable::click: return forget_click(row, item);
    case ForgetTable::postback: return forget_postback(row, item);
    case ForgetTable::delivery: break;
  }
  return forget_delivery(row, item);
}

int Forgetting::forget_click(SnowflakeId row, ForgetItem& item) {
  std::int64_t agent = 0;
  {
    const ResetAtEnd reset(click_);
    click_.id(1, row);
    const int code = click_.step();
    if (code == SQLITE_DONE) return SQLITE_OK;
    if (code != SQLITE_ROW) return code;
    agent = click_.integer_at(0);
  }
  std::int64_t nameless = 0;
  if (agent != 0) {
    if (const int code = nameless_agent(agent, nameless); code != SQLITE_OK) return code;
  }
  empty_click_.id(1, row);
  if (nameless != 0) empty_click_.integer(2, nameless);
  int code = empty_click_.run();
  if (code == SQLITE_OK && sqlite3_changes(handle_) > 0) ++item.forgotten;
  if (code == SQLITE_OK) code = foreign_ids_.forget(row);
  return code == SQLITE_OK ? reasons_.of_click(row) : code;
}

/// A user agent that says the same of device and browser, without the text; 0 where nothing is known of them.
int Forgetting::nameless_agent(std::int64_t agent, std::int64_t& nameless) {
  std::string facts;
  {
    const ResetAtEnd reset(agent_);
    agent_.integer(1, agent);
    const int code = agent_.step();
    if (code == SQLITE_DONE) return SQLITE_OK;
    if (code != SQLITE_ROW) return code;
    if (agent_.view_at(0).empty()) {
      nameless = agent;
      return SQLITE_OK;
    }
    for (int column = 1; column <= 4; ++column) facts.append(agent_.view_at(column)).append(1, '\n');
    if (facts == "\n\n\n\n") return SQLITE_OK;
  }
  if (const auto known = nameless_.find(facts); known != nameless_.end()) {
    nameless = known->second;
    return SQLITE_OK;
  }
  insert_agent_.integer(1, agent);
  if (const int code = insert_agent_.run(); code != SQLITE_OK) return code;
  nameless = sqlite3_last_insert_rowid(handle_);
  if (nameless_.size() >= kMostNameless) nameless_.clear();
  nameless_.emplace(std::move(facts), nameless);
  return SQLITE_OK;
}

int Forgetting::empty_postback(SnowflakeId row, ForgetItem& item) {
  const ResetAtEnd reset(postback_);
  postback_.id(1, row);
  int code = postback_.step();
  if (code == SQLITE_DONE) return SQLITE_OK;
  if (code != SQLITE_ROW) return code;
  empty_postback_.id(1, row);
  empty_postback_.text(2, path_of(postback_.view_at(0)));
  empty_postback_.text(3, slug_of(postback_.view_at(1)));
  empty_postback_.text(4, plain_message(postback_.view_at(2), postback_.view_at(3)));
  code = empty_postback_.run();
  if (code == SQLITE_OK && sqlite3_changes(handle_) > 0) ++item.forgotten;
  return code;
}

int Forgetting::forget_postback(SnowflakeId row, ForgetItem& item) {
  int code = empty_postback(row, item);
  if (code != SQLITE_OK) return code;
  if (code = reasons_.of_postback(row); code != SQLITE_OK) return code;
  // What it said is gone, so it cannot be judged again.
  stop_waiting_.id(1, row);
  return stop_waiting_.run();
}

/// A pending one, too, and what no delivery was planned for yet: what it has still to say is rendered from what is kept
/// then.
int Forgetting::forget_delivery(SnowflakeId row, ForgetItem& item) {
  bool any = false;
  for (Statement* const emptied : {&empty_delivery_, &empty_occurrence_, &empty_attempts_}) {
    emptied->id(1, row);
    if (const int code = emptied->run(); code != SQLITE_OK) return code;
    any = any || sqlite3_changes(handle_) > 0;
  }
  if (any) ++item.forgotten;
  return SQLITE_OK;
}

int Forgetting::read_progress(ForgetTable table, SnowflakeId& progress) {
  const ResetAtEnd reset(progress_);
  progress_.text(1, forgotten_key(table));
  const int code = progress_.step();
  progress = code == SQLITE_ROW ? progress_.id_at(0) : 0;
  return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

int Forgetting::write_progress(ForgetTable table, SnowflakeId progress) {
  set_progress_.text(1, forgotten_key(table));
  set_progress_.id(2, progress);
  return set_progress_.run();
}

}  // namespace postback::sqlite
