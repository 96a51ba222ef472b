// Is this file our database? Looked at before SQLite opens it, since opening may already change it.
#pragma once

#include "postback/base/result.hpp"

#include <cstdint>
#include <string>

namespace postback::sqlite {

/// `pbkd`: at offset 68 of every file of ours (SQLite file format, application_id).
inline constexpr std::uint32_t kApplicationId = 0x70626B64;

/// Reads the first 100 bytes. True: there is no database yet (no file, or an empty one). Errors: store_corrupt (not
/// SQLite's, or another program's), store_schema_newer, io_failed.
Result<bool> is_new_database(const std::string& path, std::int64_t newest_schema);

Error newer_schema(const std::string& path, std::int64_t found, std::int64_t newest_schema);

/// Looks for damage in the middle of `<path>-wal`, which SQLite takes for the log's end, silently dropping every later
/// commit. With synchronous=FULL a commit is durable before the next one is written; so a whole commit that stands
/// after a damaged one proves that the damage came later. Error: store_corrupt, naming the file and what to do;
/// io_failed.
Result<void> check_write_ahead_log(const std::string& path);

}  // namespace postback::sqlite
