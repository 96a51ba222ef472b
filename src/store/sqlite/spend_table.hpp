// SpendTable: the ledger of spend; rows are only ever added.
#pragma once

#include "postback/domain/snowflake.hpp"
#include "postback/store/spend.hpp"
#include "store/sqlite/database.hpp"

#include <vector>

namespace postback::sqlite {

/// Used by the store's thread, inside its transaction.
class SpendTable {
 public:
  explicit SpendTable(Database& database);
  /// Gives the entry its ID. SQLITE_OK or an error code.
  int append(SpendEntry& entry, SnowflakeGenerator& ids);

 private:
  Statement insert_;
};

/// Asked for rarely, so the statement is prepared at each call.
Result<std::vector<SpendEntry>> read_spend(Database& database, const SpendQuery& query);

}  // namespace postback::sqlite
