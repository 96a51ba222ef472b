// PostbackTable: one row per request, with the verdict and what the operator needs to mend it.
#include "store/sqlite/postback_table.hpp"

#include "postback/base/json_text.hpp"
#include "postback/domain/network_answer.hpp"

#include <nlohmann/json.hpp>

namespace postback::sqlite {
namespace {

/// A JSON array; empty for no warnings.
std::string warnings_text(const std::vector<std::string>& warnings) {
  std::string text;
  for (const auto& warning : warnings) {
    text += text.empty() ? '[' : ',';
    append_json_string(text, warning);
  }
  if (!text.empty()) text += ']';
  return text;
}

std::vector<std::string> read_warnings(std::string_view text) {
  std::vector<std::string> warnings;
  if (text.empty()) return warnings;
  const auto array = nlohmann::json::parse(text, nullptr, false);
  if (!array.is_array()) return warnings;
  for (const auto& warning : array) {
    if (warning.is_string()) warnings.push_back(warning.get<std::string>());
  }
  return warnings;
}

/// The positions that insert and update share.
void bind_verdict(Statement& row, const PostbackItem& item, std::string_view warnings) {
  const Verdict& verdict = item.judgement.verdict;
  row.text(2, to_string(verdict.code));
  // The log names a conversion by its number within the row's click; another click's is named by a warning.
  const bool own = item.judgement.conversion_click == item.reading.click_id.high;
  if (own && item.judgement.conversion_number != 0) row.integer(5, item.judgement.conversion_number);
  row.text(6, item.reading.network ? item.reading.network->id : item.reading.logged_network);
  row.text(7, to_string(verdict.result));
  row.text(20, verdict.message);
  row.text(21, verdict.evidence);
  row.text(22, verdict.fix);
  row.text(23, warnings);
}

void bind_reading(Statement& row, const Reading& reading) {
  row.id_or_null(3, reading.click_id.high);
  row.text(9, to_string(reading.authentication));
  row.text(12, reading.event);
  row.text(13, reading.txid);
  row.integer(14, reading.payout);
  row.integer(15, reading.amount);
  row.text(16, reading.currency);
  // A refused request may not have been read as far as its status.
  if (!reading.refusal) row.text(17, to_string(reading.status));
  row.text(18, reading.original_status);
  row.id(19, reading.catalog ? reading.catalog->revision() : 0);
}

constexpr std::string_view kNoHeaders = "\r\n";

}  // namespace

StoredPostback read_postback(const Statement& row) {
  StoredPostback postback;
  postback.id = row.id_at(0);
  postback.code = row.text_at(1);
  postback.click = row.id_at(2);
  postback.time = TimeMs{std::chrono::milliseconds{row.integer_at(3)}};
  postback.conversion_number = row.number_at<std::uint32_t>(4);
  postback.network = row.text_at(5);
  postback.result = row.text_at(6);
  postback.http_status = row.number_at<int>(7);
  postback.authentication = row.text_at(8);
  postback.method = row.text_at(9);
  postback.peer = row.text_at(10);
  postback.event = row.text_at(11);
  postback.txid = row.text_at(12);
  postback.payout = row.optional_at(13);
  postback.amount = row.optional_at(14);
  postback.currency = row.text_at(15);
  postback.status = row.text_at(16);
  postback.original_status = row.text_at(17);
  postback.revision = row.id_at(18);
  postback.message = row.text_at(19);
  postback.evidence = row.text_at(20);
  postback.fix = row.text_at(21);
  postback.warnings = read_warnings(row.view_at(22));
  postback.target = row.text_at(23);
  postback.headers = row.text_at(24);
  postback.body = row.text_at(25);
  postback.shape = row.text_at(26);
  postback.secure = row.integer_at(27) != 0;
  if (const auto judged = row.optional_at(28)) postback.judged = TimeMs{std::chrono::milliseconds{*judged}};
  postback.first_code = row.text_at(29);
  postback.repeats = row.number_at<std::uint64_t>(30);
  return postback;
}

PostbackTable::PostbackTable(Database& database)
    : insert_(database.prepare(
          "INSERT INTO postback (id, code, click, time_ms, conversion_number, network, result, http_status, "
          "authentication, method, peer, event, txid, payout, amount, currency, status, original_status, revision, "
          "message, evidence, fix, warnings, target, headers, body, shape, secure, repeats) VALUES "
          "(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,?25,?26,?27,?28,?"
          "29)")),
      find_(database.prepare("SELECT code, result, click, conversion_number, status FROM postback WHERE id = ?1")),
      update_(database.prepare(
          "UPDATE postback SET first_code = coalesce(first_code, code), code = ?2, click = coalesce(?3, click), "
          "judged_ms = ?4, "
          "conversion_number = ?5, network = ?6, result = ?7, authentication = ?9, event = ?12, txid = ?13, "
          "payout = ?14, amount = ?15, currency = ?16, status = ?17, original_status = ?18, revision = ?19, "
          "message = ?20, evidence = ?21, fix = ?22, warnings = ?23 WHERE id = ?1")) {}

int PostbackTable::append(const PostbackItem& item) {
  const std::string warnings = warnings_text(item.judgement.verdict.warnings);
  insert_.id(1, item.postback_id);
  insert_.integer(4, item.postback.arrival.time_since_epoch().count());
  insert_.integer(8, answered_status(item.judgement.verdict, item.reading.network));
  insert_.text(10, item.postback.method);
  insert_.text(11, item.postback.peer);
  bind_verdict(insert_, item, warnings);
  bind_reading(insert_, item.reading);
  insert_.text(24, item.reading.logged_target);
  // Forgotten headers are NULL; a request without any is told from that by the empty line that ends them.
  insert_.text(25, item.reading.logged_headers.empty() ? kNoHeaders : std::string_view(item.reading.logged_headers));
  insert_.text(26, item.reading.logged_body);
  insert_.text(27, to_string(item.postback.shape));
  insert_.integer(28, item.postback.secure ? 1 : 0);
  insert_.integer(29, static_cast<std::int64_t>(item.repeats));
  return insert_.run();
}

int PostbackTable::find(SnowflakeId id, LoggedOutcome& outcome) {
  const ResetAtEnd reset(find_);
  find_.id(1, id);
  const int code = find_.step();
  outcome = {};
  if (code != SQLITE_ROW) return code == SQLITE_DONE ? SQLITE_OK : code;
  outcome = {
      true, find_.text_at(0), find_.text_at(1), find_.id_at(2), find_.number_at<std::uint32_t>(3), find_.text_at(4)};
  return SQLITE_OK;
}

int PostbackTable::update(const PostbackItem& item, TimeMs now) {
  const std::string warnings = warnings_text(item.judgement.verdict.warnings);
  update_.id(1, item.judged_again);
  update_.integer(4, now.time_since_epoch().count());
  bind_verdict(update_, item, warnings);
  bind_reading(update_, item.reading);
  return update_.run();
}

}  // namespace postback::sqlite
