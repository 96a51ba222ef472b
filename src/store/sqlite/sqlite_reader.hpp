// SqliteReader: a read-only connection for one thread, with its statements prepared.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/store/reader.hpp"
#include "postback/store/sqlite.hpp"
#include "store/sqlite/database.hpp"

#include <memory>

namespace postback::sqlite {

/// See Reader. No statement is left open on return, so no snapshot keeps the log from being emptied.
class SqliteReader final : public Reader {
 public:
  static Result<std::unique_ptr<Reader>> open(const SqliteOptions& options, const Clock& clock);
  SqliteReader(Database database, const Clock& clock);

  Result<std::optional<ClickFacts>> click_facts(SnowflakeId id) override;
  Result<Facts> facts(const Reading& reading) override;
  Result<std::optional<StoredClick>> click(SnowflakeId id) override;
  Result<LogPage<StoredClick>> clicks(const LogQuery& query) override;
  Result<LogPage<Conversion>> conversions(const LogQuery& query) override;
  Result<LogPage<StoredPostback>> postbacks(const LogQuery& query) override;

 private:
  /// Reads one page: `search` is a statement of prepare_search, `row` finds the whole row by its ID.
  template <class Row, class Read>
  Result<LogPage<Row>> page(Statement& search, Statement& row, const LogQuery& query, Read read);

  const Clock& clock_;
  Database database_;
  Statement click_facts_;
  Statement click_;
  Statement conversion_;
  Statement postback_;
  Statement find_conversion_;
  Statement count_conversions_;
};

}  // namespace postback::sqlite
