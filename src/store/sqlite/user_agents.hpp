// UserAgents: interns user agent texts, so that a click row carries a number.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/domain/click.hpp"
#include "store/sqlite/database.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postback::sqlite {

/// A bounded memory of the texts seen today. One not in it is appended as a new row; duplicates are harmless, so
/// nothing is ever looked up in the table. Used by the store's thread.
class UserAgents {
 public:
  explicit UserAgents(Database& database);

  void begin_batch(TimeMs now);
  /// Gives the number of the click's user agent, appending it, with what it says, when it is not remembered. SQLITE_OK
  /// or an error code.
  int find_or_append(const Click& click, std::int64_t& number);
  /// Forgets what was appended by a batch that was rolled back.
  void roll_back();

  static constexpr std::size_t kMostTexts = 65'536;
  static constexpr std::size_t kMostBytes = 32U << 20;

 private:
  void clear();
  sqlite3* handle_;
  Statement insert_;
  StringMap<std::int64_t> numbers_;
  std::vector<std::string_view> appended_;  ///< By the current batch; views of the map's keys.
  std::size_t bytes_ = 0;
  std::int64_t day_ = 0;
};

}  // namespace postback::sqlite
