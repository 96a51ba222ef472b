// ForgottenReasons: takes out of conversions what a network or an operator said about them in words.
#pragma once

#include "postback/domain/click_id.hpp"
#include "store/sqlite/database.hpp"

#include <string_view>

namespace postback::sqlite {

/// Used by the store's thread. SQLITE_OK or an error code.
class ForgottenReasons {
 public:
  explicit ForgottenReasons(Database& database);

  /// Every reason of the click's conversions.
  int of_click(SnowflakeId click);
  /// The reason that a postback gave, in all states of its conversion.
  int of_postback(SnowflakeId postback);

 private:
  int forget(SnowflakeId conversion, std::string_view last_said, std::string_view reason);

  Statement of_click_;
  Statement of_postback_;
  Statement revisions_;
  Statement conversion_;
};

}  // namespace postback::sqlite
