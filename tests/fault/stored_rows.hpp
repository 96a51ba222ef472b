// StoredRows: what a database file holds, read past all of the server's own code, and its comparison with a ledger.
#pragma once

#include "ledger.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace postback::fault {

struct StoredConversion {
  std::uint64_t click = 0;
  std::int64_t number = 0;
  std::string event;
  std::string txid;
  std::int64_t revision = 0;   ///< As the conversion says.
  std::int64_t revisions = 0;  ///< Rows of its history.
  std::int64_t postbacks = 0;  ///< Log rows that its history names.
};

struct StoredRows {
  std::set<std::uint64_t> clicks;
  std::vector<StoredConversion> conversions;
  std::set<std::uint64_t> postbacks;
};

/// Reads with a connection that neither writes nor checkpoints; throws when the file cannot be read.
StoredRows read_rows(const std::string& path);

/// How many of the clicks and conversions told are not stored.
std::size_t missing(const Told& told, const StoredRows& rows);

/// Fails the test for everything told that is not stored, stored twice or inconsistent, and for every wrong answer.
void expect_kept(const Told& told, const StoredRows& rows);

}  // namespace postback::fault
