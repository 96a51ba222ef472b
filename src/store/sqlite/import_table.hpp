// ImportTable: clicks of other trackers, and what of them is known by their own IDs.
#pragma once

#include "postback/store/import_item.hpp"
#include "store/sqlite/click_table.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/user_agents.hpp"

namespace postback::sqlite {

/// Used by the store's thread. All return SQLITE_OK or an error code.
class ImportTable {
 public:
  explicit ImportTable(Database& database);

  /// Appends the click unless it is known; fills its outcome and ID.
  int import(ImportedClick& imported, ClickTable& clicks, UserAgents& agents);

 private:
  int find(std::string_view foreign_id, SnowflakeId& click);
  int choose_id(ImportedClick& imported);
  int newest_at(TimeMs time, SnowflakeId& newest);

  Statement find_;
  Statement exists_;
  Statement newest_;
  Statement insert_;
  Statement step_back_;
};

/// The statement and its reading that the writer and the readers share.
inline constexpr const char* kFindForeignClick = "SELECT click FROM foreign_click WHERE foreign_id = ?1";
int find_foreign_click(Statement& statement, std::string_view foreign_id, SnowflakeId& click);

}  // namespace postback::sqlite
