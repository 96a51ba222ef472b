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
    "body, shape, secure, repeats";
StoredPostback read_postback(const Statement& row);

/// Used by the store's thread.
class PostbackTable {
 public:
  explicit PostbackTable(Database& database);
  /// Appends the log row of a judged postback. SQLITE_OK or an error code.
  int append(const PostbackItem& item);

 private:
  Statement insert_;
};

}  // namespace postback::sqlite
