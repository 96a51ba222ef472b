// ConversionSearch: finds the conversions that a reading speaks of, for the writer and the readers alike.
#pragma once

#include "postback/domain/conversion_lookup.hpp"
#include "store/sqlite/database.hpp"

namespace postback::sqlite {

/// Used by one thread.
class ConversionSearch {
 public:
  explicit ConversionSearch(Database& database);

  /// Fills all but `click` (which must be set) and `offer_counts`. SQLITE_OK or an error code.
  int look_up(const Reading& reading, Facts& facts);

 private:
  int count(Facts& facts);
  int find_by_identity(const Reading& reading, Facts& facts);
  int find_by_claim(const Reading& reading, Facts& facts);
  int find_without_txid(const Reading& reading, Facts& facts);
  int find_same_request(const Reading& reading, Facts& facts);

  Statement count_;
  Statement by_identity_;
  Statement by_claim_;
  Statement newest_;
  Statement same_request_;          ///< The one of the click's conversions that a like request changed last.
  Statement same_earlier_request_;  ///< Whether a like request changed a conversion.
};

/// Notes which request made or changed a conversion, where time tells a resend. Used by the store's thread.
class ResendTable {
 public:
  explicit ResendTable(Database& database);
  int note(const Reading& reading, const Conversion& conversion);

 private:
  Statement insert_;
};

/// Notes who has a transaction ID, unless somebody has it already. Used by the store's thread.
class TxidClaims {
 public:
  explicit TxidClaims(Database& database);
  int claim(const TxidOwner& owner, const Conversion& conversion);

 private:
  Statement insert_;
};

}  // namespace postback::sqlite
