// OtherConnection: a connection to a store's file beside the server's own, as the sqlite3 shell would be.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct sqlite3;

namespace postback {

/// It waits while the server writes. Whatever goes wrong throws std::runtime_error with SQLite's own words.
/// One thread at a time.
class OtherConnection {
 public:
  /// What the last connection to the file does with the log when it closes.
  enum class LogAtClose { written_back, left };

  /// Opens the file, which is made if it is missing.
  explicit OtherConnection(const std::string& path, LogAtClose log = LogAtClose::written_back);

  /// Runs all statements in `sql`.
  void execute(const std::string& sql) const;
  /// The rows of one query: every column as its bytes, and NULL as none.
  std::vector<std::vector<std::string>> rows(const std::string& query) const;
  /// The first column of a query that gives one row.
  std::int64_t number(const std::string& query) const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace postback
