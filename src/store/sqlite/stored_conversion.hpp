// Rows of conversions as readers give them.
#pragma once

#include "postback/store/reader.hpp"
#include "store/sqlite/statement.hpp"

namespace postback::sqlite {

/// Reads the columns of a conversion, then those of its click and of the postback that created it.
StoredConversion read_stored_conversion(const Statement& row);

inline constexpr const char* kSelectConversionRevisions =
    "SELECT revision, postback, cause, time_ms, status, original_status, payout, amount, currency, reason "
    "FROM conversion_revision WHERE conversion = ?1 ORDER BY revision";

}  // namespace postback::sqlite
