// Outbox: from what destinations may be told of to deliveries, their attempts, and what operators do to them.
#pragma once

#include "postback/store/delivery_items.hpp"
#include "postback/store/visit_items.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/delivery_table.hpp"
#include "store/sqlite/occurrence_table.hpp"

#include <optional>

namespace postback::sqlite {

/// Used by the store's thread, inside its transaction. All but `begin_batch` and `written` return SQLITE_OK or an error
/// code.
class Outbox {
 public:
  explicit Outbox(Database& database);

  void begin_batch() { occurrences_.begin_batch(); }
  /// Whether this batch wrote occurrences.
  bool written() const { return occurrences_.written(); }

  int tell(const Click& click, SnowflakeGenerator& ids);
  /// The CTA that was appended last for its click.
  int tell(const Cta& cta, SnowflakeGenerator& ids);
  int tell(const ImpressionItem& item, SnowflakeGenerator& ids);
  /// A conversion as it was stored. `before`: its status until then; nothing: it is new. The same status tells nothing.
  int tell(const Conversion& conversion, std::optional<ConversionStatus> before, TimeMs now, SnowflakeGenerator& ids);
  /// The status that a stored conversion has; nothing if there is none with this ID.
  int find_status(SnowflakeId conversion, std::optional<ConversionStatus>& status);

  int plan(PlanItem& item, SnowflakeGenerator& ids);
  int note(AttemptItem& item);
  int change(DeliveryChangeItem& item, SnowflakeGenerator& ids);
  int set_state(const DestinationStateItem& item);

 private:
  int change_one(DeliveryChangeItem& item, SnowflakeId delivery, SnowflakeGenerator& ids);

  OccurrenceTable occurrences_;
  DeliveryTable deliveries_;
  Statement newest_cta_;
  Statement status_;
  Statement remainder_;
  Statement state_;
};

}  // namespace postback::sqlite
