// ClickTable: appends click rows; the hot path of the store.
#pragma once

#include "postback/domain/click.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/user_agents.hpp"

#include <optional>

namespace postback::sqlite {

/// What the matcher needs of a click; shared by the writer and the readers, one for each connection.
class ClickFactsSearch {
 public:
  explicit ClickFactsSearch(Database& database);

  /// Empty when there is no such row. SQLITE_OK or an error code.
  int find(SnowflakeId id, std::optional<ClickFacts>& found);

 private:
  int find_ctas(ClickFacts& click);

  Statement click_;
  Statement ctas_;
};

/// Used by the store's thread.
class ClickTable {
 public:
  explicit ClickTable(Database& database);

  /// Appends one click; only what is there is bound. SQLITE_OK or an error code.
  int append(const Click& click, UserAgents& agents);
  /// What the matcher needs of a click; empty when there is no such row. SQLITE_OK or an error code.
  int find(SnowflakeId id, std::optional<ClickFacts>& found) { return facts_.find(id, found); }

 private:
  Statement insert_;
  ClickFactsSearch facts_;
};

}  // namespace postback::sqlite
