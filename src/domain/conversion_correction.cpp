// Corrections by hand, and the end of a hold.
#include "postback/domain/conversion_correction.hpp"

namespace postback {

bool correct(const ConversionCorrection& correction, TimeMs now, Conversion& conversion) {
  Conversion corrected = conversion;
  if (correction.status) {
    corrected.status = *correction.status;
    corrected.hold_until.reset();
  }
  if (correction.payout) corrected.payout = *correction.payout;
  if (correction.amount) corrected.amount = *correction.amount;
  if (correction.reason) corrected.reason = *correction.reason;
  const bool differs = corrected.status != conversion.status || corrected.hold_until != conversion.hold_until ||
                       corrected.payout != conversion.payout || corrected.amount != conversion.amount ||
                       corrected.reason != conversion.reason;
  if (!differs) return false;
  corrected.updated = now;
  ++corrected.revision;
  conversion = corrected;
  return true;
}

void release(TimeMs now, Conversion& conversion) {
  conversion.status = ConversionStatus::approved;
  conversion.hold_until.reset();
  conversion.updated = now;
  ++conversion.revision;
}

}  // namespace postback
