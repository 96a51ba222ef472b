// WaitingTable: postbacks with an ID of ours whose click was not there.
#pragma once

#include "postback/domain/click_id.hpp"
#include "store/sqlite/database.hpp"

namespace postback::sqlite {

/// Used by the store's thread. All return SQLITE_OK or an error code.
class WaitingTable {
 public:
  explicit WaitingTable(Database& database)
      : add_(database.prepare("INSERT OR IGNORE INTO waiting (click, postback) VALUES (?1, ?2)")),
        remove_(database.prepare("DELETE FROM waiting WHERE click = ?1 AND postback = ?2")) {}

  int add(SnowflakeId click, SnowflakeId postback) { return run(add_, click, postback); }
  /// Does nothing if it does not wait.
  int remove(SnowflakeId click, SnowflakeId postback) { return run(remove_, click, postback); }

 private:
  static int run(Statement& statement, SnowflakeId click, SnowflakeId postback) {
    if (click == 0) return SQLITE_OK;
    statement.id(1, click);
    statement.id(2, postback);
    return statement.run();
  }

  Statement add_;
  Statement remove_;
};

}  // namespace postback::sqlite
