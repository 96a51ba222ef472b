// ImportTable: clicks of other trackers, and what of them is known by their own IDs.
#pragma once

#include "postback/store/import_item.hpp"
#include "store/sqlite/click_table.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/foreign_ids.hpp"
#include "store/sqlite/user_agents.hpp"

namespace postback::sqlite {

/// Used by the store's thread. All return SQLITE_OK or an error code.
class ImportTable {
 public:
  explicit ImportTable(Database& database);

  /// Appends the click unless it is known; fills its outcome and ID.
  int import(ImportedClick& imported, ClickTable& clicks, UserAgents& agents);

 private:
  int choose_id(ImportedClick& imported);
  int newest_at(TimeMs time, SnowflakeId& newest);
  int free_at(TimeMs time, SnowflakeId& id);

  ForeignIds foreign_ids_;
  Statement exists_;
  Statement newest_;
  Statement insert_;
  Statement step_back_;
};

}  // namespace postback::sqlite
