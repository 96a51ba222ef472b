// SqliteReader: single clicks, and pages of the logs within a time budget.
#include "store/sqlite/sqlite_reader.hpp"

#include "store/sqlite/conversion_table.hpp"
#include "store/sqlite/delivery_table.hpp"
#include "store/sqlite/import_table.hpp"
#include "store/sqlite/log_search.hpp"
#include "store/sqlite/offer_count_table.hpp"
#include "store/sqlite/operator_tables.hpp"
#include "store/sqlite/postback_table.hpp"
#include "store/sqlite/read_snapshot.hpp"
#include "store/sqlite/stored_click.hpp"
#include "store/sqlite/stored_conversion.hpp"
#include "store/sqlite/visit_tables.hpp"

#include <algorithm>

namespace postback::sqlite {
namespace {

constexpr const char* kSelectClick =
    "SELECT c.id, c.campaign, c.offer, c.source, c.path, c.revision, c.cost, c.cost_currency, c.external_id, "
    "c.external_name, "
    "c.sub1, c.sub2, c.sub3, c.sub4, c.sub5, c.sub6, c.sub7, c.sub8, c.sub9, c.sub10, c.sub11, c.sub12, c.sub13, "
    "c.sub14, "
    "c.sub15, c.sub16, c.sub17, c.sub18, c.sub19, c.sub20, c.extra, c.ip, u.text, c.referrer, c.language, "
    "c.lander, c.rule, c.country, c.region, c.city, u.device, u.os, u.browser, u.bot, c.is_unique, c.tested_headers "
    "FROM click c LEFT JOIN user_agent u ON u.id = c.user_agent ";
/// How much is done between two looks at the clock, in rows looked at; and what reading a whole row counts for.
constexpr std::size_t kWorkPerClockLook = 256;
constexpr std::size_t kWorkOfReading = 16;
/// A page ends behind the row with which its texts reach this.
constexpr std::size_t kMostPageBytes = 8 * 1024 * 1024;

std::string by_id(const char* columns, const char* table) {
  return std::string("SELECT ") + columns + " FROM " + table + " WHERE id = ?1";
}

/// What of a row can be long, in bytes.
std::size_t long_texts(const StoredPostback& row) {
  return row.target.size() + row.headers.size() + row.body.size() + row.evidence.size();
}
std::size_t long_texts(const StoredClick& row) {
  return row.extra.size() + row.user_agent.size() + row.referrer.size();
}
std::size_t long_texts(const StoredConversion&) { return 0; }
std::size_t long_texts(const AuditEntry&) { return 0; }
std::size_t long_texts(const Delivery& row) { return row.detail.size(); }

/// The columns of a conversion, then those of its click and of the postback that created it.
std::string stored_conversion_columns() {
  std::string columns = kConversionColumns;
  for (const char* const sql : {kCampaignOfConversion, kOfferOfConversion, kNetworkOfConversion}) {
    columns.append(", ").append(sql);
  }
  return columns;
}

StoredClick read_click(const Statement& row) {
  StoredClick click;
  click.id = row.id_at(0);
  click.campaign = row.number_at<EntityNumber>(1);
  click.offer = row.number_at<EntityNumber>(2);
  click.source = row.number_at<EntityNumber>(3);
  click.path = row.number_at<std::uint32_t>(4);
  click.revision = row.id_at(5);
  click.cost = row.optional_at(6);
  click.cost_currency = row.text_at(7);
  click.external_id = row.text_at(8);
  click.external_name = row.text_at(9);
  constexpr int kFirstSub = 10;
  for (unsigned sub = 0; sub < kSubIdCount; ++sub) click.sub[sub] = row.text_at(kFirstSub + static_cast<int>(sub));
  constexpr int kAfterSubs = kFirstSub + static_cast<int>(kSubIdCount);
  click.extra = row.text_at(kAfterSubs);
  click.ip = row.text_at(kAfterSubs + 1);
  click.user_agent = row.text_at(kAfterSubs + 2);
  click.referrer = row.text_at(kAfterSubs + 3);
  click.language = row.text_at(kAfterSubs + 4);
  click.lander = row.number_at<EntityNumber>(kAfterSubs + 5);
  click.rule = row.number_at<std::uint32_t>(kAfterSubs + 6);
  click.country = row.text_at(kAfterSubs + 7);
  click.region = row.text_at(kAfterSubs + 8);
  click.city = row.text_at(kAfterSubs + 9);
  click.device = row.text_at(kAfterSubs + 10);
  click.os = row.text_at(kAfterSubs + 11);
  click.browser = row.text_at(kAfterSubs + 12);
  click.bot = row.integer_at(kAfterSubs + 13) != 0;
  if (const auto unique = row.optional_at(kAfterSubs + 14)) click.unique = *unique != 0;
  click.tested_headers = row.text_at(kAfterSubs + 15);
  return click;
}

}  // namespace

std::string select_click_by_id_sql() { return std::string(kSelectClick) + "WHERE c.id = ?1"; }

StoredClick read_stored_click(const Statement& row) { return read_click(row); }

StoredConversion read_stored_conversion(const Statement& row) {
  constexpr int kAfterConversion = kConversionColumnCount;
  StoredConversion stored;
  static_cast<Conversion&>(stored) = read_conversion(row);
  stored.campaign = row.number_at<EntityNumber>(kAfterConversion);
  stored.offer = row.number_at<EntityNumber>(kAfterConversion + 1);
  stored.network = row.text_at(kAfterConversion + 2);
  return stored;
}

Result<std::unique_ptr<Reader>> SqliteReader::open(const SqliteOptions& options, const Clock& clock,
                                                   std::shared_ptr<SnapshotGate> gate,
                                                   std::shared_ptr<const std::atomic<bool>> foreign_ids) {
  auto database = Database::open(options.path, SQLITE_OPEN_READONLY, options.vfs);
  if (!database) return database.error();
  sqlite3_busy_timeout(database->handle(), static_cast<int>(options.reader_busy_timeout.count()));
  if (auto sized = database->run("PRAGMA query_only=ON; PRAGMA cache_size=-" + std::to_string(options.cache_kib / 4),
                                 Phase::reading);
      !sized) {
    return sized.error();
  }
  auto reader = std::make_unique<SqliteReader>(std::move(*database), clock, std::move(gate), std::move(foreign_ids));
  if (auto prepared = reader->database_.prepared(); !prepared) return prepared.error();
  return std::unique_ptr<Reader>(std::move(reader));
}

SqliteReader::SqliteReader(Database database, const Clock& clock, std::shared_ptr<SnapshotGate> gate,
                           std::shared_ptr<const std::atomic<bool>> foreign_ids)
    : clock_(clock),
      gate_(std::move(gate)),
      database_(std::move(database)),
      click_facts_(database_),
      click_(database_.prepare(std::string(kSelectClick) + "WHERE c.id = ?1")),
      conversion_(database_.prepare(by_id(stored_conversion_columns().c_str(), "conversion"))),
      postback_(database_.prepare(by_id(kPostbackColumns, "postback"))),
      audit_(database_.prepare(by_id(kAuditColumns, "audit"))),
      conversion_search_(database_),
      conversion_number_(database_.prepare("SELECT id FROM conversion WHERE click = ?1 AND number = ?2")),
      conversion_revisions_(database_.prepare(kSelectConversionRevisions)),
      next_release_(database_.prepare("SELECT min(hold_until_ms) FROM conversion WHERE hold_until_ms IS NOT NULL")),
      offer_counts_(database_.prepare(offer_counts_sql())),
      ctas_(database_.prepare(kSelectCtas)),
      foreign_ids_(std::move(foreign_ids)),
      left_by_(database_.prepare(left_by_sql())),
      foreign_clicks_(database_),
      outgoing_(database_) {}

/// A page, and how far it got.
template <class Row>
struct PageUnderWay {
  LogQuery rest;  ///< What is still to be looked at.
  std::chrono::milliseconds deadline;
  LogPage<Row> page = {};
  std::size_t bytes = 0;  ///< Of the rows' long texts.
  std::size_t work = 0;   ///< Since the last look at the clock.
  bool complete = false;  ///< Nothing is left to look at, or there may be no more in the page.

  /// Whether the page ends before another row, which there is.
  bool ends(const Clock& clock, bool look) const {
    const std::size_t limit = std::clamp<std::size_t>(rest.limit, 1, 1000);
    return page.rows.size() >= limit || bytes >= kMostPageBytes || (look && clock.steady() >= deadline);
  }
};

template <class Row, class Read>
Result<void> SqliteReader::look_at_rows(PageUnderWay<Row>& under_way, SearchTable table, Statement& row, Read read) {
  const LongRead long_read(*gate_);
  const Snapshot snapshot(database_);
  if (!snapshot.begun()) return snapshot.begun().error();
  auto search = prepare_search(database_, table, under_way.rest);
  if (!search) return search.error();
  auto& page = under_way.page;
  SnowflakeId& last = under_way.rest.oldest_first ? under_way.rest.after : under_way.rest.before;
  int code = search->step();
  for (; code == SQLITE_ROW; code = search->step()) {
    const bool look = under_way.work >= kWorkPerClockLook;
    if (under_way.ends(clock_, look)) {
      page.next = last;
      page.searched_to = snowflake_time(last);
      under_way.complete = true;
      return {};
    }
    if (look) {
      under_way.work = 0;
      if (long_read.asked_to_let_go()) return {};
    }
    ++under_way.work;
    last = search->id_at(0);
    if (search->integer_at(1) == 0) continue;
    under_way.work += kWorkOfReading;
    const ResetAtEnd reset(row);
    row.id(1, last);
    if (const int found = row.step(); found != SQLITE_ROW) return database_.error(found, Phase::reading);
    page.rows.push_back(read(row));
    under_way.bytes += long_texts(page.rows.back());
  }
  if (code != SQLITE_DONE) return database_.error(code, Phase::reading);
  page.searched_to = under_way.rest.oldest_first ? under_way.rest.to : under_way.rest.from.value_or(snowflake_time(0));
  under_way.complete = true;
  return {};
}

template <class Row, class Read>
Result<LogPage<Row>> SqliteReader::page(SearchTable table, Statement& row, const LogQuery& query, Read read) {
  PageUnderWay<Row> under_way{.rest = query, .deadline = clock_.steady() + query.budget};
  while (!under_way.complete) {
    if (const auto looked = look_at_rows(under_way, table, row, read); !looked) return looked.error();
  }
  return std::move(under_way.page);
}

Result<std::optional<ClickFacts>> SqliteReader::click_facts(SnowflakeId id) {
  std::optional<ClickFacts> found;
  if (const int code = click_facts_.find(id, found); code != SQLITE_OK) {
    return database_.error(code, Phase::reading);
  }
  return found;
}

Result<std::optional<StoredClick>> SqliteReader::click(SnowflakeId id) {
  const ResetAtEnd reset(click_);
  click_.id(1, id);
  const int code = click_.step();
  if (code == SQLITE_ROW) return std::optional(read_click(click_));
  if (code == SQLITE_DONE) return std::optional<StoredClick>{};
  return database_.error(code, Phase::reading);
}

Result<std::vector<StoredCta>> SqliteReader::ctas(SnowflakeId click, std::size_t limit) {
  const ResetAtEnd reset(ctas_);
  ctas_.id(1, click);
  ctas_.id(2, limit);
  std::vector<StoredCta> found;
  int code = ctas_.step();
  for (; code == SQLITE_ROW; code = ctas_.step()) found.push_back(read_cta(ctas_, click));
  if (code != SQLITE_DONE) return database_.error(code, Phase::reading);
  return found;
}

Result<Facts> SqliteReader::facts(const Reading& reading) {
  Facts facts;
  if (reading.refusal || reading.click_id.high == 0) return facts;
  const Snapshot snapshot(database_);
  if (!snapshot.begun()) return snapshot.begun().error();
  int code = click_facts_.find(reading.click_id.high, facts.click);
  if (code == SQLITE_OK && facts.click) settle_offer(reading, *facts.click);
  if (code == SQLITE_OK && facts.click) code = conversion_search_.look_up(reading, facts);
  if (code == SQLITE_OK) code = find_capped_counts(offer_counts_, reading, facts);
  if (code == SQLITE_OK && facts.click && needs_click_row(reading)) {
    auto row = click(facts.click->id);
    if (!row) return row.error();
    if (row->has_value()) facts.click->row = std::make_shared<const StoredClick>(std::move(**row));
  }
  if (code != SQLITE_OK) return database_.error(code, Phase::reading);
  return facts;
}

Result<LogPage<StoredClick>> SqliteReader::clicks(const LogQuery& query) {
  return page<StoredClick>(SearchTable::click, click_, query, read_click);
}

Result<LogPage<StoredConversion>> SqliteReader::conversions(const LogQuery& query) {
  return page<StoredConversion>(SearchTable::conversion, conversion_, query, read_stored_conversion);
}

Result<LogPage<StoredPostback>> SqliteReader::postbacks(const LogQuery& query) {
  return page<StoredPostback>(SearchTable::postback, postback_, query, read_postback);
}

Result<LogPage<Delivery>> SqliteReader::deliveries(const LogQuery& query) {
  return page<Delivery>(SearchTable::delivery, outgoing_.delivery, query, read_delivery);
}

Result<LogPage<AuditEntry>> SqliteReader::audit(const LogQuery& query) {
  return page<AuditEntry>(SearchTable::audit, audit_, query, read_audit_entry);
}

}  // namespace postback::sqlite
