// ConversionTable: conversions by identity, their current state and every state they had.
#pragma once

#include "postback/domain/conversion.hpp"
#include "store/sqlite/database.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace postback::sqlite {

/// The columns that `read_conversion` expects, in its order, the ID first.
inline constexpr const char* kConversionColumns =
    "id, click, number, event, txid, status, original_status, payout, amount, currency, reason, time_ms, updated_ms, "
    "revision, last_said";
Conversion read_conversion(const Statement& row);

/// Statements and their reading that the writer and the readers share. They return SQLITE_OK or an error code.
std::string find_conversion_sql();
int find_conversion(Statement& statement, SnowflakeId click, std::string_view event, std::string_view txid,
                    std::optional<Conversion>& found);
/// The conversion (?1 click, ?2 number) whose newest revision was caused by the postback ?3.
std::string left_by_sql();
int find_left_by(Statement& statement, SnowflakeId click, std::uint32_t number, SnowflakeId postback,
                 std::optional<Conversion>& found);
inline constexpr const char* kCountConversions = "SELECT count(*) FROM conversion WHERE click = ?1";
int count_conversions(Statement& statement, SnowflakeId click, std::uint32_t& conversions);

/// Used by the store's thread. All return SQLITE_OK or an error code.
class ConversionTable {
 public:
  explicit ConversionTable(Database& database);

  int find(SnowflakeId click, std::string_view event, std::string_view txid, std::optional<Conversion>& found) {
    return find_conversion(find_, click, event, txid, found);
  }
  /// How many conversions the click has.
  int count(SnowflakeId click, std::uint32_t& conversions) { return count_conversions(count_, click, conversions); }
  /// Stores a new conversion, or the new state of one, with its revision caused by `postback`; `cause`: what else
  /// caused it, or nothing.
  int store(const Conversion& conversion, bool creates, SnowflakeId postback, std::string_view cause = {});

 private:
  Statement find_;
  Statement count_;
  Statement insert_;
  Statement update_;
  Statement revision_;
};

}  // namespace postback::sqlite
