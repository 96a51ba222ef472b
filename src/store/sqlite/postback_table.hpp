// PostbackTable: the log of incoming postbacks.
#pragma once

#include "postback/store/items.hpp"
#include "postback/store/reader.hpp"
#include "store/sqlite/database.hpp"

namespace postback::sqlite {

/// The columns that `read_postback` expects, in its order: ID, then what is filtered on, the long texts last.
inline constexpr const char* kPostbackColumns =
    "id, code, click, time_ms, conversion_number, network, result, http_status, authentication, method, peer, event, "
    "txid, "
    "payout, amount, currency, status, original_status, revision, message, evidence, fix, warnings, target, headers, "
    "body, shape, secure, judged_ms, first_code, repeats";
StoredPostback read_postback(const Statement& row);

/// What became so far of a postback that is to be judged again.
struct LoggedOutcome {
  bool found = false;
  std::string code;
  std::string result;
  SnowflakeId click = 0;
  std::uint32_t conversion_number = 0;
  std::string status;
};

/// Used by the store's thread.
class PostbackTable {
 public:
  explicit PostbackTable(Database& database);
  /// Appends the log row of a judged postback. SQLITE_OK or an error code.
  int append(const PostbackItem& item);
  /// The outcome of the logged postback `id`.
  int find(SnowflakeId id, LoggedOutcome& outcome);
  /// Puts a new verdict in the place of the old one; what arrived, when, and what was answered stay as they are.
  int update(const PostbackItem& item, TimeMs now);

 private:
  Statement insert_;
  Statement find_;
  Statement update_;
};

}  // namespace postback::sqlite
