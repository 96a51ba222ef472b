// LogExport: pages through a log of a running server into one file.
#pragma once

#include "app/client/api_client.hpp"
#include "app/client/output_file.hpp"
#include "postback/base/result.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace postback {

/// What to ask for.
struct LogSelection {
  std::string log;      ///< `clicks`, `conversions`, `postbacks`, `deliveries` or `audit`.
  std::string filters;  ///< The query's further parameters, encoded: `&from=...&campaign=summer`.
  bool csv = true;      ///< Else NDJSON.
};

/// For one thread. A page is written whole or not at all, newest rows first.
class LogExport {
 public:
  /// Told after each page: the rows so far, and down to which time the log was searched.
  using Progress = std::function<void(std::uint64_t rows, const std::string& searched_to)>;

  LogExport(ApiClient& client, LogSelection selection) : client_(client), selection_(std::move(selection)) {}

  /// To the end of the log; the number of rows. Errors: those of asking and of writing.
  Result<std::uint64_t> write_to(OutputFile& file, const Progress& progress);

 private:
  Result<ClientAnswer> page(const std::string& cursor);
  Result<void> write_page(std::string_view page, OutputFile& file);
  std::uint64_t count_rows(std::string_view page) const;

  ApiClient& client_;
  const LogSelection selection_;
  std::string names_;  ///< The first line of a CSV, once it was written.
  std::uint64_t rows_ = 0;
};

}  // namespace postback
