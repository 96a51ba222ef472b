// DeliveryValues: what the tokens of a destination's templates stand for in one delivery.
#pragma once

#include "domain/delivery_subject.hpp"
#include "domain/recorded_values.hpp"
#include "postback/domain/click_id.hpp"
#include "postback/domain/outgoing_template.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace postback {

/// The public form of a conversion's ID: `<click ID>-<n>`.
std::string conversion_id_text(SnowflakeId click, std::uint32_t number, const ClickIdKeys& keys);

/// Owns the texts that it makes; views the subject, destination and delivery.
///
/// {event} and {status} are the destination's words for them. Where there is no conversion, {event} is the trigger's
/// name, and {conversion_time} the time of what it tells of. {ip} is empty where only its hash was recorded.
class DeliveryValues {
 public:
  DeliveryValues(const Catalog& catalog, const Destination& destination, const Delivery& delivery,
                 const DeliverySubject& subject, const ClickIdKeys& keys, std::uint64_t random);
  DeliveryValues(const DeliveryValues&) = delete;
  DeliveryValues& operator=(const DeliveryValues&) = delete;

  const OutgoingValues& values() const { return values_; }
  /// Empties what visitor or network could write at will, whatever its length: sub-IDs, referrer, user agent, and
  /// parameters but those that hold one of the IDs.
  void leave_out_free_values();

 private:
  void set(OutgoingToken token, std::string text);
  void set_conversion(const Destination& destination, const Conversion& conversion, const ClickIdKeys& keys);

  Parameters with_ids(const Parameters* parameters) const;

  RecordedTexts recorded_;
  Parameters query_with_ids_;
  Parameters postback_with_ids_;
  std::array<std::string, kOutgoingTokenCount> texts_;
  OutgoingValues values_;
};

}  // namespace postback
