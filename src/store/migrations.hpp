// The schema's migrations in order, embedded at build time from src/store/migrations/NNN_name.sql.
#pragma once

#include <string_view>
#include <vector>

namespace postback {

struct Migration {
  std::string_view name;  ///< `001_first`; its position in the list, from 1, is the schema version it leads to.
  std::string_view sql;
};

const std::vector<Migration>& migrations();

}  // namespace postback
