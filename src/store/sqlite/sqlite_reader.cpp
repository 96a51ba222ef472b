// SqliteReader: single clicks, and pages of the logs within a time budget.
#include "store/sqlite/sqlite_reader.hpp"

#include "store/sqlite/click_table.hpp"
#include "store/sqlite/conversion_table.hpp"
#include "store/sqlite/operator_tables.hpp"
#include "store/sqlite/postback_table.hpp"

#include <algorithm>
#include <limits>

namespace postback::sqlite {
namespace {

constexpr const char* kSelectClick =
    "SELECT c.id, c.campaign, c.offer, c.source, c.path, c.revision, c.cost, c.cost_currency, c.external_id, "
    "c.external_name, "
    "c.sub1, c.sub2, c.sub3, c.sub4, c.sub5, c.sub6, c.sub7, c.sub8, c.sub9, c.sub10, c.sub11, c.sub12, c.sub13, "
    "c.sub14, "
    "c.sub15, c.sub16, c.sub17, c.sub18, c.sub19, c.sub20, c.extra, c.ip, u.text, c.referrer, c.language "
    "FROM click c LEFT JOIN user_agent u ON u.id = c.user_agent ";
constexpr const char* kNewestFirst = "WHERE id >= ?1 AND id < ?2 ORDER BY id DESC";
/// How many rows are looked at between two looks at the clock.
constexpr unsigned kRowsPerClockLook = 256;

std::string select(const char* columns, const char* table) {
  return std::string("SELECT ") + columns + " FROM " + table + " " + kNewestFirst;
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
  return click;
}

/// The smallest ID of a time, within what IDs can express.
SnowflakeId first_id_of(TimeMs time) {
  constexpr std::int64_t kLastMs = (std::int64_t{1} << 41) - 1;
  const std::int64_t since = time.time_since_epoch().count() - kSnowflakeEpochMs;
  if (since > kLastMs) return std::numeric_limits<std::int64_t>::max();
  return make_snowflake(TimeMs{std::chrono::milliseconds{std::max<std::int64_t>(since, 0) + kSnowflakeEpochMs}}, 0, 0);
}

constexpr auto kEveryRow = [](const Statement&) { return true; };

IdBounds bounds_of(const LogQuery& query) {
  IdBounds bounds;
  if (query.from) bounds.low = first_id_of(*query.from);
  if (query.to) bounds.high = first_id_of(*query.to);
  if (query.before != 0) bounds.high = std::min(bounds.high, query.before);
  return bounds;
}

}  // namespace

Result<std::unique_ptr<Reader>> SqliteReader::open(const SqliteOptions& options, const Clock& clock) {
  auto database = Database::open(options.path, SQLITE_OPEN_READONLY, options.vfs);
  if (!database) return database.error();
  sqlite3_busy_timeout(database->handle(), static_cast<int>(options.reader_busy_timeout.count()));
  if (auto sized = database->run("PRAGMA query_only=ON; PRAGMA cache_size=-" + std::to_string(options.cache_kib / 4),
                                 Phase::reading);
      !sized) {
    return sized.error();
  }
  auto reader = std::make_unique<SqliteReader>(std::move(*database), clock);
  if (auto prepared = reader->database_.prepared(); !prepared) return prepared.error();
  return std::unique_ptr<Reader>(std::move(reader));
}

SqliteReader::SqliteReader(Database database, const Clock& clock)
    : clock_(clock),
      database_(std::move(database)),
      click_facts_(database_.prepare(kFindClickFacts)),
      click_(database_.prepare(std::string(kSelectClick) + "WHERE c.id = ?1")),
      clicks_(database_.prepare(std::string(kSelectClick) + "WHERE c.id >= ?1 AND c.id < ?2 ORDER BY c.id DESC")),
      conversions_(database_.prepare(select(kConversionColumns, "conversion"))),
      conversions_of_click_(database_.prepare(std::string("SELECT ") + kConversionColumns +
                                              " FROM conversion INDEXED BY conversion_identity "
                                              "WHERE click = ?3 AND id >= ?1 AND id < ?2 ORDER BY id DESC")),
      postbacks_(database_.prepare(select(kPostbackColumns, "postback"))),
      audit_(database_.prepare(select(kAuditColumns, "audit"))) {}

template <class Row, class Wanted, class Read>
Result<LogPage<Row>> SqliteReader::page(Statement& statement, const LogQuery& query, const IdBounds& bounds,
                                        Wanted wanted, Read read) {
  const ResetAtEnd reset(statement);
  statement.id(1, bounds.low);
  statement.id(2, bounds.high);
  const auto deadline = clock_.steady() + query.budget;
  const std::size_t limit = std::clamp<std::size_t>(query.limit, 1, 1000);
  LogPage<Row> page;
  SnowflakeId last = 0;
  int code = statement.step();
  for (unsigned looked_at = 0; code == SQLITE_ROW; code = statement.step()) {
    // Another row after a full page, or after the budget was used up: the page ends before it.
    const bool look = looked_at > 0 && looked_at % kRowsPerClockLook == 0;
    if (page.rows.size() >= limit || (look && clock_.steady() >= deadline)) {
      page.next = last;
      page.searched_to = snowflake_time(last);
      return page;
    }
    ++looked_at;
    last = statement.id_at(0);
    if (wanted(statement)) page.rows.push_back(read(statement));
  }
  if (code != SQLITE_DONE) return database_.error(code, Phase::reading);
  page.searched_to = query.from.value_or(snowflake_time(0));
  return page;
}

Result<std::optional<ClickFacts>> SqliteReader::click_facts(SnowflakeId id) {
  std::optional<ClickFacts> found;
  if (const int code = find_click_facts(click_facts_, id, found); code != SQLITE_OK) {
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

Result<LogPage<StoredClick>> SqliteReader::clicks(const LogQuery& query) {
  IdBounds bounds = bounds_of(query);
  if (query.click != 0) bounds = {std::max(bounds.low, query.click), std::min(bounds.high, query.click + 1)};
  return page<StoredClick>(clicks_, query, bounds, kEveryRow, read_click);
}

Result<LogPage<Conversion>> SqliteReader::conversions(const LogQuery& query) {
  if (query.click == 0) return page<Conversion>(conversions_, query, bounds_of(query), kEveryRow, read_conversion);
  conversions_of_click_.id(3, query.click);
  return page<Conversion>(conversions_of_click_, query, bounds_of(query), kEveryRow, read_conversion);
}

Result<LogPage<StoredPostback>> SqliteReader::postbacks(const LogQuery& query) {
  const auto wanted = [&](const Statement& row) {
    return (query.code.empty() || row.view_at(kPostbackCodeColumn) == query.code) &&
           (query.click == 0 || row.id_at(kPostbackClickColumn) == query.click);
  };
  return page<StoredPostback>(postbacks_, query, bounds_of(query), wanted, read_postback);
}

Result<LogPage<AuditEntry>> SqliteReader::audit(const LogQuery& query) {
  return page<AuditEntry>(audit_, query, bounds_of(query), kEveryRow, read_audit_entry);
}

}  // namespace postback::sqlite
