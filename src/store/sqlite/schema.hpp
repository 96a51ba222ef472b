// Schema: brings a database to the newest migration and looks whether it is sound.
#pragma once

#include "postback/base/result.hpp"
#include "postback/domain/catalog.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace postback::sqlite {

/// Sets what only an empty database can be given: page size, application ID. Nothing when there already is a table.
Result<void> mark_as_ours(Database& database);

/// Runs the migrations that the database lacks, each in a transaction of its own. Errors: store_schema_newer and all of
/// writing.
Result<void> migrate(Database& database);

/// Whether the store was closed in order the last time, or never opened. False for an existing store without that mark.
Result<bool> stopped_cleanly(Database& database);
/// From now on the store counts as open.
Result<void> begin_session(Database& database);
/// Says that the store was closed in order.
Result<void> end_session(Database& database);

/// All entities ordered by kind and ID; `revision` becomes the newest of the catalog. Errors of reading.
Result<std::vector<EntityDocument>> read_catalog(Database& database, std::uint64_t& revision);

/// PRAGMA quick_check. Error: store_corrupt with its first finding.
Result<void> quick_check(Database& database);

}  // namespace postback::sqlite
