// ForeignIds: clicks of other trackers by the IDs that they have there.
#pragma once

#include "postback/domain/click_id.hpp"
#include "store/sqlite/database.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace postback::sqlite {

/// An ID that was forgotten is kept as a hash, under a key of the store, so that it still leads to its click. Used by
/// one thread. SQLITE_OK or an error code.
class ForeignIds {
 public:
  explicit ForeignIds(Database& database);

  /// `click`: 0 when there is none.
  int find(std::string_view foreign_id, SnowflakeId& click);
  /// Those of a click that are not forgotten.
  int of_click(SnowflakeId click, std::vector<std::string>& foreign_ids);
  /// Puts hashes in the place of a click's IDs.
  int forget(SnowflakeId click);

 private:
  int look_up(std::string_view foreign_id, SnowflakeId& click);
  std::string hash(std::string_view foreign_id) const;

  Statement find_;
  Statement of_click_;
  Statement replace_;
  std::string key_;
};

}  // namespace postback::sqlite
