// SqliteReader: a read-only connection for one thread, with its statements prepared.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/store/reader.hpp"
#include "postback/store/sqlite.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <limits>
#include <memory>

namespace postback::sqlite {

struct IdBounds {
  SnowflakeId low = 0;                                          ///< Inclusive.
  SnowflakeId high = std::numeric_limits<std::int64_t>::max();  ///< Exclusive.
};

/// See Reader. No statement is left open on return, so no snapshot keeps the log from being emptied.
class SqliteReader final : public Reader {
 public:
  static Result<std::unique_ptr<Reader>> open(const SqliteOptions& options, const Clock& clock);
  SqliteReader(Database database, const Clock& clock);

  Result<std::optional<ClickFacts>> click_facts(SnowflakeId id) override;
  Result<std::optional<StoredClick>> click(SnowflakeId id) override;
  Result<LogPage<StoredClick>> clicks(const LogQuery& query) override;
  Result<LogPage<Conversion>> conversions(const LogQuery& query) override;
  Result<LogPage<StoredPostback>> postbacks(const LogQuery& query) override;
  Result<LogPage<AuditEntry>> audit(const LogQuery& query) override;
  Result<std::vector<Revision>> revisions(std::uint64_t before, std::size_t limit) override;
  Result<std::optional<Revision>> revision(std::uint64_t number) override;
  Result<std::vector<EntityDocument>> changed_in(std::uint64_t number) override;
  Result<std::vector<EntityDocument>> catalog_at(std::uint64_t number) override;

 private:
  /// Reads one page: `statement` gives rows newest first with their ID in column 0 within ?1 and ?2.
  template <class Row, class Wanted, class Read>
  Result<LogPage<Row>> page(Statement& statement, const LogQuery& query, const IdBounds& bounds, Wanted wanted,
                            Read read);

  const Clock& clock_;
  Database database_;
  Statement click_facts_;
  Statement click_;
  Statement clicks_;
  Statement conversions_;
  Statement conversions_of_click_;
  Statement postbacks_;
  Statement audit_;
};

}  // namespace postback::sqlite
