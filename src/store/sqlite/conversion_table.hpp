// ConversionTable: conversions by identity, their current state and every state they had.
#pragma once

#include "postback/domain/conversion.hpp"
#include "store/sqlite/database.hpp"

#include <string_view>

namespace postback::sqlite {

/// The columns that `read_conversion` expects, in its order, the ID first.
inline constexpr const char* kConversionColumns =
    "id, click, number, event, txid, status, original_status, payout, amount, currency, reason, time_ms, updated_ms, "
    "revision, last_said, slot, offer, hold_until_ms, request_hash";
inline constexpr int kConversionColumnCount = 19;
Conversion read_conversion(const Statement& row);

/// The conversion (?1 click, ?2 number) whose newest revision was caused by the postback ?3. SQLITE_OK or an error
/// code.
std::string left_by_sql();
int find_left_by(Statement& statement, SnowflakeId click, std::uint32_t number, SnowflakeId postback,
                 std::optional<Conversion>& found);

/// What caused a revision, when it was not the postback alone.
inline constexpr std::string_view kCausedByHold = "hold";  ///< Its end.
inline constexpr std::string_view kCausedByCorrection = "correction";

/// Used by the store's thread. All return SQLITE_OK or an error code.
class ConversionTable {
 public:
  explicit ConversionTable(Database& database);

  /// Stores a new conversion, or the new state of one, with its revision caused by `postback` (0: by none).
  int store(const Conversion& conversion, bool creates, SnowflakeId postback, std::string_view cause = {});

 private:
  Statement insert_;
  Statement update_;
  Statement revision_;
};

}  // namespace postback::sqlite
