// ClickTable: appends click rows; the hot path of the store.
#pragma once

#include "postback/domain/click.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/user_agents.hpp"

#include <optional>

namespace postback::sqlite {

/// Used by the store's thread.
class ClickTable {
 public:
  explicit ClickTable(Database& database);

  /// Appends one click; only what is there is bound. SQLITE_OK or an error code.
  int append(const Click& click, UserAgents& agents);
  /// What the matcher needs of a click; empty when there is no such row. SQLITE_OK or an error code.
  int find(SnowflakeId id, std::optional<ClickFacts>& found);

 private:
  Statement insert_;
  Statement find_;
};

/// The statement and its reading that the writer and the readers share.
inline constexpr const char* kFindClickFacts =
    "SELECT campaign, coalesce((SELECT offer FROM cta WHERE click = ?1 ORDER BY number DESC LIMIT 1), offer), revision "
    "FROM click WHERE id = ?1";
int find_click_facts(Statement& statement, SnowflakeId id, std::optional<ClickFacts>& found);

}  // namespace postback::sqlite
