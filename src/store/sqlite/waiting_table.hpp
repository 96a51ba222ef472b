// WaitingTable: postbacks with an ID of ours whose click was not there.
#pragma once

#include "postback/domain/click.hpp"
#include "postback/domain/postback.hpp"
#include "store/sqlite/database.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace postback::sqlite {

/// Used by the store's thread. All return SQLITE_OK or an error code.
class WaitingTable {
 public:
  /// Most of one click that have not authenticated: beyond them they are logged and wait no more.
  static constexpr std::int64_t kMostUnproved = 100;

  explicit WaitingTable(Database& database);

  int add(SnowflakeId click, SnowflakeId postback);
  /// One that is authenticated when its click is there: with what it proved so far.
  int add_unproved(SnowflakeId click, SnowflakeId postback, const std::vector<EntityNumber>& proved_to);
  /// Does nothing if it does not wait.
  int remove(SnowflakeId click, SnowflakeId postback);

 private:
  Statement add_;
  Statement add_unproved_;
  Statement remove_;
};

/// The column `proved_to`, which numbers it holds.
std::vector<EntityNumber> read_proved_to(std::string_view text);

}  // namespace postback::sqlite
