// DeliveryStatements: what a reader prepares for the outbox and the deliveries.
#pragma once

#include "store/sqlite/database.hpp"

namespace postback::sqlite {

/// Of one reader. The comment of each: its parameters.
struct DeliveryStatements {
  explicit DeliveryStatements(Database& database);

  Statement occurrences;  ///< ?1 after, ?2 limit.
  Statement conversion;   ///< ?1 conversion, ?2 revision: what that revision left, behind the conversion's columns.
  Statement request;      ///< ?1 conversion, ?2 revision: the newest postback that changed it up to there.
  Statement cta_offer;    ///< ?1 click, ?2 number.
  Statement told;         ///< ?1 conversion, ?2 destination.
  Statement states;
  Statement pending;  ///< ?1 destination: the next one behind it with pending deliveries, and when its first is due.
  Statement pending_count;
  Statement due;       ///< ?1 destination, ?2 now, ?3 and ?4 the cursor, ?5 limit.
  Statement next_due;  ///< ?1 destination, ?2 and ?3 the cursor.
  Statement delivery;  ///< ?1 ID.
  Statement attempts;  ///< ?1 delivery.
};

}  // namespace postback::sqlite
