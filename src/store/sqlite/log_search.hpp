// A search through a log's table: which columns can be filtered on, and the statement that tells which rows match.
#pragma once

#include "postback/store/log_query.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <string_view>

namespace postback::sqlite {

/// What a conversion takes from its click, and from the postback that created it and gave it its ID.
inline constexpr const char* kCampaignOfConversion = "(SELECT campaign FROM click WHERE click.id = conversion.click)";
inline constexpr const char* kOfferOfConversion =
    "coalesce(conversion.offer, (SELECT offer FROM click WHERE click.id = conversion.click))";
inline constexpr const char* kNetworkOfConversion = "(SELECT network FROM postback WHERE postback.id = conversion.id)";

/// The tables that are logs.
enum class SearchTable : std::uint8_t { click, conversion, postback, audit, delivery };

/// Prepares and binds a statement that gives, in the query's order, each row's ID (column 0) and whether it matches
/// (column 1), within the bounds of the query. A condition is part of the result rather than of WHERE, so that the
/// caller can look at the clock however few rows match; and nothing but the filtered columns is decoded. `query` must
/// outlive the statement. Error: invalid_argument for a column that the table has not.
Result<Statement> prepare_search(Database& database, SearchTable table, const LogQuery& query);

}  // namespace postback::sqlite
