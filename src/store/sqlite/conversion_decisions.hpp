// ConversionDecisions: changes conversions without a postback, by time or by hand.
#pragma once

#include "postback/store/conversion_items.hpp"
#include "store/sqlite/conversion_table.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/outbox.hpp"

#include <string>

namespace postback::sqlite {

/// One conversion by its public ID: ?1 the click, ?2 the number.
std::string conversion_by_number_sql();

/// Used by the store's thread, inside its transaction. All return SQLITE_OK or an error code.
class ConversionDecisions {
 public:
  explicit ConversionDecisions(Database& database);
  /// Tells the outbox of each.
  int release(ReleaseItem& item, ConversionTable& conversions, Outbox& outbox, SnowflakeGenerator& ids);
  int correct(CorrectionItem& item, ConversionTable& conversions);

 private:
  Statement due_;
  Statement by_number_;
};

}  // namespace postback::sqlite
