// Forgetting: takes out of clicks, postbacks and deliveries whom they are about.
#pragma once

#include "postback/store/forget_item.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/foreign_ids.hpp"
#include "store/sqlite/forgotten_reasons.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace postback::sqlite {

/// Used by the store's thread. All return SQLITE_OK or an error code.
class Forgetting {
 public:
  explicit Forgetting(Database& database);

  /// One step.
  int forget(ForgetItem& item);
  /// The transaction was rolled back.
  void roll_back() { nameless_.clear(); }

 private:
  int forget_old(ForgetItem& item);
  int forget_click(SnowflakeId row, ForgetItem& item);
  int empty_postback(SnowflakeId row, ForgetItem& item);
  int forget_postback(SnowflakeId row, ForgetItem& item);
  int forget_delivery(SnowflakeId row, ForgetItem& item);
  int forget_row(SnowflakeId row, ForgetItem& item);
  int nameless_agent(std::int64_t agent, std::int64_t& nameless);
  int read_progress(ForgetTable table, SnowflakeId& progress);
  int write_progress(ForgetTable table, SnowflakeId progress);

  sqlite3* handle_;
  Statement old_clicks_;
  Statement old_postbacks_;
  Statement old_deliveries_;
  Statement click_;
  Statement empty_click_;
  Statement agent_;
  Statement insert_agent_;
  Statement postback_;
  Statement empty_postback_;
  Statement stop_waiting_;
  Statement empty_delivery_;
  Statement empty_occurrence_;
  Statement empty_attempts_;
  Statement progress_;
  Statement set_progress_;
  ForeignIds foreign_ids_;
  ForgottenReasons reasons_;
  std::map<std::string, std::int64_t> nameless_;  ///< User agents without a text, by what they say.
};

/// Where `meta` keeps how far retention has come: the ID of the newest row that was old enough.
inline constexpr const char* kForgottenTo = "SELECT value FROM meta WHERE key = ?1";
const char* forgotten_key(ForgetTable table);

}  // namespace postback::sqlite
