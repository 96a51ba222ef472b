// Puts the offer's status in the place of the browser's.
#include "domain/browser_status.hpp"

namespace postback {

void take_status_of_offer(const Offer* offer, Reading& reading) {
  const bool set = offer != nullptr && offer->browser_conversions.has_value();
  reading.status = set ? *offer->browser_conversions : ConversionStatus::pending;
  reading.status_unknown = false;
  reading.original_status.clear();
}

}  // namespace postback
