// Asks for page after page until the server names no next one.
#include "app/commands/log_export.hpp"

#include <algorithm>

namespace postback {
namespace {

/// Rows of a page: the most that the API gives.
constexpr const char* kPageRows = "1000";

}  // namespace

/// RFC 4180: a line end within quotes is part of a value.
std::uint64_t LogExport::count_rows(std::string_view page) const {
  bool quoted = false;
  std::uint64_t rows = 0;
  for (const char c : page) {
    if (c == '"' && selection_.csv) quoted = !quoted;
    if (c == '\n' && !quoted) ++rows;
  }
  return rows;
}

Result<ClientAnswer> LogExport::page(const std::string& cursor) {
  const auto target = "/api/v1/" + selection_.log + "?format=" + (selection_.csv ? "csv" : "ndjson") +
                      "&limit=" + kPageRows + selection_.filters + (cursor.empty() ? "" : "&cursor=" + cursor);
  return client_.ask("GET", target);
}

Result<void> LogExport::write_page(std::string_view page, OutputFile& file) {
  if (selection_.csv) {
    const auto end = std::min(page.find('\n'), page.size() - 1) + 1;
    const auto names = page.substr(0, end);
    if (names_.empty()) {
      if (auto written = file.write(names); !written) return written;
      names_ = names;
    } else if (names_ != names) {
      return Error{ErrorCode::io_failed,
                   "the columns changed in the middle of the log: was the server replaced meanwhile? Export again"};
    }
    page.remove_prefix(end);
  }
  rows_ += count_rows(page);
  return file.write(page);
}

Result<std::uint64_t> LogExport::write_to(OutputFile& file, const Progress& progress) {
  std::string cursor;
  for (;;) {
    const auto answer = page(cursor);
    if (!answer) return answer.error();
    const auto type = answer->header("Content-Type").value_or("");
    if (!type.starts_with(selection_.csv ? "text/csv" : "application/x-ndjson")) {
      return Error{ErrorCode::io_failed, client_.access().url + " answered with \"" + std::string(type) +
                                             "\" instead of a log: is it an older version?"};
    }
    if (!answer->body.empty()) {
      if (const auto written = write_page(answer->body, file); !written) return written.error();
    }
    progress(rows_, std::string(answer->header("Postbackd-Searched-To").value_or("")));
    const auto next = answer->header("Postbackd-Next");
    if (!next) return rows_;
    if (*next == cursor) return Error{ErrorCode::io_failed, "the server gives the same page again and again"};
    cursor = *next;
  }
}

}  // namespace postback
